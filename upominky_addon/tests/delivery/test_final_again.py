"""SPEC rules 34 and 40: what is read is approved once, in all languages, and waits for nothing."""

from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import UserError

from ..common import TODAY, smtp_inbox
from ..paper.test_letters_by_post import PostCommon
from .test_final_notice import FinalCommon

ONE_DAY = timedelta(days=1)
CHANGED = "changed since it was approved"


class TestFinalOnce(FinalCommon, PostCommon):
    def offices(self):
        """Return two invoice addresses of the customer, each with an invoice of its own."""
        place = {"zip": "301 00", "city": "Plzeň", "country_id": self.cz().id}
        common = {"parent_id": self.customer.id, "type": "invoice", **place}
        contacts = self.env["res.partner"].create(
            [
                {**common, "name": name, "street": f"{name} 1", "email": f"{name}@x.example"}
                for name in ("Alfa", "Beta")
            ]
        )
        for contact in contacts:
            self.owed(partner=contact)
        return contacts

    def test_rule_40_one_approval_does_whoever_of_two_contacts_the_letter_is_for(self):
        self.move.button_cancel()
        for by_email in (False, True):
            with self.subTest(by_email=by_email), self.env.cr.savepoint() as savepoint:
                self.level.send = by_email
                contacts = self.offices()
                reminders = self.generate()
                self.assertEqual(len(reminders), 2)
                self.approve(reminders)
                refused = {contact.email: "451 later" for contact in contacts}
                with smtp_inbox(self.env, refused):
                    self.send()
                letters = self.letters(reminders)
                self.assertEqual(letters.postal_partner_id, contacts)
                self.print_out(letters)
                self.assertEqual(
                    letters.mapped("state"), ["printed"] * 2, reminders.mapped("error")
                )
                for letter in letters:
                    page = letter.reminder_id._letter_page(TODAY)
                    self.assertIn(letter.postal_partner_id.street, page)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_rule_40_it_is_read_in_the_languages_of_all_who_get_it(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.level.write({"send": True, "send_letter": False, "contact": "both"})
        other = self.new_customer("Jana", "jana@dopravce.example", lang="de_DE")
        self.move.upominky_contact_id = other
        reminder = self.generate()
        self.assertIn("de_DE", (reminder.recipient_langs or {}).values())
        self.approve(reminder)
        template = self.level.mail_template_id.with_context(lang="de_DE")
        template.subject = "Ganz anders"
        with smtp_inbox(self.env) as inbox:
            self.send()
        self.assertFalse(inbox.messages)
        self.assertEqual(reminder.state, "to_approve")
        self.assertIn(CHANGED, reminder.error)
        self.approve(reminder)
        with smtp_inbox(self.env) as inbox:
            self.send()
        self.assertEqual(len(inbox.messages), 2, reminder.error)

    def test_rule_40_an_approval_writes_the_notice_once(self):
        reminder = self.generate()
        render = type(reminder)._render
        with patch.object(
            self.env.registry["upominky.reminder"], "_render", autospec=True, side_effect=render
        ) as rendering:
            self.approve(reminder)
        self.assertEqual((reminder.state, rendering.call_count), ("issued", 1))

    def test_rule_40_after_a_later_level_it_is_neither_approved_nor_sent(self):
        self.level.write({"send": False, "send_letter": False})
        reminder = self.generate()
        self.approve(reminder)
        self.assertEqual((reminder.state, reminder.to_send), ("issued", False))
        second = self.rule.level_ids[1]
        second.write({"days_overdue": 12, "send": False})
        later = self.generate(TODAY + 30 * ONE_DAY)
        self.assertEqual(later.level_order, 2)
        words = f"{later.name}, a later reminder, asks for it already"
        late = self.on(TODAY + 31 * ONE_DAY)
        with smtp_inbox(self.env) as inbox, late, self.enter_registry_test_mode():
            reminder.with_user(self.first).action_send_now()
        self.assertFalse(inbox.messages)
        self.assertEqual(reminder.state, "to_approve")
        self.assertIn(words, reminder.error)
        with self.assertRaisesRegex(UserError, "a later reminder, asks for it already"):
            self.approve(reminder)
        later.sudo()._cancel("Mistake")
        self.approve(reminder)
        self.assertEqual(reminder.state, "issued")


class TestDeadlinesOfNobody(PostCommon):
    """Where nobody has a reminder no level waits for its day; where somebody may, it does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level.deadline_days = 14

    def next_of(self, reminder):
        reminder.line_ids.move_id.invalidate_recordset(["upominky_next_date"])
        with self.on(TODAY):
            return reminder.line_ids.move_id.upominky_next_date

    def test_rule_34_what_stops_before_its_message_names_no_day(self):
        self.level.write({"send": True, "send_letter": False})
        reminder = self.generate()
        with smtp_inbox(self.env, {"fakturace@odberatel.example": "451 later"}):
            self.send()
            self.assertTrue(reminder.deadline)
            self.level.mail_template_id.active = False
            self.send(TODAY + ONE_DAY)
        self.assertEqual((reminder.state, reminder.deadline), ("failed", False))

    def test_rule_34_a_printed_letter_may_be_posted_until_a_person_says_that_it_is_not(self):
        letter = self.waiting()
        reminder = letter.reminder_id
        self.print_out(letter)
        with self.on(TODAY):
            reminder.action_cancel("Mistake", "skip")
        self.assertEqual((reminder.state, letter.state), ("cancelled", "printed"))
        deadline = TODAY + 14 * ONE_DAY
        self.assertEqual(reminder.deadline, deadline)
        self.assertGreater(self.next_of(reminder), deadline)
        with self.on(TODAY):
            letter.action_leave_out()
        self.assertEqual((letter.state, reminder.deadline), ("cancelled", False))
        second = self.rule.level_ids[1]
        days = max(1, second.days_overdue - self.level.days_overdue)
        after = max(TODAY + days * ONE_DAY, TODAY + (second.days_overdue - 10) * ONE_DAY)
        self.assertEqual(self.next_of(reminder), after)

    def test_rule_34_a_letter_that_only_waits_is_nobodys(self):
        letter = self.waiting()
        reminder = letter.reminder_id
        with self.on(TODAY):
            reminder.action_cancel("Mistake", "skip")
        self.assertEqual((letter.state, reminder.deadline), ("cancelled", False))

    def test_rule_34_sent_and_cancelled_it_waits_until_it_came_back(self):
        self.level.write({"send": True, "send_letter": False})
        reminder = self.generate()
        with smtp_inbox(self.env):
            self.send()
        with self.on(TODAY):
            reminder.action_cancel("Mistake")
        self.assertTrue(reminder.deadline)
        reminder.sudo().delivery_ids._set_state("bounced")
        reminder.sudo()._settle()
        self.assertFalse(reminder.deadline)
