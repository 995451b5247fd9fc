"""The preview of a level's message: made as it would be sent, with nothing left behind."""

from email.utils import parseaddr

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user

from ..common import TODAY, UpominkyCommon, smtp_inbox

#: Whatever a preview could leave behind.
TABLES = (
    "upominky_reminder",
    "upominky_reminder_line",
    "upominky_delivery",
    "upominky_run",
    "mail_message",
    "mail_mail",
    "account_move",
    "res_partner",
)


class TestLevelPreview(UpominkyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level = cls.rule.level_ids[0]
        cls.reader = new_test_user(
            cls.env,
            "reader@dopravce.example",
            "upominky_addon.group_user",
            company_id=cls.company.id,
            company_ids=cls.company.ids,
        )

    def preview(self, level=None, day=TODAY, user=None, **values):
        """Open the preview of a level as a user, then choose ``values``."""
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.on(day):
            level = (level or self.level).with_user(user or self.env.user)
            action = level.action_preview()
            preview = self.env["upominky.level.preview"].browse(action["res_id"])
            preview = preview.with_user(user or self.env.user)
            with Form(preview) as form:
                for name, value in values.items():
                    form[name] = value
                shown = {
                    name: form[name]
                    for name in (
                        "email_from", "reply_to", "email_to", "copy_to", "subject",
                        "body_html", "body_text", "note", "error", "partner_id", "lang",
                    )
                }  # fmt: skip
        return shown

    def test_rule_20_the_preview_is_what_is_sent(self):
        self.level.write(
            {
                "text_template": "{{ number }}: {{ currencies[0].total_text }}",
                "extra_email": "copy@dopravce.example",
            }
        )
        self.invoice(due=10)
        self.invoice(due=20, currency=self.eur, amount=480)
        self.credit_note(amount=100)
        shown = self.preview()
        self.assertEqual(shown["partner_id"], self.customer)
        self.assertFalse(shown["error"])
        self.assertFalse(shown["note"])
        with smtp_inbox(self.env) as inbox:
            reminder = self.generate()
            self.send()
        index = next(i for i, m in enumerate(inbox.messages) if m["To"] == shown["email_to"])
        message = inbox.messages[index]
        self.assertIn(reminder.name, shown["subject"])
        self.assertEqual(message["Subject"], shown["subject"])
        for header, name in (("From", "email_from"), ("Reply-To", "reply_to")):
            self.assertTrue(shown[name])
            self.assertEqual(parseaddr(message[header]), parseaddr(shown[name]))
        self.assertEqual(shown["copy_to"], "copy@dopravce.example")
        self.assertEqual(inbox.html(index).split(), str(shown["body_html"]).split())
        self.assertEqual(inbox.text(index).strip(), shown["body_text"].strip())
        self.assertIn("480.00", shown["body_html"])

    def test_rule_20_nothing_is_left_behind(self):
        self.invoice(due=10)

        def counts():
            self.env.flush_all()
            found = {}
            for table in TABLES:
                self.env.cr.execute(f"SELECT count(*), max(id) FROM {table}")
                found[table] = self.env.cr.fetchone()
            return found

        sequence = self.company._upominky_sequence()
        before, number = counts(), sequence.number_next_actual
        for values in ({}, {"partner_id": self.env["res.partner"]}, {"lang": "en_US"}):
            self.assertTrue(self.preview(**values)["subject"])
        sequence.invalidate_recordset()
        self.assertEqual(counts(), before)
        self.assertEqual(sequence.number_next_actual, number)
        self.assertEqual(self.reminders(), self.env["upominky.reminder"])

    def test_rule_20_every_level_can_be_looked_at_whatever_was_reached(self):
        self.invoice(due=60)
        with smtp_inbox(self.env):
            self.generate()
            self.send()
        self.rule.level_ids[1].send = False
        for level in self.rule.level_ids:
            with self.subTest(level=level.name):
                shown = self.preview(level)
                self.assertFalse(shown["error"])
                self.assertEqual("not e-mailed" in (shown["note"] or ""), not level.send)
                self.assertIn("12,100.00", shown["body_html"])
        resend = (
            self.env["upominky.rule"]
            .with_context(active_test=False)
            .search([("company_id", "=", self.company.id), ("event", "=", "resend")])
        )
        for _again in range(2):  # beside the one that the job has issued today
            self.assertIn("12,100.00", self.preview(resend.level_ids)["body_html"])
            self.env["upominky.reminder"].sudo().create(
                {
                    "name": "R",
                    "company_id": self.company.id,
                    "partner_id": self.customer.id,
                    "rule_id": resend.id,
                    "event": "resend",
                    "issue_date": TODAY,
                    "state": "cancelled" if _again else "issued",
                }
            )

    def test_rule_20_without_a_customer_one_is_made_up(self):
        shown = self.preview()
        self.assertFalse(shown["partner_id"])
        self.assertIn("made up", shown["note"])
        self.assertIn("12,100.00", shown["body_html"])
        other = self.new_customer("Nothing due", "nothing@due.example")
        shown = self.preview(partner_id=other)
        self.assertIn("Nothing due has no overdue invoice", shown["note"])
        self.assertEqual(shown["email_to"], "nothing@due.example")

    def test_rule_20_in_the_customers_language_or_another(self):
        self.env["res.lang"]._activate_lang("cs_CZ")
        self.customer.lang = "cs_CZ"
        self.invoice(due=10)
        self.assertIn("12\xa0100,00", self.preview()["body_html"])
        self.assertIn("12,100.00", self.preview(lang="en_US")["body_html"])

    def test_rule_20_errors_are_told_in_place(self):
        self.customer.email = False
        self.invoice(due=10)
        shown = self.preview()
        self.assertIn("has no e-mail address", shown["note"])
        self.assertFalse(shown["email_to"])
        self.assertIn("12,100.00", shown["body_html"])
        self.company.email = False
        shown = self.preview()
        self.assertIn("There is no sender", shown["error"])
        self.assertFalse(shown["subject"])
        self.company.email = "ucetni@dopravce.example"
        self.level.text_template = "{% if customer_reference == 'X' %}{{ number.foo }}{% endif %}"
        self.customer.ref = "X"
        self.assertIn("line 1: there is no variable “foo”", self.preview()["error"])
        self.level.write({"send": False, "mail_template_id": False, "text_template": False})
        self.assertIn("has no message template", self.preview()["error"])

    def test_users_look_at_what_they_may_read(self):
        self.invoice(due=10)
        self.assertTrue(self.preview(user=self.reader)["subject"])
        other = self.env["res.company"].create({"name": "Other"})
        rule = self.env["upominky.rule"].create(
            {
                "name": "Theirs",
                "company_id": other.id,
                "level_ids": [Command.create({"name": "L", "order": 1, "days_overdue": 7})],
            }
        )
        Preview = self.env["upominky.level.preview"].with_user(self.reader)
        with self.assertRaises(AccessError):
            rule.level_ids.with_user(self.reader).action_preview()
        with self.assertRaises(AccessError):
            Preview.create({"level_id": rule.level_ids.id}).subject  # noqa: B018


class TestBesideTheText(UpominkyCommon):
    """What a text says to a customer, before it is saved."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level = cls.rule.level_ids[0]
        cls.invoice(due=10)
        cls.body = '<p>Only this</p><t t-out="object.invoice_table"/>'

    def shown(self, partner=None, user=None, **texts):
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.on(TODAY):
            level = self.level.with_user(user or self.env.user).with_context(lang="en_US")
            return level.preview_text(partner, texts)

    def test_rule_20_it_says_what_is_not_saved_yet_to_a_chosen_customer(self):
        saved = self.level.mail_template_id.body_html
        for partner, name in ((None, self.customer.id), (self.customer.id, self.customer.id)):
            shown = self.shown(partner, subject="Just this", body_html=self.body)
            self.assertFalse(shown["error"])
            self.assertEqual((shown["subject"], shown["partner_id"]), ("Just this", name))
            self.assertIn("Only this", shown["body_html"])
            self.assertIn("12,100.00", shown["body_html"])
        self.assertIn("made up", self.shown(False)["note"])
        text = self.shown(text_template="Pay {{ currencies[0].total_text }}")["body_text"]
        self.assertIn("Pay 12,100.00", text)
        self.env.invalidate_all()
        self.assertEqual(self.level.mail_template_id.body_html, saved)
        self.assertFalse(self.level.text_template)
        self.assertFalse(self.reminders())

    def test_rule_20_it_is_in_the_language_in_which_it_is_written(self):
        self.env["res.lang"]._activate_lang("cs_CZ")
        self.customer.lang = "cs_CZ"
        shown = self.shown(body_html=self.body)
        self.assertIn('lang="en"', shown["body_html"])
        self.assertIn("Only this", shown["body_html"])

    def test_rule_29_nothing_is_shown_that_could_not_be_saved(self):
        manager, reader = (
            new_test_user(
                self.env,
                f"{group}@dopravce.example",
                f"upominky_addon.group_{group}",
                company_id=self.company.id,
                company_ids=self.company.ids,
            )
            for group in ("manager", "user")
        )
        for user, body in (
            (manager, '<t t-out="object.company_id.partner_id.vat"/>'),
            (manager, "<p><br/></p>"),
            (reader, self.body),
        ):
            with self.subTest(user=user.login, body=body):
                shown = self.shown(user=user, body_html=body)
                self.assertTrue(shown["error"])
                self.assertFalse(shown["body_html"])
        self.assertFalse(self.shown(user=reader)["error"])
        outsider = new_test_user(self.env, "clerk@dopravce.example", "base.group_user")
        with self.assertRaises(AccessError):
            self.shown(user=outsider)
