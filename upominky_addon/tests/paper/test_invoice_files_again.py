"""SPEC rule 36: an e-mail that came back and is retried carries what the first one carried."""

from ..common import TODAY, smtp_inbox
from .test_invoice_files import PDF, FilesCommon, files_of

NAME = "FA-2026-00007.pdf"


class TestFilesAgain(FilesCommon):
    def bounced(self):
        """Return a reminder whose e-mail was taken with a file, and came back."""
        self.stored()
        reminder, inbox = self.sent()
        self.assertEqual(files_of(inbox), [[(NAME, PDF)]])
        self.came_back(reminder)
        return reminder

    def came_back(self, reminder):
        reminder.sudo().delivery_ids._set_state("bounced", error="550 No such user")
        reminder.sudo()._settle()
        self.assertEqual(reminder.state, "failed")

    def retried(self, reminder):
        with smtp_inbox(self.env) as inbox, self.on(TODAY, 12), self.enter_registry_test_mode():
            reminder.action_retry()
        return inbox

    def test_rule_36_the_retry_carries_the_same_bytes_whatever_the_level_says_by_now(self):
        reminder = self.bounced()
        (row,) = reminder.file_ids
        self.level.attach_invoices = "none"
        inbox = self.retried(reminder)
        self.assertEqual(files_of(inbox), [[(NAME, PDF)]])
        self.assertEqual((reminder.state, reminder.file_ids), ("sent", row))

    def test_rule_36_what_went_out_is_kept_though_it_came_back(self):
        reminder = self.bounced()
        with self.assertRaisesRegex(Exception, f"went out with the reminder {reminder.name}"):
            reminder.file_ids.attachment_id.sudo().write({"raw": b"%PDF other"})

    def test_rule_36_a_file_that_was_made_anew_since_is_left_out_with_a_reason(self):
        reminder = self.bounced()
        (row,) = reminder.file_ids
        self.move.button_draft()
        self.move.action_post()
        self.stored(data=b"%PDF other")
        with self.on(TODAY, 12), self.enter_registry_test_mode():
            shown = reminder.preview_letter()
        # The job has the last word; the preview shows only what is still unsent.
        self.assertTrue(shown["error"] or "was made anew" in (shown["note"] or ""))
        inbox = self.retried(reminder)
        self.assertEqual(files_of(inbox), [[]])
        self.assertIn(f"Without the file of {self.move.name}", reminder.note)
        self.assertEqual((reminder.state, reminder.file_ids), ("sent", row))

    def test_rule_36_what_was_paid_since_is_not_carried_again(self):
        other = self.invoice(due=10, name="FA/2026/00008")
        self.stored(other, name="Other.pdf")
        reminder = self.bounced_with_two()
        self.pay(other)
        inbox = self.retried(reminder)
        self.assertEqual(files_of(inbox), [[(NAME, PDF)]])
        self.assertNotIn("Without the file", reminder.note or "")

    def bounced_with_two(self):
        self.stored()
        reminder, inbox = self.sent()
        self.assertEqual(len(files_of(inbox, 0)), 2)
        self.came_back(reminder)
        return reminder

    def test_rule_36_one_that_went_without_may_have_them_once_it_came_back(self):
        self.level.attach_invoices = "none"
        self.stored()
        reminder, inbox = self.sent()
        self.assertEqual(files_of(inbox), [[]])
        self.came_back(reminder)
        self.level.attach_invoices = "pdf"
        self.assertEqual(files_of(self.retried(reminder)), [[(NAME, PDF)]])
