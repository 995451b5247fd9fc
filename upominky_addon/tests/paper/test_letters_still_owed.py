"""SPEC rules 7, 17, 45 and 46: letters whose e-mail came back, or whose money is paid meanwhile."""

from datetime import timedelta

from odoo.exceptions import UserError

from ...core.receipt import Reported
from ..common import TODAY, smtp_inbox
from ..pages import pages
from .test_letters_by_post import NEXT_DAY, PostCommon

LATER = TODAY + timedelta(days=10)
LESS = "A part of what it asks for was paid or credited."


class ByBothCommon(PostCommon):
    """A level whose reminders go by e-mail and by post."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level.send = True

    def letter_of(self, customer, answers=None):
        """Return the letter of a customer's reminder, whose e-mail went out."""
        with smtp_inbox(self.env, answers):
            self.generate()
            self.send()
        return self.letters(self.reminders().filtered(lambda r: r.partner_id == customer))

    def come_back(self, letter, day=NEXT_DAY):
        """Let the e-mails of a letter's reminder come back."""
        mails = letter.reminder_id.delivery_ids - self.letters(letter.reminder_id)
        with self.on(day):
            for mail in mails:
                mail.sudo()._apply(Reported.FAILED, "550 nobody")

    def told(self, letter, day=TODAY):
        with self.on(day):
            letter.invalidate_recordset()
            return letter.post_warning


class TestCameBack(ByBothCommon):
    def test_rule_7_an_e_mail_that_came_back_holds_the_level_while_its_letter_waits(self):
        waiting = self.letter_of(self.customer)
        printed = self.letter_of(self.second())
        self.print_out(printed)
        reminders = (waiting + printed).reminder_id
        self.assertEqual(reminders.mapped("state"), ["sent", "sent"])
        self.come_back(waiting)
        self.come_back(printed)
        self.assertEqual(reminders.mapped("state"), ["issued", "issued"])
        self.assertEqual(reminders.mapped("sent_date"), [False, False])
        self.assertFalse(self.generate(TODAY + timedelta(days=90)))
        self.print_out(waiting, LATER)
        self.post(waiting + printed, LATER, LATER)
        self.assertEqual(reminders.mapped("state"), ["sent", "sent"])
        self.assertEqual(reminders.mapped("sent_date"), [LATER, LATER])

    def test_rule_7_the_next_level_counts_from_the_post_where_the_e_mail_came_back_later(self):
        letter = self.letter_of(self.customer)
        self.print_out(letter)
        self.post(letter, NEXT_DAY, NEXT_DAY)
        reminder = letter.reminder_id
        self.assertEqual((reminder.state, reminder.sent_date), ("sent", TODAY))
        self.come_back(letter, LATER)
        self.assertEqual((reminder.state, reminder.sent_date), ("sent", NEXT_DAY))

    def test_rule_45_letters_alone_that_came_back_after_a_persons_word_fail(self):
        self.level.send = False
        letter = self.waiting()
        self.print_out(letter)
        reminder = letter.reminder_id
        with self.on(TODAY):
            reminder.action_mark_sent(str(TODAY), "post")
            letter.action_returned(note="unknown")
        self.assertEqual(
            (reminder.state, reminder.sent_date, reminder.sent_way), ("failed", False, False)
        )
        self.assertFalse(self.generate(TODAY + timedelta(days=90)))


