"""SPEC rules 34 and 40: nobody is sent a final notice that leaves less time than the law asks."""

from ..common import TODAY, smtp_inbox
from .test_final_notice import ONE_DAY, FinalCommon

SECOND = "druhy@odberatel.example"


class TestFinalTime(FinalCommon):
    def half_sent(self, inbox):
        """Return a final notice that one of two contacts has, and the other has not."""
        self.customer.email = f"fakturace@odberatel.example, {SECOND}"
        self.owed()
        reminder = self.generate()
        self.approve(reminder)
        self.send()
        self.assertEqual((reminder.state, reminder.deadline), ("sent", TODAY + 14 * ONE_DAY))
        self.assertEqual(len(inbox.messages), 1)
        return reminder

    def retried(self, reminder, day):
        with self.on(day), self.enter_registry_test_mode():
            return reminder.action_retry()

    def test_rule_40_a_contact_that_is_tried_again_too_late_is_told_no_day_that_is_near(self):
        for days, goes_out in ((7, True), (8, False), (20, False)):
            with self.subTest(days), self.env.cr.savepoint() as savepoint:
                with smtp_inbox(self.env, {SECOND: "550 No such user"}) as inbox:
                    reminder = self.half_sent(inbox)
                    inbox.answers.clear()
                    told = self.retried(reminder, TODAY + days * ONE_DAY)
                    self.assertEqual(len(inbox.messages), 1 + goes_out)
                self.assertEqual(reminder.state, "sent")
                last = reminder.delivery_ids.sorted("id")[-1]
                self.assertEqual(last.email_to, SECOND)
                if goes_out:
                    self.assertEqual(last.state, "sent", last.error)
                else:
                    self.assertEqual(last.state, "failed")
                    self.assertIn("less than 7 days", last.error)
                    self.assertIn("less than 7 days", told["params"]["message"])
                savepoint.rollback()
            self.env.invalidate_all()

    def test_rule_40_whoever_has_it_may_have_it_once_more(self):
        with smtp_inbox(self.env, {SECOND: "550 No such user"}) as inbox:
            reminder = self.half_sent(inbox)
            day = TODAY + 20 * ONE_DAY
            with self.on(day), self.enter_registry_test_mode():
                reminder.action_send_again()
            self.assertEqual(len(inbox.messages), 2)

    def test_rule_34_other_reminders_go_out_as_they_did(self):
        self.level.write({"is_final": False})
        with smtp_inbox(self.env, {SECOND: "550 No such user"}) as inbox:
            reminder = self.half_sent(inbox)
            inbox.answers.clear()
            self.retried(reminder, TODAY + 20 * ONE_DAY)
            self.assertEqual(len(inbox.messages), 2)
