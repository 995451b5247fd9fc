"""SPEC rule 40: approved is what was shown to whoever approves, who is not who wrote it."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import Form

from ...models.jobs import asked_step
from ..common import TODAY, smtp_inbox
from .test_final_notice import FinalCommon

FORM = "upominky_addon.view_upominky_reminder_form"
CHANGED = "has changed since it was read"


class TestFinalShown(FinalCommon):
    def setUp(self):
        super().setUp()
        self.move = self.owed()
        self.reminder = self.generate()

    def shown(self, user=None):
        """Return what the button of a form hands over, as a person has it open."""
        with self.on(TODAY):
            form = Form(self.reminder.with_user(user or self.second), FORM)
            return {"upominky_read": [form.id, form.read_word]}

    def approve_as(self, shown, user=None, method="action_approve"):
        self.env.invalidate_all()
        with self.on(TODAY):
            mine = self.reminder.with_user(user or self.second).with_context(**shown)
            return getattr(mine, method)()

    def change(self, act):
        with self.enter_registry_test_mode(), self.on(TODAY):
            act()
        self.env.flush_all()

    def changes(self):
        template, level = self.level.mail_template_id, self.level
        mine = self.reminder.with_user(self.first)
        file = self.env["ir.attachment"].create({"name": "Terms.txt", "raw": b"Terms"})
        return {
            "a letter of its own": lambda: mine.action_change_letter("Hi", "<p>Pay</p>"),
            "another subject": lambda: template.write({"subject": "Pay!"}),
            "another text": lambda: template.write({"body_html": "<p>Pay or else!</p>"}),
            "another plain text": lambda: level.write({"text_template": "Pay."}),
            "another time to pay": lambda: level.write({"deadline_days": 9}),
            "other files": lambda: template.write({"attachment_ids": file.ids}),
            "invoices with it": lambda: level.write({"attach_invoices": "pdf"}),
            "another sender": lambda: level.write({"sender_id": self.first.id}),
            "another seat": lambda: self.customer.write({"street": "Nová 3"}),
            "paid in part": lambda: self.pay(self.move, 100),
        }

    def test_rule_40_what_was_changed_after_the_form_was_opened_is_not_approved(self):
        for method in ("action_approve", "action_approve_next"):
            for what, act in self.changes().items():
                with self.subTest(what, method=method), self.env.cr.savepoint() as savepoint:
                    shown = self.shown()
                    self.change(act)
                    told = self.approve_as(shown, method=method)
                    self.assertEqual(self.reminder.state, "to_approve")
                    self.assertIn(CHANGED, self.reminder.error)
                    self.assertIn(CHANGED, told["params"]["message"])
                    self.approve_as(self.shown())
                    self.assertEqual(self.reminder.state, "issued", self.reminder.error)
                    savepoint.rollback()
                self.env.invalidate_all()

    def test_rule_40_as_it_was_shown_it_is_approved_whoever_looks_and_whenever(self):
        self.second.lang = "cs_CZ"
        shown = self.shown()
        self.assertTrue(shown["upominky_read"][1])
        self.assertEqual(shown["upominky_read"][1], self.shown(self.first)["upominky_read"][1])
        with self.on(TODAY.replace(day=TODAY.day - 1) if TODAY.day > 1 else TODAY):
            self.assertEqual(self.reminder.read_word, shown["upominky_read"][1])
        self.approve_as(shown)
        self.assertEqual(self.reminder.state, "issued")
        self.assertFalse(self.reminder.with_user(self.second).read_word)

    def test_rule_40_what_a_caller_says_of_another_notice_or_nonsense_stops_nobody(self):
        for read in (None, 7, [], [self.reminder.id], [0, "x"], [self.reminder.id, False], "ab"):
            with self.subTest(read), self.env.cr.savepoint() as savepoint:
                self.approve_as({"upominky_read": read})
                self.assertEqual(self.reminder.state, "issued")
                savepoint.rollback()
            self.env.invalidate_all()
        self.approve_as({"upominky_read": [self.reminder.id, {"a": 1}]})
        self.assertEqual(self.reminder.state, "to_approve")

    def test_rule_40_other_levels_are_asked_for_no_word(self):
        self.level.write({"is_final": False})
        self.assertFalse(self.shown()["upominky_read"][1])
        self.approve_as({"upominky_read": [self.reminder.id, "another"]})
        self.assertEqual(self.reminder.state, "issued")

    def test_rule_40_left_to_the_job_it_is_approved_as_it_was_when_it_was_asked(self):
        other = self.customer.copy({"name": "Jiná s.r.o.", "email": "jina@jina.example"})
        self.owed(partner=other)
        reminders = self.reminder | self.generate()
        self.assertEqual(len(reminders), 2)
        with patch.object(asked_step, "AT_ONCE", 1), self.on(TODAY):
            reminders.with_user(self.second).action_approve()
        mine = self.reminder.with_user(self.first)
        self.change(lambda: mine.action_change_letter("Hi", "<p>Pay</p>"))
        with smtp_inbox(self.env) as inbox:
            self.send()
        self.assertEqual(self.reminder.state, "to_approve")
        self.assertIn(CHANGED, self.reminder.error)
        self.assertEqual((reminders - self.reminder).state, "sent")
        self.assertEqual(len(inbox.messages), 1)

    # --------------------------------------------------------------- four eyes

    def test_rule_40_who_rewrote_it_may_not_approve_it_where_four_eyes_are_wanted(self):
        self.company.upominky_four_eyes = True
        mine = self.reminder.with_user(self.first)
        self.change(lambda: mine.action_change_letter("Hi", "<p>Pay at once</p>"))
        self.assertEqual(self.reminder.rewritten_by_id, self.first)
        with self.assertRaisesRegex(UserError, "was rewritten by .*first_eyes"):
            self.approve_as({}, self.first)
        self.approve_as({}, self.second)
        self.assertEqual(self.reminder.state, "issued")

    def test_rule_40_once_it_says_again_what_its_template_says_he_may(self):
        self.company.upominky_four_eyes = True
        mine = self.reminder.with_user(self.first)
        self.change(lambda: mine.action_change_letter("Hi", "<p>Pay at once</p>"))
        self.change(mine.action_restore_letter)
        self.assertFalse(self.reminder.rewritten_by_id)
        self.approve_as({}, self.first)
        self.assertEqual(self.reminder.state, "issued")

    def test_rule_40_without_four_eyes_the_writer_approves_it(self):
        mine = self.reminder.with_user(self.first)
        self.change(lambda: mine.action_change_letter("Hi", "<p>Pay at once</p>"))
        self.approve_as({}, self.first)
        self.assertEqual(self.reminder.state, "issued")
