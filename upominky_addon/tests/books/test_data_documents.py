"""Data that lives on: invoices that are corrected, cancelled or deleted after a reminder."""

from datetime import timedelta

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form

from ..common import TODAY, UpominkyCommon, smtp_inbox


class TestDocuments(UpominkyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.halves, cls.whole = (
            cls.env["account.payment.term"].create(
                {
                    "name": f"{len(days)} instalments",
                    "line_ids": [
                        Command.create(
                            {"value": "percent", "value_amount": 100 / len(days), "nb_days": day}
                        )
                        for day in days
                    ],
                }
            )
            for days in ((0, 30), (0,))
        )

    def reminded(self, *moves):
        """Issue and mail a reminder of what is due today."""
        reminder = self.generate()
        self.assertEqual(reminder.line_ids.move_id, self.env["account.move"].union(*moves))
        with smtp_inbox(self.env):
            self.send()
        self.assertEqual(set(reminder.mapped("state")), {"sent"})
        return reminder

    def correct(self, move, **values):
        """Reset an invoice to draft, change it and post it again."""
        with self.on(TODAY):
            move.button_draft()
            move.write(values)
            move.action_post()

    def receivables(self, move):
        return move.line_ids.filtered(lambda item: item.account_type == "asset_receivable").sorted(
            "date_maturity"
        )

    def levels_in(self, days):
        """Run both jobs some days later; return level and due date of each line issued."""
        lines = self.generate(TODAY + timedelta(days=days)).line_ids
        with smtp_inbox(self.env):
            self.send(TODAY + timedelta(days=days))
        return sorted((line.level_order, line.due_date) for line in lines)

    # ------------------------------------------------------ corrected and posted again

    def test_rule_05_posted_again_unchanged_goes_on(self):
        move = self.invoice(due=8)
        self.reminded(move)
        self.correct(move, ref="Corrected")
        self.assertFalse(self.levels_in(1))
        self.assertEqual(self.levels_in(14), [(2, TODAY - timedelta(days=8))])

    def test_rule_05_another_due_date_or_price_goes_on(self):
        for name, values in (
            ("due date", {"invoice_date_due": TODAY - timedelta(days=9)}),
            ("price", {"invoice_line_ids": [Command.create({"name": "More", "price_unit": 5})]}),
            (
                "all lines made anew",
                {
                    "invoice_line_ids": [
                        Command.clear(),
                        Command.create({"name": "New", "price_unit": 7, "tax_ids": False}),
                    ]
                },
            ),
        ):
            with self.subTest(name):
                move = self.invoice(self.new_customer(name, "n@n.example"), due=8)
                self.reminded(move)
                self.correct(move, **values)
                due = self.receivables(move).date_maturity
                self.assertFalse(self.levels_in(1))
                self.assertEqual(self.levels_in(14), [(2, due)])
                move.button_draft()

    def test_rule_05_receivables_made_anew_keep_the_history(self):
        """A receivable that Odoo deletes and makes again does not begin at the first level."""
        move = self.invoice(due=8)
        reminder = self.reminded(move)
        before = self.receivables(move)
        with self.on(TODAY):
            move.button_draft()
            before.with_context(dynamic_unlink=True, check_move_validity=False).unlink()
            self.assertFalse(reminder.line_ids.move_line_id)
            move.invoice_line_ids.price_unit = 13000
            move.action_post()
        self.assertNotEqual(self.receivables(move), before)
        self.assertEqual(reminder.line_ids.move_line_id, self.receivables(move))
        self.assertEqual(move.upominky_level, 1)
        self.assertFalse(self.levels_in(1))
        self.assertEqual(self.levels_in(14), [(2, TODAY - timedelta(days=8))])

    def test_rule_05_one_receivable_becomes_two(self):
        first = TODAY - timedelta(days=8)
        move = self.invoice(
            invoice_date=first, invoice_payment_term_id=self.whole.id, invoice_date_due=False
        )
        self.reminded(move)
        self.correct(move, invoice_payment_term_id=self.halves.id)
        self.assertEqual(len(self.receivables(move)), 2)
        self.assertFalse(self.levels_in(1))
        self.assertEqual(self.levels_in(14), [(2, first)])
        # The second instalment is new, and due thirty days later.
        self.assertEqual(self.levels_in(30), [(1, first + timedelta(days=30)), (3, first)])

    def test_rule_05_two_receivables_become_one(self):
        first = TODAY - timedelta(days=38)
        move = self.invoice(
            invoice_date=first, invoice_payment_term_id=self.halves.id, invoice_date_due=False
        )
        reminder = self.reminded(move)
        self.assertEqual(len(reminder.line_ids), 2)
        self.correct(move, invoice_payment_term_id=self.whole.id)
        self.assertEqual(len(self.receivables(move)), 1)
        self.assertFalse(self.levels_in(1))
        self.assertEqual(self.levels_in(14), [(2, first)])
        self.assertEqual(len(reminder.line_ids), 2)  # the book keeps what was written

    def test_another_customer_starts_at_the_first_level(self):
        move = self.invoice(due=8)
        reminder = self.reminded(move)
        other = self.new_customer("Right customer", "right@right.example")
        self.correct(move, partner_id=other.id)
        issued = self.generate(TODAY + timedelta(days=1))
        self.assertEqual((issued.partner_id, issued.level_order), (other, 1))
        self.assertEqual((reminder.state, reminder.line_ids.move_id), ("sent", move))
        self.assertEqual(reminder.partner_id, self.customer)

    def test_rule_17_what_was_corrected_before_sending_is_sent_as_it_is_now(self):
        for name, values, told in (
            (
                "price",
                {"invoice_line_ids": [Command.create({"name": "+", "price_unit": 900})]},
                "13,000.00",
            ),
            ("currency", {"currency_id": self.eur.id}, None),
            ("customer", {"partner_id": self.new_customer("Right", "r@r.example").id}, None),
        ):
            with self.subTest(name), smtp_inbox(self.env) as inbox:
                move = self.invoice(self.new_customer(name, "n@n.example"), due=8)
                reminder = self.generate()
                if "invoice_line_ids" in values:
                    values["invoice_line_ids"][0][2]["tax_ids"] = False
                self.correct(move, **values)
                self.send()
                if told:
                    self.assertIn(told, inbox.text())
                else:
                    self.assertFalse(inbox.messages)
                    self.assertEqual(reminder.state, "cancelled", reminder.error)
                    again = self.generate(TODAY + timedelta(days=1))
                    self.assertEqual(again.level_order, 1)
                    self.assertEqual(again.line_ids.currency_id, move.currency_id)
                    self.assertEqual(again.partner_id, move.commercial_partner_id)
                with self.on(TODAY):
                    move.button_draft()

    # ---------------------------------------------------------- cancelled and deleted

    def test_rule_17_a_draft_is_not_reminded_and_goes_on_when_posted(self):
        move = self.invoice(due=8)
        reminder = self.generate()
        with self.on(TODAY):
            move.button_draft()
        with smtp_inbox(self.env) as inbox:
            self.send()
            self.assertFalse(inbox.messages)
        self.assertEqual(reminder.state, "cancelled", reminder.error)
        self.assertIn("Nothing was left", reminder.cancel_reason)
        with self.on(TODAY):
            move.action_post()
        self.assertEqual(self.levels_in(1), [(1, TODAY - timedelta(days=8))])

    def test_cancelled_and_reversed_invoices_leave_a_readable_history(self):
        def cancel(move):
            move.button_draft()
            move.button_cancel()

        for name, undo in (
            ("cancelled", cancel),
            ("reversed", lambda move: move._reverse_moves(cancel=True)),
        ):
            with self.subTest(name):
                mailed, waiting = self.invoice(due=8), self.invoice(due=6)
                reminder = self.reminded(mailed)
                unsent = self.generate(TODAY + timedelta(days=1))
                self.assertEqual(unsent.line_ids.move_id, waiting)
                with self.on(TODAY + timedelta(days=1)):
                    undo(mailed)
                    undo(waiting)
                with smtp_inbox(self.env) as inbox:
                    self.send(TODAY + timedelta(days=1))
                    self.assertFalse(inbox.messages)
                    self.assertFalse(self.levels_in(60))
                self.assertEqual((reminder.state, unsent.state), ("sent", "cancelled"))
                self.assertTrue(unsent.cancel_reason)
                for move, level in ((mailed, 1), (waiting, 0)):
                    form = Form(move, "upominky_addon.view_move_upominky_form")
                    self.assertEqual(form.upominky_level, level)
                    self.assertFalse(form.upominky_next_date)
                self.assertIn(mailed.name, str(reminder.invoice_table))

    def test_an_invoice_that_was_mailed_a_reminder_cannot_be_deleted(self):
        move = self.invoice(due=8)
        reminder = self.reminded(move)
        move.button_draft()
        with self.assertRaisesRegex(UserError, f"{reminder.name}.*cancel the invoice instead"):
            move.unlink()
        reminder.action_cancel("It was wrong")
        with self.assertRaisesRegex(UserError, "cancel the invoice instead"):
            move.unlink()

    def test_an_invoice_whose_reminder_was_never_mailed_can_be_deleted(self):
        move, kept = self.invoice(due=8), self.invoice(due=9)
        reminder = self.generate()
        move.button_draft()
        with self.assertRaisesRegex(UserError, "Cancel the reminder"):
            move.unlink()
        reminder.action_cancel()
        move.with_context(force_delete=True).unlink()
        self.assertEqual(reminder.line_ids.move_id, kept)
        self.assertEqual(Form(reminder).state, "cancelled")
        self.assertEqual(self.levels_in(1), [(1, TODAY - timedelta(days=9))])

    def test_rule_24_an_invoice_of_a_summary_that_may_have_arrived_cannot_be_deleted(self):
        move = self.invoice(due=8)
        summary = self.generate()
        summary.line_ids.sudo().write({"event": "resend", "counted": False})
        self.env["upominky.delivery"].sudo().create(
            {
                "reminder_id": summary.id,
                "company_id": self.company.id,
                "email_to": "a@a.example",
                "state": "uncertain",
            }
        )
        move.button_draft()
        with self.assertRaisesRegex(UserError, summary.name):
            move.unlink()
