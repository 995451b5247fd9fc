"""What the oracle found: the smallest world of each fault, so that it stays mended."""

from datetime import timedelta

from ..common import TODAY, UpominkyCommon, smtp_inbox

ADDRESS = "fakturace@odberatel.example"
TOMORROW = TODAY + timedelta(days=1)


class TestOracleFindings(UpominkyCommon):
    def test_rule_28_a_mailed_reminder_that_is_cancelled_stays_in_the_count(self):
        move = self.invoice(due=10)
        with smtp_inbox(self.env):
            reminder = self.generate()
            self.send()
        reminder.action_cancel("Sent by mistake")
        self.env.invalidate_all()
        self.assertEqual(
            (move.upominky_level, move.upominky_count, move.upominky_last_date), (1, 1, TODAY)
        )

    def test_rule_26_an_invoice_that_dropped_out_before_mailing_was_not_reminded(self):
        held = self.invoice(due=10)
        sent = self.invoice(due=10)
        with smtp_inbox(self.env):
            self.generate()
            held.upominky_hold_until = TODAY
            self.send()
        self.env.invalidate_all()
        self.assertEqual((sent.upominky_level, sent.upominky_count), (1, 1))
        self.assertEqual((held.upominky_level, held.upominky_count), (0, 0))
        self.assertFalse(held.upominky_last_date)

    def test_rule_17_a_reminder_without_an_address_shows_what_is_owed_when_it_failed(self):
        move = self.invoice(amount=1000, due=10)
        self.customer.email = False
        with smtp_inbox(self.env):
            reminder = self.generate()
            self.pay(move, 400)
            self.send()
        self.assertEqual(reminder.state, "failed")
        self.assertEqual(reminder.currency_totals, {"CZK": 600.0})
        self.assertEqual(reminder.line_ids.amount_due, 600)

    def test_rule_17_another_attempt_goes_to_the_address_of_today(self):
        with smtp_inbox(self.env, {ADDRESS: "451 Try later"}) as inbox:
            self.invoice(due=10)
            reminder = self.generate()
            self.send()
            self.assertEqual(reminder.state, "issued")
            self.customer.email = "novy@odberatel.example"
            inbox.answers.clear()
            self.send(TOMORROW)
            self.assertEqual(inbox.recipients, ["novy@odberatel.example"])
        self.assertEqual(reminder.state, "sent")

    def test_rule_17_an_address_that_comes_back_is_tried_again(self):
        with smtp_inbox(self.env, {ADDRESS: "451 Later", "b@b.example": "451 Later"}) as inbox:
            self.invoice(due=10)
            reminder = self.generate()
            self.send()
            self.customer.email = "b@b.example"
            self.send(TODAY, hour=12)
            self.customer.email = ADDRESS
            inbox.answers.clear()
            self.send(TODAY, hour=15)
            self.assertEqual(inbox.recipients, [ADDRESS])
        self.assertEqual(reminder.state, "sent")

    def test_rule_17_no_address_left_for_another_attempt_fails(self):
        with smtp_inbox(self.env, {ADDRESS: "451 Try later"}) as inbox:
            self.invoice(due=10)
            reminder = self.generate()
            self.send()
            self.customer.email = False
            inbox.answers.clear()
            self.send(TOMORROW)
            self.assertFalse(inbox.messages)
        self.assertEqual(reminder.state, "failed")
        self.assertIn("has no e-mail address", reminder.error)

    def test_rule_17_the_day_of_the_last_attempt_is_the_companys(self):
        with smtp_inbox(self.env, {ADDRESS: "451 Try later"}) as inbox:
            self.invoice(due=10)
            reminder = self.generate()
            self.send(TODAY, hour=22)  # tomorrow already, in Prague
            inbox.answers.clear()
            self.send(TODAY + timedelta(days=7))
        self.assertEqual(reminder.state, "sent", reminder.cancel_reason)

    def test_rule_22_retry_of_many_goes_on_past_one_that_lost_its_address(self):
        other = self.new_customer("Other", "other@other.example")
        answers = {ADDRESS: "550 No", "other@other.example": "550 No"}
        with smtp_inbox(self.env, answers) as inbox:
            self.invoice(due=10)
            self.invoice(other, due=10)
            reminders = {r.partner_id: r for r in self.generate()}
            self.send()
            self.customer.email = False
            inbox.answers.clear()
            with self.on(TODAY, 10):
                (reminders[self.customer] + reminders[other]).action_retry()
            self.assertEqual(inbox.recipients, ["other@other.example"])
        self.assertEqual(reminders[self.customer].state, "failed")
        self.assertIn("has no e-mail address", reminders[self.customer].error)
        self.assertEqual(reminders[other].state, "sent")

    def test_rule_22_a_wrong_address_inside_a_right_one_is_not_shown_any_more(self):
        self.customer.email = "novak@odberatel.example"
        with smtp_inbox(self.env, {"novak@odberatel.example": "550 No such user"}):
            self.invoice(due=10)
            reminder = self.generate()
            self.send()
            self.customer.email = "jan.novak@odberatel.example"
            with self.on(TODAY, 10):
                reminder.action_retry()
        self.assertEqual(reminder.state, "sent")
        self.assertFalse(reminder.error)
