"""SPEC rule 36: people print letters: the kept one, or what the message would say today."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError

from ...models.delivery.letter import printing
from ..common import TODAY, smtp_inbox
from ..pages import pages
from ..rights import USERS, RightsCommon
from .test_letter_pages import REPORT, PaperCommon


class TestLetterPrinted(PaperCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.move = cls.invoice(due=10)

    def printed_today(self, reminders):
        with self.on(TODAY):
            return pages(self.printed(reminders))

    def test_rule_36_an_unsent_letter_says_what_would_be_sent_today_and_that_it_was_not(self):
        reminder = self.generate()
        self.pay(self.move, 100)
        (page,) = self.printed_today(reminder)
        self.assertIn("12,000.00", page)
        self.assertIn("Not sent yet", page)
        self.env.invalidate_all()
        self.assertEqual(reminder.line_ids.amount_due, 12100)
        self.assertFalse(reminder.letter_id)

    def test_rule_36_one_that_is_not_e_mailed_is_printed_to_be_posted(self):
        self.level.send = False
        (page,) = self.printed_today(self.generate())
        self.assertNotIn("Not sent yet", page)

    def test_rule_36_one_that_failed_is_there_to_be_posted_and_what_was_sent_has_a_copy(self):
        self.level.attach_letter = True
        with smtp_inbox(self.env, {"fakturace@odberatel.example": "550 nobody"}):
            reminder = self.generate()
            self.send()
        self.assertEqual((reminder.state, bool(reminder.letter_id)), ("failed", True))
        self.pay(self.move, 100)
        (page,) = self.printed_today(reminder)
        self.assertIn("12,000.00", page)
        for said in ("Not sent yet", "Copy made on"):
            self.assertNotIn(said, page)
        self.env.invalidate_all()
        with self.on(TODAY):
            reminder.action_mark_sent()
        self.assertFalse(reminder.letter_id)  # what the e-mail was to carry nobody got
        self.assertIn("Copy made on", self.printed_today(reminder)[0])

    def test_rule_36_what_would_not_be_sent_is_not_printed(self):
        reminder = self.generate()
        self.pay(self.move)
        with self.assertRaisesRegex(UserError, "Nothing would be sent: Everything was paid"):
            self.printed_today(reminder)
        reminder.sudo()._cancel("No more.")
        with self.assertRaisesRegex(UserError, "asks for nothing any more"):
            self.printed_today(reminder)

    def test_rule_36_the_kept_letter_is_printed_as_it_went_out(self):
        self.level.attach_letter = True
        with smtp_inbox(self.env):
            reminder = self.generate()
            self.send()
        self.pay(self.move, 100)
        with self.on(TODAY):
            self.assertEqual(self.printed(reminder), reminder.letter_id.sudo().raw)

    def test_rule_36_many_are_one_file_and_each_counts_its_own_pages(self):
        other = self.new_customer("Second", "second@second.example")
        self.invoice(other, due=10)
        reminders = self.generate()
        found = self.printed_today(reminders)
        self.assertEqual([page.count("Page 1 of 1") for page in found], [1, 1])
        self.pay(self.move)
        with self.assertRaisesRegex(UserError, rf"{reminders[0].name}: Nothing would be sent"):
            self.printed_today(reminders)

    def test_rule_36_what_the_program_attaches_says_nothing_about_reading(self):
        reminder = self.generate()
        with self.on(TODAY):
            (data,) = reminder.sudo()._print_letters().values()
        self.assertNotIn("Not sent yet", pages(data)[0])

    def test_rule_36_too_many_and_none_are_refused(self):
        reminders = self.generate()
        with self.assertRaisesRegex(UserError, "Choose reminders"):
            reminders.browse().action_print_letter()
        with (
            patch.object(printing, "MOST_PRINTED", 0),
            self.assertRaisesRegex(UserError, "At most 0 letters"),
        ):
            reminders.action_print_letter()

    def test_rule_36_the_button_prints_an_ordinary_report(self):
        reminder = self.generate()
        action = reminder.action_print_letter()
        self.assertEqual(action["type"], "ir.actions.report")
        self.assertEqual(action["report_name"], "upominky_addon.letter")
        self.assertEqual(action["context"]["active_ids"], reminder.ids)
        with self.on(TODAY), self.enter_registry_test_mode():
            html = self.env["ir.actions.report"]._render_qweb_html(REPORT, reminder.ids)[0]
        self.assertIn(self.move.name, html.decode())


class TestLetterPrintedRights(RightsCommon):
    def test_rule_29_only_those_who_work_with_a_reminder_print_it(self):
        company = self.companies["ours"]
        reminders = self.env["upominky.reminder"].sudo()
        reminder = reminders.search([("company_id", "=", company.id)], limit=1)
        for role, user in self.users.items():
            mine = reminder.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
            report = mine.env["ir.actions.report"].with_context(force_report_rendering=True)
            with self.subTest(role):
                for ask in (
                    mine.action_print_letter,
                    lambda report=report: report._render_qweb_html(REPORT, reminder.ids),
                    lambda report=report: report._render_qweb_pdf(REPORT, reminder.ids),
                ):
                    if role in USERS and mine.has_access("read"):
                        with self.on(TODAY), self.enter_registry_test_mode():
                            ask()
                    else:
                        with self.assertRaises(AccessError):
                            ask()
