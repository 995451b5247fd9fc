"""Rule 17: what dropped out between issue and sending says why, each line and the whole."""

from datetime import timedelta

from odoo.tests import tagged

from ..common import TODAY, UpominkyCommon, smtp_inbox


@tagged("post_install", "-at_install", "upominky_addon")
class TestDropReason(UpominkyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parent = cls.new_customer("Matka a.s.", "matka@matka.example")

    # ---------------------------------------------------------- what happens

    def move_to_parent(self, move):
        move.partner_id.write({"is_company": False, "parent_id": self.parent.id})

    def hold(self, move):
        move.upominky_hold_until = TODAY

    def hold_customer(self, move):
        move.partner_id.upominky_hold_reason = "dispute"

    def exclude(self, move):
        move.partner_id.upominky_excluded = True

    def block(self, move):
        move.action_toggle_block_payment()

    def unfollow(self, move):
        move.line_ids.filtered("date_maturity").no_followup = True

    def draft(self, move):
        move.button_draft()

    def cover(self, move):
        self.credit_note(move.partner_id, 12100.0)

    def wait_for_credit(self, move):
        self.rule.credit_policy = "hold"
        self.credit_note(move.partner_id, 1.0)

    def postpone(self, move):
        item = move.line_ids.filtered("date_maturity")
        item.date_maturity = TODAY + timedelta(days=1)

    def reverse(self, move):
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        wizard.create({"journal_id": move.journal_id.id, "date": TODAY}).refund_moves()
        move.reversal_move_ids.action_post()
        self.assertEqual(move.payment_state, "reversed")

    def cases(self):
        """Return what happens to a reminder's only invoice, and what is said of it then."""
        return (
            (self.move_to_parent, "moved", "Belongs to another customer now"),
            (self.hold, "on_hold", "On hold"),
            (self.hold_customer, "on_hold", "On hold"),
            (self.exclude, "excluded", "The customer gets no reminders"),
            (self.block, "blocked", "The invoice is blocked"),
            (self.unfollow, "no_followup", "marked as not to be followed up"),
            (self.draft, "unposted", "not posted any more"),
            (self.cover, "covered_by_credits", "Covered by open credits"),
            (self.wait_for_credit, "credit_open", "has an open credit"),
            (self.postpone, "not_due_yet", "Not overdue any more"),
            (self.pay, "paid", "Everything was paid"),
            (self.reverse, "reversed", "The invoice is reversed"),
        )

    def test_rule_17_the_true_reason_alone_is_told(self):
        words = {told for _happens, _code, told in self.cases()}
        for happens, code, told in self.cases():
            with (
                self.subTest(happens.__name__),
                smtp_inbox(self.env) as inbox,
                self.env.cr.savepoint() as savepoint,
            ):
                debtor = self.new_customer("Dlužník", "d@d.example")
                move = self.invoice(debtor, due=10)
                reminder = self.generate()
                happens(move)
                self.send()
                self.assertFalse(inbox.messages)
                self.assertEqual(
                    (reminder.state, reminder.line_ids.drop_reason), ("cancelled", code)
                )
                self.assertIn(told, reminder.cancel_reason)
                for other in words - {told}:
                    self.assertNotIn(other, reminder.cancel_reason)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_rule_17_each_line_has_its_own_and_the_whole_names_them(self):
        moves = {
            "on_hold": self.invoice(due=10),
            "paid": self.invoice(due=10),
            "blocked": self.invoice(due=10),
        }
        reminder = self.generate()
        self.hold(moves["on_hold"])
        self.pay(moves["paid"])
        self.block(moves["blocked"])
        with smtp_inbox(self.env):
            self.send()
        told = {line.drop_reason: line.move_id for line in reminder.line_ids}
        self.assertEqual(told, moves)
        self.assertIn(f"On hold: {moves['on_hold'].name}.", reminder.cancel_reason)
        self.assertIn(f"Paid: {moves['paid'].name}.", reminder.cancel_reason)
        self.assertIn(f"The invoice is blocked: {moves['blocked'].name}.", reminder.cancel_reason)

    def test_rule_17_what_drops_out_of_a_reminder_that_is_sent_has_its_reason(self):
        stays, held = self.invoice(due=10), self.invoice(due=10)
        reminder = self.generate()
        self.hold(held)
        with smtp_inbox(self.env):
            self.send()
        self.assertEqual(reminder.state, "sent")
        told = {line.move_id: line.drop_reason for line in reminder.line_ids}
        self.assertEqual(told, {stays: False, held: "on_hold"})

    def test_rule_17_what_moved_to_another_customer_is_issued_there(self):
        move = self.invoice(due=10)
        first = self.generate()
        self.move_to_parent(move)
        with smtp_inbox(self.env):
            self.send()
        again = self.generate()
        self.assertEqual(first.state, "cancelled")
        self.assertEqual((again.partner_id, again.line_ids.move_id), (self.parent, move))

    def test_a_reason_of_an_addon_that_is_gone_says_so(self):
        self.invoice(due=10)
        line = self.generate().line_ids
        line.sudo().drop_reason = "on_hold"
        line.flush_recordset()
        self.env.cr.execute(
            "UPDATE upominky_reminder_line SET drop_reason = 'complaint' WHERE id = %s", [line.id]
        )
        line.invalidate_recordset()
        self.assertIn("not installed any more: complaint", line.reason_text)