class TestPaidMeanwhile(ByBothCommon):
    def test_rule_17_a_letter_beside_a_sent_e_mail_says_that_a_part_is_paid(self):
        letter = self.letter_of(self.customer)
        self.assertFalse(self.told(letter))
        self.pay(self.move, 10000)
        self.assertEqual(self.told(letter), LESS)
        self.print_out(letter, NEXT_DAY)
        self.assertEqual(self.told(letter, NEXT_DAY), LESS)

    def test_rule_17_no_e_mail_asks_for_what_was_paid_since_the_letter_was_printed(self):
        letter = self.letter_of(self.customer, {self.customer.email: "451 Later"})
        reminder = letter.reminder_id
        self.assertEqual(reminder.state, "issued")
        self.print_out(letter)
        self.pay(self.move, 100)
        with smtp_inbox(self.env) as inbox:
            self.send(NEXT_DAY)
            self.assertFalse(inbox.messages)
            self.assertIn("since its letter was printed", reminder.error)
            self.assertEqual(reminder.line_ids.amount_due, 12100)
            day = NEXT_DAY + timedelta(days=1)
            with self.on(day):
                letter.action_not_printed()
            (page,) = pages(self.print_out(letter, day))
            self.assertIn("12,000.00", page)
            self.send(day)
        self.assertEqual((len(inbox.messages), reminder.state), (1, "sent"))
        self.assertEqual(reminder.line_ids.amount_due, 12000)

    def test_rule_46_what_was_withheld_at_printing_says_why(self):
        letter = self.letter_of(self.customer)
        self.pay(self.move)
        with self.on(NEXT_DAY), self.assertRaisesRegex(UserError, "Everything was paid"):
            letter.action_print_letters()
        self.assertEqual(letter.state, "cancelled")

    def test_rule_46_whatever_speaks_against_a_printed_letter_is_said_on_the_list(self):
        self.level.send = False
        for number, (act, words) in enumerate(
            (
                (lambda move: move.button_draft(), "not posted any more"),
                (lambda move: move.write({"payment_state": "blocked"}), "locked"),
                (
                    lambda move: move.partner_id.write({"upominky_excluded": True}),
                    "gets no reminders",
                ),
                (
                    lambda move: move.line_ids.filtered("date_maturity").write(
                        {"no_followup": True}
                    ),
                    "ollow",
                ),
                (lambda move: self.credit_note(move.partner_id, 100), LESS),
                (lambda move: self.pay(move, 100), LESS),
                (self.pay, "All that it asks for is paid by now."),
            )
        ):
            with self.subTest(words):
                customer = self.second(name=f"Druhý {number}")
                letter = self.letter_of(customer)
                self.print_out(letter)
                self.assertFalse(self.told(letter))
                act(customer.invoice_ids)
                self.assertIn(words, self.told(letter) or "")

    def test_rule_46_the_mode_and_a_hold_are_said_of_letters_beside_sent_e_mails(self):
        letter = self.letter_of(self.customer)
        self.print_out(letter)
        self.company.upominky_mode = "off"
        self.assertIn("off", self.told(letter) or "")
        self.company.upominky_mode = "live"
        self.assertFalse(self.told(letter))
        self.move.upominky_hold_until = LATER
        self.assertIn(self.move.name, self.told(letter) or "")

    def test_rule_46_of_two_invoices_the_one_that_is_paid_is_named(self):
        self.level.send = False
        other = self.invoice(due=10)
        letter = self.waiting()
        self.print_out(letter)
        self.pay(other)
        self.assertEqual(self.told(letter), f"Paid: {other.name}.")

    def test_rule_46_a_letter_that_a_later_level_overtook_says_so(self):
        letter = self.letter_of(self.customer)
        days = self.rule.level_ids[1].days_overdue - self.level.days_overdue
        later = self.generate(TODAY + timedelta(days=days))
        self.assertEqual(later.level_order, 2)
        self.assertIn(f"{later.name}, a later reminder", self.told(letter, LATER) or "")

    def test_rule_46_a_page_of_letters_is_read_at_once(self):
        self.level.send = False
        letters = self.waiting()
        for number in range(6):
            letters |= self.letter_of(self.second(name=f"Další {number}"))
        self.print_out(letters)

        def count(some):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with self.on(TODAY):
                some.mapped("post_warning")
            return self.env.cr.sql_log_count - before

        count(letters)
        self.assertLessEqual(count(letters), count(letters[:1]) + 6)


