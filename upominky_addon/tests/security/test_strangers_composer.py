"""SPEC rule 23: a reminder is mailed by the sending job alone; what people write stays theirs."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..rights import RightsCommon

WHAT_TO_DO = "Send Now.*Retry"


@tagged("post_install", "-at_install", "upominky_addon")
class TestStrangersComposer(RightsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reminder = cls.world["ours"]["upominky.reminder"]
        cls.template = cls.reminder.level_id.mail_template_id

    def composer(self, records, mode="comment", template=None, **values):
        Composer = self.env["mail.compose.message"].with_env(records.env)
        return Composer.create(
            {
                "composition_mode": mode,
                "model": records._name,
                "res_ids": str(records.ids),
                "template_id": template and template.id,
                "partner_ids": self.customer.ids,
                **values,
            }
        )

    def callers(self):
        """Yield the reminder as those who may read it: people, an administrator, the program."""
        for role in ("user", "manager"):
            yield role, self.as_role(self.reminder, role)
        yield "the program", self.reminder.sudo()

    def action(self):
        return self.env["ir.actions.server"].create(
            {
                "name": "Mail",
                "model_id": self.env["ir.model"]._get_id("upominky.reminder"),
                "state": "mail_post",
                "mail_post_method": "email",
                "template_id": self.template.id,
            }
        )

    def roads(self, mine):
        """Return what would mail a reminder, by its name."""
        template = self.template.with_env(mine.env)
        here = {"active_model": mine._name, "active_ids": mine.ids, "active_id": mine.id}
        action = self.action().with_env(mine.env).sudo().with_context(**here)
        customer = self.customer.sudo()
        written = {
            "written": (mine, "comment", template),
            "mass": (mine, "mass_mail", template),
            "mass, without one": (mine, "mass_mail"),
            "of another document": (customer, "mass_mail", self.template.sudo()),
        }
        later = "2026-06-30 08:00:00"
        return {
            **{
                name: lambda given=given: self.composer(*given)._action_send_mail()
                for name, given in written.items()
            },
            "scheduled": lambda: self.composer(
                mine, "comment", template, scheduled_date=later
            )._action_schedule_message(),
            "send_mail": lambda: template.send_mail(mine.id),
            "batch": lambda: template.send_mail_batch(mine.ids),
            "posted": lambda: mine.message_post_with_source(template),
            "mailed": lambda: mine.message_mail_with_source(template),
            "an action": action.run,
        }

    def test_rule_23_no_road_of_odoos_mails_a_reminder(self):
        for caller, mine in self.callers():
            for name, road in self.roads(mine).items():
                with self.subTest(caller=caller, road=name):
                    self.assert_refused(road)

    def assert_refused(self, call):
        before = self.env["mail.mail"].sudo().search_count([])
        error = self.outcome(call)
        self.assertIsInstance(error, UserError)
        self.assertRegex(str(error), WHAT_TO_DO)
        self.assertEqual(self.env["mail.mail"].sudo().search_count([]), before)

    def test_rule_23_rules_are_not_mailed_in_masses_either(self):
        rule = self.as_role(self.world["ours"]["upominky.rule"], "manager")
        composer = self.composer(rule, "mass_mail", body="<p>x</p>")
        self.assert_refused(composer._action_send_mail)

    def test_what_a_person_writes_to_the_customer_is_posted(self):
        mine = self.as_role(self.reminder, "user")
        composer = self.composer(mine, "comment", body="<p>Ozvěte se, prosím</p>")
        _mails, message = composer._action_send_mail()
        self.assertIn("Ozvěte se", message.body)
        self.assertEqual(message.partner_ids, self.customer)
        self.assertEqual(message.message_type, "comment")

    def test_other_documents_are_mailed_as_ever(self):
        composer = self.composer(self.customer.sudo(), "mass_mail", body="<p>x</p>")
        composer = composer.sudo()
        mails, _messages = composer._action_send_mail()
        self.assertEqual(mails.recipient_ids, self.customer)
