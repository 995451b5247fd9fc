"""Reminders of a company and of its branch stay apart, from the jobs to the replies (rule 29)."""

from datetime import timedelta

from odoo import Command
from odoo.tests import new_test_user, tagged

from ..common import TODAY, smtp_inbox
from ..rights import USER, RightsCommon

LATER = TODAY + timedelta(days=9)
FAMILY = ("ours", "branch")


@tagged("post_install", "-at_install", "upominky_addon")
class TestRightsBranches(RightsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.companies["branch"].email = "brno@dopravce.example"
        cls.debtor = cls.new_customer("Dlužník s.r.o.", "dluznik@odberatel.example")

    def owe(self, name, amount, days=20, **values):
        company = self.companies[name]
        env = self.env(context={**self.env.context, "allowed_company_ids": company.ids})
        return self._move(env, amount, days, partner_id=self.debtor.id, **values)

    def issued(self):
        with self.on(TODAY):
            self.run_job("cron_generate")
        domain = [("partner_id", "=", self.debtor.id)]
        found = self.env["upominky.reminder"].sudo().search(domain)
        return {
            name: found.filtered(lambda r, c=company: r.company_id == c)
            for name, company in self.companies.items()
        }

    def test_rule_09_each_company_reminds_of_its_own_invoices_alone(self):
        for amount, name in enumerate(FAMILY, 1):
            self.owe(name, amount * 1000.0)
        issued = self.issued()
        for amount, name in enumerate(FAMILY, 1):
            reminder, company = issued[name], self.companies[name]
            with self.subTest(company=name):
                self.assertEqual(len(reminder), 1)
                self.assertEqual(reminder.currency_totals, {"CZK": amount * 1000.0})
                for owned in (
                    reminder.line_ids,
                    reminder.line_ids.move_id,
                    reminder.rule_id,
                    reminder.level_id,
                    reminder.run_id,
                ):
                    self.assertEqual(owned.company_id, company)
        self.assertFalse(issued["other"])

    def test_rule_13_a_credit_of_the_one_is_not_deducted_by_the_other(self):
        for name in FAMILY:
            self.owe(name, 1000.0)
        self.owe("branch", 300.0, move_type="out_refund")
        issued = self.issued()
        self.assertEqual(issued["ours"].currency_totals, {"CZK": 1000.0})
        self.assertFalse(issued["ours"].credit_ids)
        self.assertEqual(issued["branch"].currency_totals, {"CZK": 700.0})
        self.assertEqual(issued["branch"].credit_ids.company_id, self.companies["branch"])

    def test_rule_16_the_mode_of_the_one_is_not_that_of_the_other(self):
        for name in FAMILY:
            self.owe(name, 1000.0)
        self.companies["branch"].upominky_mode = "off"
        issued = self.issued()
        self.assertEqual((len(issued["ours"]), len(issued["branch"])), (1, 0))

    def test_rule_26_what_happened_in_the_branch_moves_no_date_or_level_of_the_parent(self):
        ours, theirs = (self.owe(name, 1000.0) for name in FAMILY)
        with self.on(TODAY):
            before = ours.read(["upominky_next_date", "upominky_level", "upominky_explanation"])
            generate = self.env["upominky.generate"].sudo()
            generate = generate.with_company(self.companies["branch"])
            items = theirs.line_ids.filtered(lambda i: i.account_type == "asset_receivable")
            generate._issue_by_hand(self.companies["branch"], self.debtor.ids, items.ids)
            self.env.invalidate_all()
            self.assertEqual(theirs.upominky_level, 1)
            after = ours.read(["upominky_next_date", "upominky_level", "upominky_explanation"])
        self.assertEqual(after, before)

    def test_rule_29_mails_are_those_of_the_company_and_name_no_other(self):
        amounts = {"ours": 1111.0, "branch": 2222.0}
        for name, amount in amounts.items():
            self.owe(name, amount)
        self.issued()
        others = [("partner_id", "!=", self.debtor.id)]
        self.env["upominky.reminder"].sudo().search(others).next_try = False
        with smtp_inbox(self.env) as inbox:
            self.send()
            texts = {message["From"]: inbox.html(i) for i, message in enumerate(inbox.messages)}
        self.assertEqual(len(texts), 2)
        for name, other in (FAMILY, FAMILY[::-1]):
            company = self.companies[name]
            text = next(text for sender, text in texts.items() if company.email in sender)
            with self.subTest(company=name):
                self.assertIn(company.name, text)
                self.assertIn(f"{amounts[name]:,.2f}", text)
                self.assertNotIn(f"{amounts[other]:,.2f}", text)

    # ---------------------------------------------------------------- replies

    def salesperson(self, login, *companies):
        ids = [company.id for company in companies]
        return new_test_user(
            self.env, login, USER, company_id=ids[0], company_ids=[Command.set(ids)]
        )

    def test_rule_19_the_responsible_user_is_one_of_the_company(self):
        """A shared customer's salesperson may work for another company: no reply goes there."""
        stranger = self.salesperson("cizi", self.companies["other"])
        both = self.salesperson("oba", self.companies["other"], self.companies["branch"])
        for user, wanted in ((stranger, False), (both, True)):
            self.debtor.user_id = user
            move = self.owe("branch", 1000.0)
            reminder = self.issued()["branch"].filtered(lambda r, m=move: m in r.line_ids.move_id)
            with self.subTest(user=user.login):
                self.assertEqual(reminder.user_id == user, wanted)
                reply = {"author_id": self.debtor.id, "body": "Zaplatíme", "message_type": "email"}
                reminder.message_update(reply)
                self.assertEqual(user.partner_id in reminder.message_partner_ids, wanted)
                self.assertEqual(user in reminder.activity_ids.user_id, wanted)
