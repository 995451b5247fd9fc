"""SPEC rules 18 to 20: what a template holds beside its text is used, or said that it is not."""

from base64 import b64encode
from importlib.util import module_from_spec, spec_from_file_location
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.modules import get_module_path
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from ...models import mail_template_extras
from ...models.delivery.email import extras
from ..common import TODAY, UpominkyCommon, smtp_inbox

ADDRESS = "fakturace@odberatel.example"
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 200
DEFAULTS = [f"mail_template_level_{order}" for order in (1, 2, 3, 4)]
DEFAULTS += [f"mail_template_{event}" for event in ("resend", "notice", "thanks")]
EXTRAS = {
    "email_cc": "archiv@dopravce.example",
    "reply_to": "Účtárna <uctarna@dopravce.example>",
}


class TestTemplateExtras(UpominkyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level = cls.rule.level_ids[0]
        cls.template = cls.level.mail_template_id

    def attach(self, name="Ceník č. 1.pdf", raw=PDF):
        return self.env["ir.attachment"].create(
            {"name": name, "raw": raw, "mimetype": "application/pdf"}
        )

    def new_report(self, body='<p t-out="docs.name"/>'):
        """Return a report on reminders that an administrator made."""
        view = self.env["ir.ui.view"].create(
            {"type": "qweb", "key": "upominky_addon.test_report", "name": "report", "arch": body}
        )
        return self.env["ir.actions.report"].create(
            {
                "name": "Account",
                "model": "upominky.reminder",
                "report_type": "qweb-text",
                "report_name": view.key,
                "print_report_name": "'Account %s' % object.name",
            }
        )

    def sent(self, **values):
        """Send one reminder with a template so changed; returns it and the inbox."""
        self.template.write(values)
        if not self.env["account.move"].search([("partner_id", "=", self.customer.id)]):
            self.invoice(due=10)
        with smtp_inbox(self.env) as inbox:
            reminder = self.generate()
            self.send()
        return reminder, inbox

    # ----------------------------------------------------------------- used

    def test_rule_20_attachments_go_with_each_message_and_into_the_history(self):
        attachment = self.attach()
        self.level.extra_email = "kopie@dopravce.example"
        reminder, inbox = self.sent(attachment_ids=[Command.set(attachment.ids)])
        self.assertEqual(reminder.state, "sent")
        self.assertEqual(len(inbox.messages), 2)
        for message in inbox.messages:
            (part,) = message.iter_attachments()
            self.assertEqual(part.get_filename(), "Ceník č. 1.pdf")
            self.assertEqual(part.get_content_type(), "application/pdf")
            self.assertEqual(part.get_content(), PDF)
        kept = reminder.delivery_ids.mail_message_id
        self.assertEqual([m.attachment_ids for m in kept], [attachment, attachment])

    def test_rule_20_a_file_that_went_out_stays_what_it_was(self):
        attachment = self.attach()
        attachment.write({"res_model": "mail.template", "res_id": self.template.id})
        reminder, _inbox = self.sent(attachment_ids=[Command.set(attachment.ids)])
        for what, act in (
            ("content", lambda: attachment.write({"raw": b"Another"})),
            ("base64", lambda: attachment.write({"datas": b64encode(b"Another")})),
            ("name", lambda: attachment.write({"name": "Another.pdf"})),
            ("deleted", attachment.unlink),
        ):
            with self.subTest(what), self.assertRaisesRegex(UserError, reminder.name):
                act()
        attachment.write({"raw": PDF, "name": attachment.name, "description": "Of 2026"})
        self.template.attachment_ids = [Command.set(self.attach("Another.pdf", b"Another").ids)]
        (kept,) = reminder.delivery_ids.mail_message_id.attachment_ids
        self.assertEqual((kept, kept.raw), (attachment, PDF))

    def test_rule_20_with_its_template_it_is_not_deleted_either(self):
        template = self.template.copy({"name": "Own"})
        attachment = self.attach()
        attachment.write({"res_model": "mail.template", "res_id": template.id})
        template.attachment_ids = attachment
        self.level.mail_template_id = template
        self.invoice(due=10)
        with smtp_inbox(self.env):
            reminder = self.generate()
            self.send()
        self.level.mail_template_id = self.template
        with self.assertRaisesRegex(UserError, f"{reminder.name} and is kept"):
            template.unlink()

    def test_rule_20_a_file_that_reached_nobody_is_changed_as_ever(self):
        attachment = self.attach()
        self.template.attachment_ids = attachment
        self.invoice(due=10)
        with smtp_inbox(self.env, {self.customer.email: "550 no such user"}):
            reminder = self.generate()
            self.send()
        self.assertEqual(reminder.state, "failed")
        attachment.raw = b"Another"
        attachment.unlink()
        self.assertFalse(attachment.exists())

    def test_rule_20_reports_are_rendered_for_each_reminder_and_kept(self):
        other = self.new_customer("Other", "other@other.example")
        self.invoice(other, due=10)
        reminders, inbox = self.sent(report_template_ids=[Command.set(self.new_report().ids)])
        by_address = {str(m["To"]): m for m in inbox.messages}
        for reminder in reminders:
            (part,) = by_address[reminder.email_to].iter_attachments()
            self.assertEqual(part.get_filename(), f"Account {reminder.name}.text")
            self.assertIn(reminder.name, part.get_payload(decode=True).decode())
            (kept,) = reminder.delivery_ids.mail_message_id.attachment_ids
            self.assertEqual((kept.res_model, kept.res_id), (reminder._name, reminder.id))
            self.assertEqual(kept.raw, part.get_payload(decode=True))

    def test_rule_20_the_report_of_an_attempt_that_failed_is_not_kept(self):
        self.template.report_template_ids = self.new_report()
        self.invoice(due=10)
        with smtp_inbox(self.env, {ADDRESS: "451 later"}) as inbox:
            reminder = self.generate()
            self.send()
            inbox.answers.clear()
            self.send(hour=12)
        self.assertEqual(reminder.state, "sent")
        files = self.env["ir.attachment"].search(
            [("res_model", "=", reminder._name), ("res_id", "=", reminder.id)]
        )
        self.assertEqual(files, reminder.delivery_ids.mail_message_id.attachment_ids)
        self.assertEqual(len(files), 1)

    def test_rule_18_cc_gets_copies_that_never_stand_in_for_a_contact(self):
        reminder, inbox = self.sent(
            email_cc="Archiv <archiv@dopravce.example>; {{ object.company_email }}, " + ADDRESS
        )
        self.assertEqual(
            inbox.recipients, ["archiv@dopravce.example", ADDRESS, "ucetni@dopravce.example"]
        )
        copies = reminder.delivery_ids.filtered("is_copy").mapped("email_to")
        self.assertEqual(sorted(copies), ["archiv@dopravce.example", "ucetni@dopravce.example"])
        self.assertFalse([m["Cc"] for m in inbox.messages if m["Cc"]])
        self.customer.email = False
        self.invoice(due=8)
        other, inbox = self.sent()
        self.assertEqual((other.state, inbox.recipients), ("failed", []))

    def test_rule_18_cc_is_not_used_where_odoo_shows_none(self):
        _reminder, inbox = self.sent(**EXTRAS, use_default_to=True)
        self.assertEqual(inbox.recipients, [ADDRESS])

    def test_rule_19_reply_to_is_the_templates(self):
        for text, wanted in (
            ("Účtárna, Praha <uctarna@dopravce.example>", ["uctarna@dopravce.example"]),
            (
                "a@dopravce.example, b@dopravce.example",
                ["a@dopravce.example", "b@dopravce.example"],
            ),
            ("{{ object.company_email }}", ["ucetni@dopravce.example"]),
            ("{{ object.company_phone or '' }}", ["ucetni@dopravce.example"]),
        ):
            with self.subTest(text), self.env.cr.savepoint() as savepoint:
                reminder, inbox = self.sent(reply_to=text)
                found = inbox.messages[0]["Reply-To"].addresses
                self.assertEqual([a.addr_spec for a in found], wanted)
                self.assertEqual(reminder.state, "sent")
                savepoint.rollback()
            self.env.invalidate_all()

    def test_rule_20_they_are_rendered_in_the_language_of_the_recipient(self):
        self.env["res.lang"]._activate_lang("cs_CZ")
        self.customer.lang = "cs_CZ"
        cc = "{{ object.env.context.get('lang') }}@dopravce.example"
        _reminder, inbox = self.sent(email_cc=cc, reply_to=cc)
        self.assertEqual(inbox.recipients, ["cs_cz@dopravce.example", ADDRESS])
        self.assertEqual(inbox.messages[0]["Reply-To"], "cs_cz@dopravce.example")

    # --------------------------------------------------------------- errors

    @mute_logger("odoo.addons.mail.models.mail_render_mixin")
    def test_rule_22_what_cannot_be_used_fails_that_reminder_with_a_sentence(self):
        other = self.new_customer("Second", "second@second.example")
        second = self.rule.copy({"partner_ids": [Command.set(other.ids)]}).level_ids[0]
        second.mail_template_id = self.template.copy()
        self.invoice(other, due=10)
        url = self.env["ir.attachment"].create(
            {"name": "far away", "type": "url", "url": "https://far.example/away.pdf"}
        )
        name = self.template.name
        for values, sentence in (
            ({"email_cc": "nobody"}, f"The template “{name}” gives “nobody” as its “Cc”"),
            ({"reply_to": "a@@b"}, "gives “a@@b” as its “Reply To”"),
            ({"email_cc": "a@x.example\nBcc: b@x.example"}, "gives “Bcc: b@x.example”"),
            ({"email_cc": "{{ 1 / (object.level_order - 1) }}"}, "cannot be rendered"),
            ({"attachment_ids": [Command.set(url.ids)]}, "“far away” of the template"),
            (
                {"report_template_ids": [Command.set(self.new_report("<t t-out='1/0'/>").ids)]},
                "zero",
            ),
        ):
            with self.subTest(values), self.env.cr.savepoint() as savepoint:
                reminders, inbox = self.sent(**values)
                mine = reminders.filtered(lambda r: r.partner_id == self.customer)
                self.assertEqual(mine.state, "failed")
                self.assertIn(sentence, mine.error)
                self.assertEqual((reminders - mine).mapped("state"), ["sent"])
                self.assertEqual(inbox.recipients, ["second@second.example"])
                savepoint.rollback()
            self.env.invalidate_all()

    def test_rule_22_files_that_are_too_large_fail_with_a_sentence(self):
        with (
            patch.object(extras, "MAX_ATTACHED", 1000),
            patch.object(mail_template_extras, "MAX_ATTACHED", 1000),
        ):
            reminder, inbox = self.sent(attachment_ids=[Command.set(self.attach().ids)])
            self.assertIn("many mailboxes refuse", self.template.upominky_warning)
        self.assertEqual((reminder.state, inbox.recipients), ("failed", []))
        self.assertIn("many mailboxes refuse", reminder.error)

    # ----------------------------------------------------------------- said

    def test_rule_20_what_is_not_used_is_said_on_the_template_and_the_level(self):
        partner = str(self.customer.id)
        for values, sentence in (
            ({"email_from": "other@dopravce.example"}, "“From” is not used"),
            ({"email_to": "x@x.example"}, "“To” is not used"),
            ({"partner_to": partner}, "“To” is not used"),
            ({"scheduled_date": "{{ object.issue_date }}"}, "scheduled date is not used"),
            ({"reply_to": "x@x.example"}, "not into the history"),
            ({"reply_to": "x@x.example", "upominky_extras": False}, "not used: Reply To."),
        ):
            with self.subTest(values), self.env.cr.savepoint() as savepoint:
                self.template.write(values)
                self.assertIn(sentence, self.template.upominky_warning)
                self.assertIn(sentence, self.level.template_warning)
                savepoint.rollback()
            self.env.invalidate_all()
        for view in ("upominky_addon.view_mail_template_form", "mail.email_template_form"):
            arch = self.env["mail.template"].get_view(self.env.ref(view).id, "form")["arch"]
            self.assertIn('name="upominky_warning"', arch)

    def test_rule_20_the_defaults_and_other_templates_say_nothing(self):
        for name in DEFAULTS:
            self.assertFalse(self.env.ref(f"upominky_addon.{name}").upominky_warning)
        for template in self.env["upominky.level"].search([]).mail_template_id:
            self.assertFalse(template.upominky_warning)
        invoice = self.env.ref("account.email_template_edi_invoice")
        self.assertFalse(invoice.upominky_warning)

    def test_rule_20_the_preview_shows_them(self):
        self.template.write({**EXTRAS, "attachment_ids": [Command.set(self.attach().ids)]})
        level, there = self.level, self.env["upominky.level.preview"].sudo()
        with self.on(TODAY):
            shown = there._make(level.id, self.customer.id, False)
        self.assertEqual(shown["copy_to"], "archiv@dopravce.example")
        self.assertIn("uctarna@dopravce.example", shown["reply_to"])
        self.assertEqual(shown["attached"], "Ceník č. 1.pdf")
        self.assertIn("not into the history", shown["note"])

    # -------------------------------------------------------------- upgrade

    def test_the_upgrade_sends_the_day_after_what_it_sent_the_day_before(self):
        """What was set before had no effect; it has none until somebody switches it on."""
        self.template.write({**EXTRAS, "attachment_ids": [Command.set(self.attach().ids)]})
        self.migrate()
        self.assertFalse(self.template.upominky_extras)
        self.assertTrue(self.rule.level_ids[1].mail_template_id.upominky_extras)
        _reminder, inbox = self.sent()
        self.assertEqual(inbox.recipients, [ADDRESS])
        self.assertNotIn("uctarna", str(inbox.messages[0]["Reply-To"]))
        self.assertFalse(list(inbox.messages[0].iter_attachments()))
        self.assertIn("not used", self.template.upominky_warning)

    def migrate(self):
        path = f"{get_module_path('upominky_addon')}/migrations/19.0.1.1.0/post-template-extras.py"
        spec = spec_from_file_location("migration", path)
        script = module_from_spec(spec)
        spec.loader.exec_module(script)
        self.env.flush_all()
        script.migrate(self.env.cr, "19.0.1.0.1")
        self.env.invalidate_all()

    def test_rule_29_managers_switch_them_on_and_attach_nothing(self):
        manager = new_test_user(
            self.env,
            "manager@dopravce.example",
            "base.group_user,upominky_addon.group_manager",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        mine = self.template.with_user(manager)
        mine.upominky_extras = False
        mine.write({"upominky_extras": True, **EXTRAS})
        with self.assertRaises(AccessError):
            mine.attachment_ids = self.attach()
        self.assertIn("not into the history", mine.upominky_warning)

    def test_rule_20_files_go_along_with_a_copy_that_a_manager_makes(self):
        attachment = self.attach()
        self.template.attachment_ids = attachment
        manager = new_test_user(self.env, "head", groups="upominky_addon.group_manager")
        copy = self.template.with_user(manager).copy()
        (file,) = copy.sudo().attachment_ids
        self.assertEqual((file.name, file.raw), (attachment.name, attachment.raw))
        self.assertEqual((file.res_id, self.template.attachment_ids), (copy.id, attachment))
        with self.assertRaises(AccessError):
            copy.attachment_ids = attachment
