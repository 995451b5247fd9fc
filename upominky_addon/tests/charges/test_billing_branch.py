"""SPEC rules 4 and 39: a branch bills interest by journals, accounts and taxes of its parents."""

from datetime import date

from odoo import Command
from odoo.exceptions import UserError
from odoo.tools.safe_eval import safe_eval

from ..interest_case import BillingCase

DUE = date(2026, 3, 31)


class TestBillingOfBranch(BillingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.env["res.company"].create(
            {"name": "Pobočka Brno", "parent_id": cls.company.id}
        )
        cls.env["account.chart.template"].try_loading("cz", cls.branch, install_demo=False)
        cls.env.user.company_ids = [Command.link(cls.branch.id)]
        cls.journal = cls.company_data["default_journal_sale"].copy({"code": "URO"})
        cls.account = cls.company_data["default_account_revenue"].copy()
        cls.tax = cls.company_data["default_tax_sale"].copy({"name": "Úrok"})

    def settings_of(self, company):
        pages = self.env["upominky.settings"].with_company(company)
        return pages.browse(pages.action_open()["res_id"])

    def offered(self, model, name, record):
        """Return what is offered for a field of a form."""
        domain = self.env[model].fields_get([name])[name]["domain"]
        company = record if model == "res.company" else record.company_id
        found = safe_eval(domain, {"id": record.id, "company_id": company.id})
        return self.env[self.env[model]._fields[name].comodel_name].search(found)

    def test_rule_39_a_branch_is_offered_what_its_parents_have(self):
        settings = self.settings_of(self.branch)
        for name, wanted in (
            ("interest_journal_id", self.journal),
            ("interest_account_id", self.account),
            ("interest_tax_ids", self.tax),
        ):
            with self.subTest(name):
                self.assertIn(wanted, self.offered("upominky.settings", name, settings))
                offered = self.offered("res.company", f"upominky_{name}", self.branch)
                self.assertIn(wanted, offered)

    def test_rule_39_settings_are_opened_again_with_what_was_chosen(self):
        settings = self.settings_of(self.branch)
        settings.interest_journal_id = self.journal
        settings.interest_account_id = self.account
        settings.interest_tax_ids = self.tax
        again = self.settings_of(self.branch)
        self.assertNotEqual(again, settings)
        self.env.flush_all()
        self.assertEqual(again.interest_journal_id, self.journal)
        self.assertEqual(again.interest_account_id, self.account)
        self.assertEqual(again.interest_tax_ids, self.tax)

    def test_rule_39_a_branch_bills_by_what_its_parent_has(self):
        settings = self.settings_of(self.branch)
        settings.interest_journal_id = self.journal
        settings.interest_account_id = self.account
        settings.interest_tax_ids = self.tax
        self.assertEqual(self.branch.upominky_interest_journal_id, self.journal)
        line = Command.create({"name": "Přeprava", "price_unit": 10_000, "tax_ids": False})
        values = {"move_type": "out_invoice", "partner_id": self.customer.id}
        dates = {"invoice_date": DUE, "invoice_date_due": DUE}
        moves = self.env["account.move"].with_company(self.branch)
        move = moves.create({**values, **dates, "invoice_line_ids": [line]})
        move.action_post()
        self.assertEqual(move.company_id, self.branch)
        bill = self.bill(move)
        self.assertEqual((bill.company_id, bill.journal_id), (self.branch, self.journal))
        line = bill.invoice_line_ids
        self.assertEqual((line.account_id, line.tax_ids), (self.account, self.tax))

    def test_rule_29_another_companys_are_refused(self):
        other = self.setup_other_company(name="Cizí firma a.s.")
        settings = self.settings_of(self.branch)
        for name, wrong in (
            ("interest_journal_id", other["default_journal_sale"]),
            ("interest_account_id", other["default_account_revenue"]),
            ("interest_tax_ids", other["default_tax_sale"]),
        ):
            with self.subTest(name), self.assertRaises(UserError), self.env.cr.savepoint():
                settings[name] = wrong
                settings.flush_recordset()
