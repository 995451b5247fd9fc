"""SPEC rule 40: a final notice is approved as it was read, with all that goes with it."""

from datetime import timedelta

from ..common import TODAY, smtp_inbox
from .test_final_notice import FinalCommon

CHANGED = "has changed since it was read"


class TestFinalRead(FinalCommon):
    def check_unread(self, reminder):
        """Check that a reminder waits to be read again."""
        self.assertEqual(reminder.state, "to_approve")
        self.assertIn(CHANGED, reminder.error)
        self.assertFalse(reminder.approved_date or reminder.approved_word or reminder.next_try)
        self.assertIn(CHANGED, str(reminder.message_ids[0].body))

    def test_rule_40_what_nobody_read_is_not_approved(self):
        """It was opened, then paid in part, then approved."""
        move = self.owed(12100)
        reminder = self.generate()
        self.pay(move, 10000)
        told = self.approve(reminder)
        self.check_unread(reminder)
        self.assertIn(CHANGED, told["params"]["message"])
        self.assertEqual(reminder.line_ids.amount_due, 2100)  # what there is to be read
        with smtp_inbox(self.env) as inbox:
            self.send()
        self.assertFalse(inbox.messages)
        self.approve(reminder)
        self.assertEqual((reminder.state, reminder.error), ("issued", False))

    def test_rule_40_of_many_those_that_changed_alone_wait_on(self):
        paid = self.owed()
        self.owed(partner=self.customer.copy({"name": "Jiná s.r.o.", "email": "j@jina.example"}))
        reminders = self.generate()
        self.pay(paid, 100)
        told = self.approve(reminders)
        changed = reminders.filtered(lambda r: r.partner_id == self.customer)
        self.check_unread(changed)
        self.assertEqual((reminders - changed).state, "issued")
        self.assertIn(CHANGED, told["params"]["message"])

    def test_rule_40_another_address_is_read_too_and_what_is_paid_is_cancelled(self):
        self.owed()
        reminder = self.generate()
        self.customer.email = "nova@odberatel.example"
        self.approve(reminder)
        self.check_unread(reminder)
        self.pay(reminder.line_ids.move_id)
        self.approve(reminder)
        self.assertEqual(reminder.state, "cancelled")

    def test_rule_40_days_alone_change_nothing(self):
        self.owed()
        reminder = self.generate()
        with self.on(TODAY + timedelta(days=3)):
            reminder.with_user(self.second).action_approve()
        self.assertEqual((reminder.state, reminder.error), ("issued", False))

    def test_rule_40_the_time_to_pay_that_was_approved_is_given(self):
        self.owed()
        reminder = self.generate()
        self.approve(reminder)
        self.level.deadline_days = 7
        with smtp_inbox(self.env) as inbox:
            self.send()
        self.assertFalse(inbox.messages)
        self.assertEqual(reminder.state, "to_approve")
        self.assertIn("since it was approved", reminder.error)

    def test_rule_40_all_that_goes_with_it_is_approved_with_it(self):
        self.owed()
        reminder = self.generate().sudo()
        template = self.level.mail_template_id
        file = self.env["ir.attachment"].create({"name": "Terms.txt", "raw": b"Terms"})
        report = self.env["ir.actions.report"].create(
            {"name": "Account", "model": reminder._name, "report_name": "upominky_addon.none"}
        )
        for what, act in (
            ("time to pay", lambda: self.level.write({"deadline_days": 7})),
            ("codes", lambda: self.level.write({"payment_code": True})),
            ("copies", lambda: self.level.write({"extra_email": "a@dopravce.example"})),
            ("sender", lambda: self.level.write({"sender_id": self.first.id})),
            ("file", lambda: template.write({"attachment_ids": file.ids})),
            ("what is in it", lambda: file.write({"raw": b"Other terms"})),
            ("report", lambda: template.write({"report_template_ids": report.ids})),
            ("none used", lambda: template.write({"upominky_extras": False})),
            ("channel", lambda: reminder.write({"other_recipients": [["x", "1", "en_US"]]})),
            ("language", lambda: reminder.write({"recipient_langs": {"a@a.example": "cs_CZ"}})),
        ):
            with self.subTest(what), self.on(TODAY):
                before = reminder._final_word()
                act()
                self.env.invalidate_all()
                self.assertNotEqual(reminder._final_word(), before)
                self.assertEqual(reminder._final_word(), reminder._final_word())
