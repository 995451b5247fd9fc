"""SPEC rules 29 and 39: an invoice bills interest of its own customer's debts, and of no others."""

from datetime import date

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user

from ..common import TODAY
from ..interest_case import BillingCase

DUE, MAY = date(2026, 3, 31), date(2026, 5, 31)
FOREIGN = "of another customer or company"


class TestBillsOwn(BillingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.move = cls.invoice(amount=10_000, due=DUE)
        cls.clerk = new_test_user(
            cls.env,
            "bills_clerk",
            "account.group_account_invoice",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def item(self, move):
        return move.line_ids.filtered(lambda i: i.account_type == "asset_receivable")

    def elsewhere(self):
        """Return a receivable from the same customer, of a company that is not the clerk's."""
        other = self.setup_other_company(name="Cizí firma a.s.")["company"]
        there = self.env(context={**self.env.context, "allowed_company_ids": other.ids})
        line = Command.create({"name": "Přeprava", "price_unit": 5_000, "tax_ids": False})
        values = {
            "move_type": "out_invoice",
            "partner_id": self.customer.id,
            "company_id": other.id,
        }
        days = {"invoice_date": DUE, "invoice_date_due": DUE, "currency_id": other.currency_id.id}
        move = there["account.move"].create({**values, **days, "invoice_line_ids": [line]})
        move.action_post()
        return self.item(move)

    def saying(self, said, partner=None):
        """Return a draft as a clerk makes it by RPC, with a line that says that it bills."""
        line = {"name": "Úrok\ndny", "price_unit": 1, "tax_ids": False, "upominky_bills": said}
        values = {
            "move_type": "out_invoice",
            "partner_id": (partner or self.customer).id,
            "invoice_date": TODAY,
            "upominky_is_interest": True,
            "invoice_line_ids": [Command.create(line)],
        }
        return self.env["account.move"].with_user(self.clerk).create(values)

    def row(self, item, **values):
        days = {"date_from": "2026-04-01", "date_to": "2026-05-31"}
        id = item if isinstance(item, int) else item.id
        return {"move_line_id": id, "kind": "interest", "amount": 1.0, **days, **values}

    def noted(self, item):
        return self.env["upominky.billed"].sudo().search([("move_line_id", "=", item.id)])

    def test_rule_29_a_clerk_bills_no_debt_of_another_company(self):
        theirs = self.elsewhere()
        draft = self.saying([self.row(theirs)])
        with self.assertRaisesRegex(UserError, FOREIGN) as caught:
            draft.action_post()
        self.assertNotIn(theirs.move_id.name, str(caught.exception))
        self.assertEqual(draft.state, "draft")
        self.assertFalse(self.noted(theirs))

    def test_rule_39_nor_one_of_another_customer_nor_one_that_is_not_there(self):
        stranger = self.new_customer("Cizí s.r.o.")
        theirs = self.item(self.invoice(stranger, due=DUE))
        for said in (
            [self.row(theirs)],
            [self.row(self.item(self.move)), self.row(theirs)],
            [self.row(2**31 - 1)],
            [self.row(2**31 - 1, move_id=theirs.move_id.id)],
            [self.row(self.item(self.move), move_id=theirs.move_id.id)],
        ):
            with self.subTest(said), self.assertRaisesRegex(UserError, FOREIGN):
                self.saying(said).action_post()
        self.assertFalse(self.noted(theirs))

    def test_rule_39_what_cannot_be_read_is_told_with_the_line(self):
        mine = self.item(self.move)
        for said in (
            "x",
            ["x"],
            [{}],
            [self.row(mine, billed_move_id=1)],
            [self.row(mine, move_line_id="1")],
            [self.row(mine, due_date=5)],
            [self.row(mine, is_carried=True)],
        ):
            with (
                self.subTest(said),
                self.assertRaisesRegex(UserError, "What “Úrok” bills cannot be read"),
            ):
                self.saying(said).action_post()

    def test_rule_39_a_contact_of_the_customer_may_get_it(self):
        person = self.env["res.partner"].create({"name": "Jana", "parent_id": self.customer.id})
        draft = self.bill(self.move, MAY)
        draft.partner_id = person
        self.posted(draft, MAY)
        self.assertEqual(self.noted(self.item(self.move)).billed_move_id, draft)

    def test_rule_39_a_draft_that_is_made_out_to_another_customer_is_not_posted(self):
        draft = self.bill(self.move, MAY)
        draft.partner_id = self.new_customer("Ručitel s.r.o.")
        with self.assertRaisesRegex(UserError, FOREIGN):
            self.posted(draft, MAY)

    def test_rule_29_what_another_company_noted_does_not_lower_a_claim(self):
        mine, other = self.item(self.move), self.elsewhere().company_id
        bill = self.posted(self.bill(self.move, MAY), MAY)
        billed = self.env["upominky.reminder"]._billed_of(mine.ids)
        self.assertTrue(billed[mine.id].days)
        self.noted(mine).write({"company_id": other.id})
        self.assertEqual(self.env["upominky.reminder"]._billed_of(mine.ids), {})
        self.assertTrue(bill)