class TestOnTheTable(ByBothCommon):
    def test_rule_46_posted_no_earlier_than_printed(self):
        self.level.send = False
        letter = self.waiting()
        self.print_out(letter, LATER)
        with self.assertRaisesRegex(UserError, "was printed on"):
            self.post(letter, LATER - timedelta(days=1), LATER)
        self.post(letter, LATER, LATER)
        self.assertEqual(letter.reminder_id.sent_date, LATER)

    def test_rule_46_taken_for_posted_by_mistake_it_lies_there_printed_again(self):
        self.level.deadline_days = 10
        both = self.letter_of(self.customer)
        self.level.send = False
        alone = self.letter_of(self.second())
        self.print_out(both + alone)
        kept, by = alone.reminder_id.letter_id, alone.reminder_id.deadline
        self.assertEqual(by, TODAY + timedelta(days=10))
        self.post(both + alone)
        with self.on(NEXT_DAY):
            (both + alone).action_not_posted()
        self.assertEqual((both + alone).mapped("state"), ["printed", "printed"])
        dates = [(r.state, r.sent_date) for r in (both.reminder_id, alone.reminder_id)]
        self.assertEqual(dates, [("sent", TODAY), ("issued", False)])
        self.post(alone, NEXT_DAY, NEXT_DAY)
        self.assertEqual(alone.reminder_id.sent_date, NEXT_DAY)
        self.assertEqual(alone.reminder_id.deadline, by, "the day that stands on the paper")
        self.assertEqual(alone.reminder_id.letter_id, kept)
        with self.assertRaisesRegex(UserError, "is “Printed”"):
            both.action_not_posted()

    def test_rule_46_a_letter_that_is_not_posted_is_none_that_went_out(self):
        for number, step in enumerate(("action_not_printed", "action_leave_out")):
            with self.subTest(step):
                letter = self.letter_of(self.second(name=f"Druhý {number}"))
                reminder = letter.reminder_id
                self.print_out(letter)
                self.assertTrue(reminder.letter_id)
                with self.on(TODAY):
                    getattr(letter, step)()
                self.assertFalse(reminder.letter_id)
                with smtp_inbox(self.env) as inbox, self.on(TODAY):
                    reminder.action_send_again()
                self.assertEqual([*inbox.messages[0].iter_attachments()], [])

    def test_rule_46_what_was_posted_stays_where_its_repetition_is_not(self):
        self.level.send = False
        letter = self.waiting()
        self.print_out(letter)
        self.post(letter)
        reminder = letter.reminder_id
        with self.on(TODAY):
            reminder.action_send_again()
        again = self.letters(reminder) - letter
        self.print_out(again)
        with self.on(TODAY):
            again.action_not_printed()
        self.assertTrue(reminder.letter_id and reminder.letter_for_post)

    def test_rule_46_cancelled_while_it_lies_there_printed_needs_a_reason(self):
        self.level.send = False
        letter = self.waiting()
        reminder = letter.reminder_id
        wizard = self.env["upominky.cancel"].create({"reminder_ids": reminder.ids})
        self.assertFalse(wizard.printed_text)
        self.print_out(letter)
        wizard.invalidate_recordset()
        self.assertIn(reminder.name, wizard.printed_text)
        self.assertIn(self.env.user.name, wizard.printed_text)
        with self.on(TODAY):
            with self.assertRaisesRegex(UserError, f"was printed on .* by {self.env.user.name}"):
                reminder.action_cancel()
            self.assertEqual(reminder.state, "issued")
            reminder.action_cancel("A mistake.")
        self.assertEqual(reminder.state, "cancelled")

    def test_rule_22_send_now_to_a_corrected_address_leaves_one_letter_to_print(self):
        letter = self.letter_of(self.customer)
        self.customer.street = "Nová 5"
        with smtp_inbox(self.env) as inbox, self.on(TODAY):
            letter.reminder_id.action_send_now()
        old, new = self.letters(letter.reminder_id)
        self.assertEqual((old.state, new.state), ("cancelled", "to_print"))
        self.assertIn("Nová 5", new.email_to)
        self.assertFalse(inbox.messages)
