"""Bad input gets a sentence that says what is wrong and what to do."""

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user

from ..common import TODAY, UpominkyCommon, smtp_inbox


class TestBadInput(UpominkyCommon):
    def level(self, **values):
        return Command.create({"name": "L", "order": 1, "days_overdue": 7, **values})

    def new_rule(self, *levels, **values):
        return self.env["upominky.rule"].create(
            {"name": "R", "company_id": self.company.id, "level_ids": list(levels), **values}
        )

    def test_rules_and_levels(self):
        invoice_template = self.env.ref("account.email_template_edi_invoice")
        for sentence, levels, values in (
            ("has no level", (), {}),
            ("two levels with the order 1", (self.level(), self.level()), {}),
            ("starts at 1", (self.level(order=0),), {}),
            ("Enter 1 or more", (self.level(days_overdue=0),), {}),
            ("another kind", (self.level(mail_template_id=invoice_template.id),), {}),
            ("exactly one", (self.level(), self.level(order=2)), {"event": "resend"}),
            ("must not be negative", (self.level(),), {"min_amount": -1}),
        ):
            with self.subTest(sentence=sentence), self.assertRaisesRegex(ValidationError, sentence):
                self.new_rule(*levels, **values)

    def test_two_levels_change_places_in_one_save(self):
        rule = self.new_rule(self.level(), self.level(order=2, days_overdue=14))
        first, second = rule.level_ids
        rule.write(
            {
                "level_ids": [
                    Command.update(first.id, {"order": 2}),
                    Command.update(second.id, {"order": 1}),
                ]
            }
        )
        self.env.flush_all()
        self.assertEqual((first.order, second.order), (2, 1))

    def test_a_rule_emptied_by_hand_warns_on_its_form(self):
        rule = self.new_rule(self.level())
        self.assertFalse(rule.level_warning)
        rule.level_ids.unlink()
        rule.invalidate_recordset()
        self.assertIn("no level", rule.level_warning)

    def test_an_invoice_with_a_reminder_cannot_be_deleted(self):
        move = self.invoice(due=10)
        reminder = self.generate()
        move.button_draft()
        with self.assertRaisesRegex(UserError, reminder.name):
            move.with_context(force_delete=True).unlink()
        reminder.action_cancel()
        move.with_context(force_delete=True).unlink()
        self.assertTrue(reminder.exists())

    def test_a_mailed_reminder_is_cancelled_with_a_reason_only(self):
        self.invoice(due=10)
        with smtp_inbox(self.env):
            reminder = self.generate()
            self.send()
        with self.assertRaisesRegex(UserError, "give a reason"):
            reminder.action_cancel()
        reminder.action_cancel("Sent to the wrong person")
        self.assertEqual(reminder.state, "cancelled")
        self.assertTrue(reminder.line_ids.counted)

    def test_rights(self):
        self.invoice(due=10)
        reminder = self.generate()
        accountant = new_test_user(
            self.env, "acc", "account.group_account_invoice", company_id=self.company.id
        )
        user = new_test_user(
            self.env, "upo", "upominky_addon.group_user", company_id=self.company.id
        )
        for action in ("action_approve", "action_send_now", "action_retry", "action_mark_sent"):
            with self.subTest(action=action), self.assertRaises(AccessError):
                getattr(reminder.with_user(accountant), action)()
        with self.assertRaises(AccessError):
            reminder.with_user(user).write({"state": "sent"})
        with self.assertRaises(AccessError):
            self.rule.with_user(user).write({"name": "Changed"})
        with self.on(TODAY):
            reminder.with_user(user).action_mark_sent()
        self.assertEqual(reminder.state, "sent")

    def test_companies_do_not_see_each_other(self):
        self.invoice(due=10)
        reminder = self.generate()
        other = self.env["res.company"].create({"name": "Other", "parent_id": self.company.id})
        stranger = new_test_user(
            self.env,
            "stranger",
            "upominky_addon.group_manager",
            company_id=other.id,
            company_ids=other.ids,
        )
        self.assertFalse(
            self.env["upominky.reminder"].with_user(stranger).search([("id", "=", reminder.id)])
        )
        with self.assertRaises(AccessError):
            reminder.with_user(stranger).action_mark_sent()
