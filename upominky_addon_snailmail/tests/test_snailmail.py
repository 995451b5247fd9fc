"""SPEC rule 46: Odoo's Snailmail prints and posts letters, and says what became of them."""

from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.iap.tools import iap_tools
from odoo.addons.upominky_addon.tests.common import TODAY
from odoo.addons.upominky_addon.tests.paper.test_letters_by_post import PostCommon


@tagged("post_install", "-at_install", "upominky_addon")
class TestSnailmail(PostCommon):
    def setUp(self):
        super().setUp()
        self.letter = self.waiting()
        self.reminder = self.letter.reminder_id
        self.startPatcher(patch.object(self.env.cr, "commit", lambda: None))

    def hand_over(self):
        with self.on(TODAY):
            self.letter.action_snailmail()
        return self.letter.sudo().snailmail_ids[-1:]

    @contextmanager
    def service(self, asks=None, **document):
        """Have the service answer; an exception in the place of an answer is a lost line.

        :param asks: called with the letters while the service is asked
        """
        self.asked = []

        def ask(url, params=None, timeout=None, **more):
            self.asked += params["documents"]
            if asks:
                asks()
            if "raises" in document:
                raise document["raises"]
            documents = [{**each, **document} for each in params["documents"]]
            return {"request_code": 200, "request": {"documents": documents}}

        notify = patch.object(type(self.env["iap.account"]), "_send_success_notification")
        credit = patch.object(type(self.env["iap.account"]), "_send_no_credit_notification")
        with patch.object(iap_tools, "iap_jsonrpc", ask), notify, credit, self.on(TODAY):
            yield

    def answer(self, letter, **document):
        with self.service(**document):
            letter._snailmail_print()

    def cron(self, **document):
        """Run Odoo's job, and return how many letters the service was asked to post."""
        with self.service(**document):
            self.env["snailmail.letter"]._snailmail_cron(autocommit=False)
        return len(self.asked)

    def test_rule_46_snailmail_gets_the_kept_letter_and_says_that_it_was_posted(self):
        letter = self.hand_over()
        self.assertEqual((self.letter.state, letter.state), ("printed", "pending"))
        self.assertEqual(letter.attachment_id, self.reminder.letter_id)
        self.assertIn("Snailmail has it", self.letter.post_warning)
        self.answer(letter, sent=True, send_id="7")
        self.assertEqual(self.asked[0]["pdf_bin"].encode(), self.reminder.letter_id.sudo().datas)
        self.assertEqual((self.letter.state, self.reminder.state), ("sent", "sent"))
        self.assertEqual(self.reminder.sent_date, TODAY)

    def test_rule_46_what_it_refuses_waits_again_and_says_why(self):
        letter = self.hand_over()
        self.answer(letter, sent=False, error="CREDIT_ERROR")
        self.assertEqual((self.letter.state, self.reminder.state), ("to_print", "issued"))
        self.assertIn("CREDIT_ERROR", self.reminder.error)
        self.assertEqual(letter.state, "canceled", "else Odoo's job posts it by itself later")
        letter.write({"state": "pending"})  # as its Retry does, before it asks the service
        self.assertEqual(self.letter.state, "printed")

    def test_rule_23_nobody_knows_what_became_of_it_and_it_is_not_asked_again(self):
        letter = self.hand_over()
        lost = AccessError("timeout")
        try:  # assertRaises of Odoo takes back what the program committed
            self.answer(letter, raises=lost)
        except AccessError as error:
            self.assertIs(error, lost)
        self.assertEqual(len(self.asked), 1)
        self.assertEqual((self.letter.state, self.reminder.state), ("printed", "issued"))
        self.assertIn("Nobody knows whether Snailmail", self.letter.error)
        self.assertEqual(self.cron(sent=True, send_id="7"), 0)
        with self.on(TODAY + timedelta(days=1)):
            letter.write({"state": "pending"})  # a person looked there and has it tried again
        self.assertEqual(self.cron(sent=True, send_id="7"), 1)
        self.assertEqual((self.letter.state, self.letter.error), ("sent", False))

    def test_rule_23_it_is_marked_before_the_service_is_asked(self):
        """A process that dies while it waits for the answer leaves it marked."""
        letter, found = self.hand_over(), []

        def look():
            self.env.cr.execute(
                "SELECT state, error_code FROM snailmail_letter WHERE id = %s", [letter.id]
            )
            found.extend(self.env.cr.fetchall())

        with self.service(asks=look, sent=True, send_id="7"):
            letter._snailmail_print()
        self.assertEqual(found, [("error", "UNKNOWN_ERROR")])
        self.assertEqual(self.letter.state, "sent")

    def test_rule_23_an_answer_that_meets_another_transaction_is_told_the_next_time(self):
        letter = self.hand_over()
        collision = patch.object(
            type(self.letter), "_snailmail_sent", side_effect=SerializationFailure("could not")
        )
        with collision, self.assertLogs(level="WARNING"):
            self.answer(letter, sent=True, send_id="7")
        self.assertEqual((letter.state, self.letter.state), ("sent", "printed"))
        self.assertEqual(self.cron(), 0)
        self.assertEqual((self.letter.state, self.reminder.state), ("sent", "sent"))

    def assert_not_posted(self, happens, state, words=""):
        """Odoo's job comes once a day: the letter is read again the moment it would go."""
        letter = self.hand_over()
        with self.on(TODAY):
            happens()
        self.assertEqual(self.cron(sent=True, send_id="7"), 0)
        # With a file that nobody has any more, Odoo's letter is gone too.
        self.assertEqual({*letter.exists().mapped("state")} - {"canceled"}, set())
        self.assertEqual(self.letter.state, state)
        self.assertIn(words, str(self.letter.error or ""))

    def test_rule_17_what_was_paid_meanwhile_is_not_posted(self):
        self.assert_not_posted(lambda: self.pay(self.move), "to_print", "paid")

    def test_rule_16_what_was_switched_off_meanwhile_is_not_posted(self):
        self.assert_not_posted(lambda: self.company.write({"upominky_mode": "off"}), "to_print")

    def test_rule_28_what_was_cancelled_meanwhile_is_not_posted(self):
        self.assert_not_posted(self.cancel, "cancelled")
        self.assertEqual(self.reminder.state, "cancelled")

    def test_rule_46_what_was_taken_back_meanwhile_is_not_posted(self):
        self.assert_not_posted(self.letter.action_not_printed, "to_print")

    def test_rule_46_what_was_posted_by_hand_meanwhile_is_not_posted_again(self):
        self.assert_not_posted(lambda: self.post(self.letter), "sent")

    def test_rule_46_what_a_person_said_was_posted_is_not_posted_again(self):
        self.assert_not_posted(self.mark_posted, "sent")

    def cancel(self):
        self.reminder.action_cancel("moved away")

    def mark_posted(self):
        self.reminder.action_mark_sent(TODAY, "post")

    def test_rule_23_while_it_is_handed_over_it_stays_as_it_is(self):
        letter, said = self.hand_over(), []
        steps = (
            self.cancel,
            self.mark_posted,
            self.letter.action_not_printed,
            letter.cancel,
            lambda: letter.write({"state": "pending"}),
        )

        def meanwhile():
            for step in steps:
                try:
                    step()
                except UserError as error:
                    said.append(str(error))

        with self.service(asks=meanwhile, sent=True, send_id="7"):
            letter._snailmail_print()
        self.assertEqual(len(said), len(steps))
        self.assertEqual({"handed to Snailmail at this moment" in words for words in said}, {True})
        self.assertEqual((letter.state, self.letter.state), ("sent", "sent"))

    def test_rule_46_what_is_only_handed_over_is_not_called_sent(self):
        self.hand_over()
        bodies = " ".join(self.reminder.message_ids.mapped("body"))
        self.assertIn("handed over to Snailmail", bodies)
        self.assertNotIn("Letter sent by post", bodies)

    def test_rule_46_what_was_cancelled_there_waits_again_and_another_way_wins(self):
        letter = self.hand_over()
        letter.cancel()
        self.assertEqual(self.letter.state, "to_print")
        self.print_out(self.letter)
        self.post(self.letter)
        with self.assertRaisesRegex(UserError, "went another way"):
            letter.snailmail_print()

    def test_rule_46_an_address_that_is_too_short_for_it_is_refused(self):
        self.letter.sudo().postal_partner_id.zip = False
        with self.on(TODAY), self.assertRaisesRegex(UserError, "Snailmail needs a street"):
            self.letter.action_snailmail()
        self.assertEqual(self.letter.state, "to_print")

    def test_rule_29_only_those_who_work_with_reminders_see_and_move_them(self):
        letter = self.hand_over()
        clerk = new_test_user(self.env, "clerk", "base.group_user", company_id=self.company.id)
        theirs = self.env["snailmail.letter"].with_user(clerk)
        self.assertFalse(theirs.search([("id", "=", letter.id)]))
        with self.assertRaises(AccessError):
            theirs.browse(letter.id).write({"state": "sent"})
        values = {"model": "res.partner", "res_id": 1, "partner_id": self.customer.id}
        with self.assertRaises(AccessError):
            theirs.create({**values, "upominky_delivery_id": self.letter.id})
        self.assertEqual(self.letter.state, "printed")
