"""SPEC rule 40: whatever its state, a final notice reaches nobody but as it was approved."""

from datetime import timedelta

from odoo.exceptions import UserError

from ...core.receipt import Reported
from ..common import TODAY, smtp_inbox
from ..pages import pages
from ..paper.test_letters_by_post import PostCommon
from .test_final_notice import FinalCommon

ADDRESS = "fakturace@odberatel.example"
CHANGED = "changed since it was approved"
DRAFT = "Not sent yet"
LATER = TODAY + timedelta(days=18)


class TestFinalStates(FinalCommon, PostCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level.write({"send": True, "send_letter": False})

    # ------------------------------------------------------------- in a state

    def issued(self):
        reminder = self.generate()
        self.approve(reminder)
        return reminder

    def refused(self):
        """Return an approved notice that the customer's server refused."""
        reminder = self.issued()
        with smtp_inbox(self.env, {ADDRESS: "550 no such user"}):
            self.send()
        self.assertEqual(reminder.state, "failed")
        return reminder

    def addressless(self):
        """Return an approved notice that has nowhere to go."""
        reminder = self.issued()
        self.customer.email = False
        with smtp_inbox(self.env):
            self.send()
            if reminder.state == "to_approve":  # another address is read, too
                self.approve(reminder)
                self.send()
        self.assertEqual(reminder.state, "failed", reminder.error)
        return reminder

    def bounced(self):
        """Return an approved notice that was sent and came back."""
        reminder = self.issued()
        with smtp_inbox(self.env):
            self.send()
        with self.on(TODAY, 12):
            reminder.delivery_ids.sudo()._apply(Reported.FAILED, "mailbox gone")
        self.assertEqual((reminder.state, reminder.sent_date), ("failed", False))
        self.assertTrue(reminder.letter_id)
        return reminder

    STATES = ("issued", "refused", "addressless", "bounced")

    def acts(self, reminder):
        """Yield what changes a notice after it was approved, and what is said about it then."""
        mine = reminder.with_user(self.first)
        yield CHANGED, lambda: self.pay(self.move, 100)
        yield CHANGED, lambda: self.level.mail_template_id.write({"subject": "Pay at once!"})
        yield "has no postal code", lambda: self.customer.write({"zip": False})
        if reminder.is_unsent:
            yield CHANGED, lambda: mine.action_change_letter("Hi", "<p>Pay at once</p>")

    def each(self, states=STATES):
        """Yield a notice in each state, changed in each way."""
        for state in states:
            for number in range(4):
                with self.env.cr.savepoint() as savepoint, self.subTest(state, number=number):
                    reminder = getattr(self, state)()
                    acts = list(self.acts(reminder))
                    if number < len(acts):
                        words, act = acts[number]
                        with self.enter_registry_test_mode(), self.on(TODAY):
                            act()
                        self.env.invalidate_all()
                        yield reminder, words
                    savepoint.rollback()
                self.env.invalidate_all()

    def printed(self, reminder, day=TODAY):
        with self.on(day), self.enter_registry_test_mode():
            data = reminder._print_letters()[reminder.id]
        return " ".join(pages(data))

    # ----------------------------------------------------------------- tests

    def test_rule_40_changed_it_is_marked_as_sent_in_no_state(self):
        for reminder, words in self.each():
            with self.on(TODAY), self.assertRaisesRegex(UserError, words):
                reminder.with_user(self.second).action_mark_sent(way="post")
            self.assertNotEqual(reminder.state, "sent")

    def test_rule_40_changed_its_print_says_that_it_is_for_reading_only(self):
        for reminder, _words in self.each():
            text = self.printed(reminder.with_user(self.second))
            self.assertIn(DRAFT, text)
            self.assertNotIn("Copy made on", text)

    def test_rule_40_a_retry_has_it_approved_again_and_the_approval_sends_it(self):
        for reminder, words in self.each(("refused", "addressless", "bounced")):
            with smtp_inbox(self.env) as inbox, self.on(TODAY, 13), self.enter_registry_test_mode():
                told = reminder.with_user(self.second).action_retry()
            self.assertFalse(inbox.messages)
            self.assertEqual(reminder.state, "to_approve")
            self.assertFalse(reminder.next_try or reminder.approved_word)
            self.assertRegex(told["params"]["message"], words)
            self.customer.write({"zip": "602 00", "email": ADDRESS})
            for _reading in range(2):  # another address is read first
                if reminder.state == "to_approve":
                    self.approve(reminder)
            with smtp_inbox(self.env) as inbox:
                self.send(TODAY, 14)
            self.assertEqual((reminder.state, len(inbox.messages)), ("sent", 1), reminder.error)

    def test_rule_40_unchanged_it_goes_by_post_without_more_ado(self):
        for state in self.STATES:
            with self.subTest(state), self.env.cr.savepoint() as savepoint:
                reminder = getattr(self, state)()
                text = self.printed(reminder.with_user(self.second))
                self.assertEqual(DRAFT in text, state == "issued")
                self.assertNotIn("Copy made on", text)
                with self.on(TODAY):
                    reminder.with_user(self.second).action_mark_sent(way="post")
                self.assertEqual(reminder.state, "sent")
                savepoint.rollback()
            self.env.invalidate_all()

    def test_rule_40_the_proof_of_one_that_came_back_is_what_went_out_in_the_end(self):
        reminder = self.bounced()
        first = reminder.letter_id
        text = self.printed(reminder.with_user(self.second), LATER)
        with self.on(LATER):
            reminder.with_user(self.second).action_mark_sent(way="post")
        self.assertEqual(reminder.deadline, LATER + timedelta(days=14))
        self.assertNotEqual(reminder.letter_id, first)
        (kept,) = [" ".join(pages(reminder.letter_id.sudo().raw))]
        self.assertIn(reminder.deadline_text, kept)
        self.assertEqual(kept, text)
        self.assertTrue(first.sudo().exists(), "what came back stays in its history")
        with self.assertRaises(UserError):
            first.sudo().unlink()

    def test_rule_40_a_letter_that_was_printed_stays_whatever_way_it_is_marked(self):
        self.level.write({"send": False, "send_letter": True})
        reminder = self.issued()
        self.send()
        self.print_out(self.letters(reminder))
        kept = reminder.letter_id
        with self.on(LATER):
            reminder.with_user(self.second).action_mark_sent(TODAY, "data_box", "1")
        self.assertEqual(reminder.letter_id, kept)

    def test_rule_36_what_came_back_is_no_letter_of_what_went_another_way(self):
        self.level.write({"is_final": False, "requires_approval": False})
        reminder = self.generate()
        with smtp_inbox(self.env):
            self.send()
        first = reminder.letter_id
        with self.on(TODAY, 12):
            reminder.delivery_ids.sudo()._apply(Reported.FAILED, "mailbox gone")
            reminder.with_user(self.second).action_mark_sent(way="post")
        self.assertFalse(reminder.letter_id)
        self.assertIn(first, reminder.delivery_ids.mail_message_id.sudo().attachment_ids)

    def test_rule_40_it_was_not_sent_before_it_was_approved(self):
        reminder = self.generate()
        approved = TODAY + timedelta(days=10)
        with self.on(approved):
            reminder.with_user(self.second).action_approve()
            mine = reminder.with_user(self.second)
            for day in (TODAY, approved - timedelta(days=1)):
                with self.subTest(day), self.assertRaisesRegex(UserError, "was approved on"):
                    mine.action_mark_sent(day, "post")
            mine.action_mark_sent(approved, "post")
        self.assertEqual(reminder.deadline, approved + timedelta(days=14))

    def test_rule_28_other_levels_are_marked_as_of_the_day_they_were_issued(self):
        self.level.write({"is_final": False, "requires_approval": True})
        reminder = self.generate()
        with self.on(LATER):
            reminder.with_user(self.second).action_approve()
            reminder.with_user(self.second).action_mark_sent(TODAY, "post")
        self.assertEqual((reminder.state, reminder.sent_date), ("sent", TODAY))
