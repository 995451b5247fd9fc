"""SPEC rules 34, 40 and 46: a final notice on paper is the one that was approved, and is kept."""

from datetime import timedelta

from odoo.exceptions import UserError

from ..common import TODAY, smtp_inbox
from ..pages import pages
from ..paper.test_letters_by_post import PostCommon
from .test_final_notice import FinalCommon


class TestFinalByPost(FinalCommon, PostCommon):
    def approved(self):
        """Return an approved final notice whose letter waits to be printed."""
        reminder = self.generate()
        self.assertEqual(reminder.state, "to_approve")
        self.approve(reminder)
        self.send()
        self.assertEqual(self.letters(reminder).state, "to_print")
        return reminder

    def test_rule_40_what_changed_since_the_approval_is_not_printed(self):
        reminder = self.approved()
        self.pay(self.move, 10000)
        with self.assertRaisesRegex(UserError, "changed since it was approved"):
            self.print_out(self.letters(reminder))
        self.assertEqual((reminder.state, self.letters(reminder).state), ("to_approve", "to_print"))
        self.approve(reminder)
        self.assertIn("2,100.00", " ".join(pages(self.print_out(self.letters(reminder)))))

    def test_rule_34_the_day_on_paper_is_the_day_that_counts(self):
        reminder = self.approved()
        printed = TODAY + timedelta(days=5)
        (page,) = pages(self.print_out(self.letters(reminder), printed))
        deadline = printed + timedelta(days=14)
        self.assertEqual(reminder.deadline, deadline)
        self.assertIn(reminder.deadline_text, page)

    def test_rule_40_posted_late_it_would_leave_less_time_than_the_law_asks(self):
        reminder = self.approved()
        self.print_out(self.letters(reminder))
        late = TODAY + timedelta(days=8)
        with self.assertRaisesRegex(UserError, "less than 7 days"):
            self.post(self.letters(reminder), late, today=late)
        in_time = TODAY + timedelta(days=7)
        self.post(self.letters(reminder), in_time, today=late)
        self.assertEqual((reminder.state, reminder.sent_date), ("sent", in_time))

    def test_rule_40_marked_as_sent_by_hand_it_keeps_its_letter(self):
        reminder = self.generate()
        self.approve(reminder)
        with self.on(TODAY):
            reminder.action_mark_sent(TODAY, "post", "RR123456789CZ")
        self.assertEqual(reminder.state, "sent")
        self.assertTrue(reminder.letter_id and reminder.letter_sha256 and reminder.letter_is_out)
        self.assertIn("12,100.00", " ".join(pages(reminder.letter_id.sudo().raw)))

    def test_rule_40_what_was_paid_since_is_not_marked_as_sent(self):
        reminder = self.generate()
        self.approve(reminder)
        self.pay(self.move, 10000)
        with self.on(TODAY), self.assertRaisesRegex(UserError, "changed since it was approved"):
            reminder.action_mark_sent(TODAY, "post", "RR123456789CZ")

    def test_rule_34_marked_as_sent_by_post_the_day_on_paper_stays(self):
        reminder = self.approved()
        printed, late = TODAY + timedelta(days=2), TODAY + timedelta(days=12)
        self.print_out(self.letters(reminder), printed)
        for day, words in ((TODAY, "was printed on"), (late, "less than 7 days")):
            with self.on(late), self.assertRaisesRegex(UserError, words):
                reminder.action_mark_sent(day, "post", "RR123456789CZ")
        with self.on(late):
            reminder.action_mark_sent(printed, "post", "RR123456789CZ")
        self.assertEqual(reminder.deadline, printed + timedelta(days=14))

    def test_rule_40_the_proof_of_one_that_went_another_way_stays(self):
        reminder = self.approved()
        letter = self.letters(reminder)
        self.print_out(letter)
        with self.on(TODAY):
            reminder.action_mark_sent(TODAY, "data_box", "1234")
            kept = reminder.letter_id
            if letter.state == "printed":
                letter.action_leave_out()
        self.assertTrue(kept)
        self.assertEqual(reminder.letter_id, kept)

    def test_rule_40_a_letter_beside_an_e_mail_that_is_out_is_posted_late_too(self):
        self.level.send = True
        with smtp_inbox(self.env):
            reminder = self.approved()
        self.assertEqual(reminder.state, "sent")
        self.print_out(self.letters(reminder), TODAY + timedelta(days=1))
        late, letter = TODAY + timedelta(days=9), self.letters(reminder)
        with self.on(TODAY + timedelta(days=7)):
            self.assertFalse(letter.post_warning)
        letter.invalidate_recordset(["post_warning"])
        with self.on(late):
            self.assertIn("leaves less than 7 days", letter.post_warning)
        self.assertFalse(reminder.note)
        self.post(letter, late, today=late)
        self.assertEqual(letter.state, "sent")
        self.assertIn("leaves less than 7 days", reminder.note)

    def test_rule_38_and_40_once_its_rate_is_there_it_is_read_and_approved(self):
        rate = self.env["upominky.rate"].sudo().search([("regime", "=", "cz")])
        copies = [(r.date_from, r.percent) for r in rate]
        rate.unlink()
        self.company.upominky_regime = "cz"
        self.level.interest = "statutory"
        reminder = self.generate()
        with self.assertRaisesRegex(UserError, "no base rate"):
            self.approve(reminder)
        self.env["upominky.rate"].sudo().create(
            [{"regime": "cz", "date_from": day, "percent": percent} for day, percent in copies]
        )
        for _reading in range(2):  # what is asked was not there to be read before
            self.approve(reminder)
        self.assertEqual(reminder.state, "issued", reminder.error)
        self.assertTrue(reminder.claim_totals)

    def test_rule_40_a_changed_one_is_not_marked_as_sent(self):
        reminder = self.generate()
        self.approve(reminder)
        self.customer.street = "Jiná 5"
        with self.on(TODAY), self.assertRaisesRegex(UserError, "changed since it was approved"):
            reminder.action_mark_sent(TODAY, "post", "RR123456789CZ")

    def changed(self, **values):
        """Change what an approved level with interest asks; return the notice, approved anew."""
        self.level.write({"interest": "contractual", "interest_percent": 10})
        reminder = self.approved()
        self.level.write(values)
        with self.assertRaisesRegex(UserError, "changed since it was approved"):
            self.print_out(self.letters(reminder))
        self.approve(reminder)
        return reminder

    def test_rule_40_other_interest_is_approved_anew_and_more_days_are_not(self):
        reminder = self.changed(interest_percent=12)
        self.print_out(self.letters(reminder), TODAY + timedelta(days=3))
        self.assertEqual(self.letters(reminder).state, "printed")

    def test_rule_40_other_costs_are_approved_anew(self):
        self.changed(flat_cost=1200)
