"""SPEC rule 46: Odoo's Snailmail prints and posts letters, and says what became of them."""

from unittest.mock import patch

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

    def answer(self, letter, **document):
        """Have the service answer; an exception in the place of an answer is a lost line."""

        def ask(url, params=None, timeout=None, **more):
            if "raises" in document:
                raise document["raises"]
            self.asked = params["documents"]
            documents = [{**each, **document} for each in params["documents"]]
            return {"request_code": 200, "request": {"documents": documents}}

        notify = patch.object(type(self.env["iap.account"]), "_send_success_notification")
        credit = patch.object(type(self.env["iap.account"]), "_send_no_credit_notification")
        with patch.object(iap_tools, "iap_jsonrpc", ask), notify, credit, self.on(TODAY):
            letter._snailmail_print()

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

    def test_rule_23_nobody_knows_what_became_of_it(self):
        letter = self.hand_over()
        with self.assertRaises(AccessError):
            self.answer(letter, raises=AccessError("timeout"))
        letter.write({"state": "error", "error_code": "UNKNOWN_ERROR"})
        self.assertEqual((self.letter.state, self.reminder.state), ("printed", "issued"))
        self.assertIn("Nobody knows whether Snailmail", self.letter.error)

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
