"""Rules 2, 12 and 29: what keeps reminders back, by a clerk who has no other rights."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user

from ..common import TODAY, UpominkyCommon


class TestClerkStops(UpominkyCommon):
    """A person of the group Upomínky: User alone, who may change no contact and sees no items."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls.new_user("clerk", "upominky_addon.group_user")
        cls.other = cls.new_user("invoicing", "account.group_account_invoice")
        cls.move = cls.invoice(due=10)

    @classmethod
    def new_user(cls, login, group):
        company = {"company_id": cls.company.id, "company_ids": cls.company.ids}
        return new_test_user(cls.env, login, group, **company)

    def stops(self, customer=None):
        customer = customer or self.customer
        return (
            customer.upominky_excluded,
            customer.upominky_hold_until,
            customer.upominky_hold_reason,
        )

    def opening(self):
        """Post what two customers owed before these books began."""
        account = self.company_data["default_account_receivable"]
        journal = self.company_data["default_journal_misc"]
        rows = [(account, self.customer, 500.0), (account, self.new_customer("B"), 700.0)]
        rows.append((self.company_data["default_account_revenue"], self.customer.browse(), -1200.0))
        lines = [
            {
                "account_id": account.id,
                "partner_id": partner.id,
                "balance": balance,
                "date_maturity": TODAY,
            }
            for account, partner, balance in rows
        ]
        move = self.env["account.move"].create(
            {"journal_id": journal.id, "line_ids": [(0, 0, line) for line in lines]}
        )
        move.action_post()
        return move

    def history(self, record):
        """Return what the history of a record says changed, and by whom."""
        rows = record.message_ids.sudo().tracking_value_ids
        return {(row.field_id.name, row.create_uid.login) for row in rows}

    # ------------------------------------------------------------- customers

    def test_rule_12_a_clerk_holds_and_excludes_a_customer(self):
        customer = self.customer.with_user(self.clerk)
        self.assertFalse(customer.has_access("write"))
        for values, stops in (
            ({"until": TODAY, "reason": "promise"}, (False, TODAY, "promise")),
            ({"until": str(TODAY)}, (False, TODAY, False)),
            ({"reason": "dispute"}, (False, False, "dispute")),
            ({"excluded": True}, (True, False, False)),
            ({"reason": "promise"}, (True, False, "promise")),  # what is not named stays
            ({"excluded": False}, (False, False, False)),
        ):
            with self.subTest(values):
                customer.action_upominky_hold(**values)
                self.assertEqual(self.stops(), stops)
        changed = {(name, "clerk") for name in ("upominky_excluded", "upominky_hold_until")}
        self.assertLessEqual(changed, self.history(self.customer))

    def test_rule_12_the_dialog_shows_what_is_and_writes_what_is_chosen(self):
        self.customer.write({"upominky_hold_until": TODAY, "upominky_hold_reason": "dispute"})
        contact = self.env["res.partner"].create({"name": "Kontakt", "parent_id": self.customer.id})
        arch = self.customer.with_user(self.clerk).get_view(None, "form")["arch"]
        self.assertIn("action_upominky_ask_hold", arch)
        for partner in (self.customer, contact):
            action = partner.with_user(self.clerk).action_upominky_ask_hold()
            dialog = self.env["upominky.hold"].with_user(self.clerk)
            with Form(dialog.with_context(**action["context"])) as form:
                self.assertEqual((form.hold_until, form.hold_reason), (TODAY, "dispute"))
                form.hold_until = False
            form.record.action_confirm()
            self.assertEqual(self.stops(), (False, False, "dispute"))
            self.customer.upominky_hold_until = TODAY

    def test_rule_29_no_more_than_that_and_nobody_else(self):
        customer = self.customer.with_user(self.clerk)
        with self.assertRaises(AccessError):
            customer.write({"email": "mine@x.example"})
        for wrong in ({"reason": "because"}, {"until": "soon"}, {"reason": ["dispute"]}):
            with self.subTest(wrong), self.assertRaises(UserError):
                customer.action_upominky_hold(**wrong)
        with self.assertRaises(AccessError):
            self.customer.with_user(self.other).action_upominky_hold(excluded=True)
        with self.assertRaises(AccessError):
            self.customer.with_user(self.other).action_upominky_ask_hold()
        self.assertEqual(self.stops(), (False, False, False))

    # ------------------------------------------------------- what is followed up

    def test_rule_2_a_clerk_takes_an_invoice_out_and_in_again(self):
        move = self.move.with_user(self.clerk)
        for wanted, reminded in ((True, 0), (False, 1)):
            with Form(move) as form:
                form.no_followup = wanted
            self.assertEqual(len(self.generate()), reminded)
        self.assertIn(("no_followup", "clerk"), self.history(self.move))

    def test_rule_1_a_clerk_chooses_what_of_an_opening_entry_is_reminded(self):
        entry = self.opening().with_user(self.clerk)
        self.assertTrue(entry.upominky_is_opening)
        self.assertFalse(self.move.upominky_is_opening)
        action = entry.action_upominky_items()
        items = self.env["account.move.line"].with_user(self.clerk).search(action["domain"])
        self.assertEqual(sorted(items.mapped("balance")), [500.0, 700.0])
        view = items.get_view(action["views"][0][0], "list")
        self.assertIn('name="no_followup"', view["arch"])
        items.with_context(tracking_disable=True)[0].no_followup = False
        self.assertIn(("no_followup", "clerk"), self.history(entry.with_user(self.env.user)))
        with self.assertRaises(AccessError):
            entry.with_user(self.other).action_upominky_items()

    def test_what_is_a_booking_of_its_own_kind_is_no_opening_entry(self):
        entry = self.opening()
        settled = self.env["account.move"].create(
            {"journal_id": self.company_data["default_journal_misc"].id}
        )
        self.assertFalse(settled.upominky_is_opening)
        reversal = entry._reverse_moves()
        self.assertFalse(reversal.upominky_is_opening)
