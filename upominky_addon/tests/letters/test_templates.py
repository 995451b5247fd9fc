"""SPEC rule 20: what a message says, who may write it, and that nothing else is reached by it."""

from contextlib import contextmanager
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user
from odoo.tools import file_open, mute_logger

from ...models.letters.placeholders import PLACEHOLDERS
from ...models.mail_template import TEXTS
from ...text.values import SAMPLE
from ..common import TODAY, UpominkyCommon, smtp_inbox

DEFAULTS = [f"mail_template_level_{order}" for order in (1, 2, 3, 4)]
DEFAULTS += [f"mail_template_{event}" for event in ("resend", "notice", "thanks")]
REFUSED = "cannot be used in the template|nelze v šabloně"
#: Bodies and subjects by which more than a text could be reached.
INJECTIONS = (
    {"subject": "{{ object.env['res.users'].search([]) }}"},
    {"subject": "{{ object.company_id.partner_id.bank_ids }}"},
    {"subject": "{{ user.password }}"},
    {"lang": "{{ object.env.cr }}"},
    {"email_to": "{{ object.partner_id.email }}"},
    {"reply_to": "{{ ctx }}"},
    {"body_html": "<p><t t-out=\"object.env['res.users'].search([])\"/></p>"},
    {"body_html": '<p t-esc="object.company_id.partner_id.bank_ids"/>'},
    {"body_html": '<p t-raw="object.name"/>'},
    {"body_html": '<p t-field="object.name"/>'},
    {"body_html": '<t t-call="web.login"/>'},
    {"body_html": '<p t-foreach="range(10**9)" t-as="i">x</p>'},
    {"body_html": '<t t-set="x" t-value="1"/>'},
    {"body_html": '<p t-if="object.name">x</p>'},
    {"body_html": '<a t-att-href="object.env">x</a>'},
    {"body_html": '<a t-attf-href="{{ object.env }}">x</a>'},
    {"body_html": "<a t-att=\"{'href': object.env}\">x</a>"},
    {"body_html": '<p t-out="object.name" t-options="{\'widget\': object.env}"/>'},
    {"body_html": '<p groups="base.group_system">x</p>'},
    {"body_html": '<p t-out="object.invoice_table or object.env"/>'},
)


class TemplatesCommon(UpominkyCommon):
    @contextmanager
    def refused(self, error, sentence):
        """Expect an error with a sentence, and undo what was written before it."""
        with self.assertRaises(error) as caught:  # Odoo's own, with a savepoint
            yield
        self.assertRegex(str(caught.exception), sentence)


class TestTemplates(TemplatesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.employee("manager", "upominky_addon.group_manager")
        cls.user = cls.employee("user", "upominky_addon.group_user")
        cls.level = cls.rule.level_ids[0]
        cls.template = cls.level.mail_template_id
        cls.mine = cls.template.with_user(cls.manager)

    @classmethod
    def employee(cls, login, groups):
        return new_test_user(
            cls.env,
            f"{login}@dopravce.example",
            f"base.group_user,{groups}",
            company_id=cls.company.id,
            company_ids=cls.company.ids,
        )

    def czech(self):
        self.env["res.lang"]._activate_lang("cs_CZ")
        self.env.ref("base.module_upominky_addon")._update_translations(["cs_CZ"])

    # ----------------------------------------------------------------- write

    def test_the_manager_of_these_tests_is_no_template_editor(self):
        self.assertFalse(self.manager.has_group("mail.group_mail_template_editor"))
        self.assertFalse(self.manager.has_group("base.group_system"))

    def test_rule_20_default_templates_use_placeholders_that_are_allowed(self):
        self.czech()
        for name in DEFAULTS:
            template = self.env.ref(f"upominky_addon.{name}")
            for lang in ("en_US", "cs_CZ"):
                with self.subTest(template=name, lang=lang):
                    self.assertFalse(template.with_context(lang=lang)._has_unsafe_expression())

    def test_rule_20_every_placeholder_is_listed_on_the_form_and_offered_by_the_picker(self):
        arch = self.env.ref("upominky_addon.view_mail_template_form").arch
        described = self.env["upominky.reminder"].with_user(self.manager).fields_get()
        with file_open("upominky_addon/static/src/letter/upominky_placeholders.js") as script:
            offered = script.read()
        for placeholder in PLACEHOLDERS:
            name = placeholder.removeprefix("object.")
            if "." not in name and name != "lang":
                self.assertIn(f"<code>{placeholder}</code>", arch)
                self.assertTrue(described[name]["searchable"], name)
                self.assertIn(f'    "{name}",', offered)
        self.invoice(due=10)
        reminder = self.generate()
        for domain in (
            [("invoice_table", "ilike", reminder.line_ids.move_id.name)],
            [("totals_text", "=", "CZK")],
            [("issue_date_text", "=", TODAY)],
            [("creditor_text", "ilike", self.company.name)],
            [("debtor_text", "ilike", "Odběratel")],
            [("customer_name", "=", "Odběratel s.r.o.")],
        ):
            domain.append(("company_id", "=", self.company.id))
            self.assertEqual(reminder.search(domain), reminder, domain)

    def test_rule_20_a_manager_edits_the_texts_and_they_are_sent(self):
        self.czech()
        self.assertTrue(self.mine.can_write)
        self.mine.write(
            {
                "subject": "Pay, {{ object.partner_id.name }}! {{ object.totals_text }}",
                "body_html": '<p>Dear <t t-out="object.partner_id.name"/>,</p>'
                '<t t-out="object.invoice_table"/><p><t t-out="object.issue_date_text"/></p>',
            }
        )
        self.mine.update_field_translations(
            "subject", {"cs_CZ": "Zaplaťte, {{ object.partner_id.name }}!"}
        )
        czech = self.new_customer("Česká", "ceska@ceska.example", lang="cs_CZ")
        moves = [self.invoice(due=10), self.invoice(czech, due=10)]
        with smtp_inbox(self.env) as inbox:
            self.generate()
            self.send()
        by_to = {m["To"]: i for i, m in enumerate(inbox.messages)}
        english, other = by_to["fakturace@odberatel.example"], by_to["ceska@ceska.example"]
        self.assertIn("Pay, Odběratel s.r.o.! ", inbox.messages[english]["Subject"])
        self.assertEqual(inbox.messages[other]["Subject"], "Zaplaťte, Česká!")
        self.assertIn("Dear Odběratel s.r.o.,", inbox.html(english))
        self.assertIn(moves[0].name, inbox.html(english))
        self.assertIn("May 29, 2026", inbox.html(english))

    def test_rule_20_placeholders_that_reach_further_are_refused(self):
        self.czech()
        for values in INJECTIONS:
            (name,) = values
            with self.subTest(values=values), self.refused(AccessError, REFUSED):
                self.mine.write(values)
            if self.template._fields[name].translate:
                with self.subTest(czech=values), self.refused(AccessError, REFUSED):
                    self.mine.update_field_translations(name, {"cs_CZ": values[name]})
                with self.subTest(context=values), self.refused(AccessError, REFUSED):
                    self.mine.with_context(lang="cs_CZ").write(values)
            with self.subTest(created=values), self.refused(AccessError, REFUSED):
                self.mine.create(
                    {"name": "New", "model_id": self.template.model_id.id, "body_html": "x"}
                    | values
                )

    def test_rule_20_comments_and_attributes_hide_no_placeholder(self):
        self.invoice(due=10)
        self.generate()
        hidden = "object.company_id.partner_id.bank_ids"
        for body in (
            f'<!--<t t-out="{hidden}"/>--><p>x</p>',
            f"<p title=\"&lt;t t-out='{hidden}'/&gt;\">x</p>",
            f"<p>&lt;t t-out='{hidden}'/&gt;</p>",
            f"<p>{{{{ {hidden} }}}}</p>",
        ):
            with self.subTest(body=body):
                try:
                    with mute_logger("odoo.addons.mail.models.mail_template"):
                        self.mine.body_html = body
                except (AccessError, ValidationError):
                    continue
                html = self.template._render_field("body_html", self.reminders()[:1].ids)
                self.assertNotIn("res.partner.bank", str(html))

    def test_rule_20_managers_write_texts_and_nothing_else(self):
        foreign = self.env.ref("account.email_template_edi_invoice")
        partner_model = self.env["ir.model"]._get("res.partner")
        for values in (
            {"email_layout_xmlid": "web.login"},
            {"mail_server_id": False},
            {"model_id": partner_model.id},
            {"model": "res.partner"},
            {"template_fs": "web/views/webclient_templates.xml"},
            {"report_template_ids": [Command.clear()]},
            {"attachment_ids": [Command.clear()]},
            {"user_id": self.manager.id},
        ):
            with self.subTest(values=values), self.refused(AccessError, "the texts, but"):
                self.mine.write(values)
            self.assertFalse(TEXTS.intersection(values))
        with self.assertRaises(AccessError):
            foreign.with_user(self.manager).subject = "Mine now"
        with self.assertRaises(AccessError):
            foreign.with_user(self.manager).update_field_translations("subject", {"en_US": "x"})

    def test_rule_20_a_template_of_ones_own_does_not_become_a_reminders(self):
        partner_model = self.env["ir.model"]._get("res.partner")
        own = self.mine.create(
            {"name": "Own", "model_id": partner_model.id, "email_layout_xmlid": "web.login"}
        )
        for values in (
            {"model_id": self.template.model_id.id},
            {"model": "upominky.reminder"},
        ):
            with self.subTest(values=values), self.refused(AccessError, "the texts, but"):
                own.write(values)
        with self.refused(AccessError, "begins with its texts"):
            self.mine.create(
                {
                    "name": "New",
                    "model_id": self.template.model_id.id,
                    "email_layout_xmlid": "web.login",
                }
            )

    def test_rule_20_a_manager_copies_a_template(self):
        self.template.mail_server_id = self.env["ir.mail_server"].create(
            {"name": "special", "smtp_host": "127.0.0.1"}
        )
        copy = self.mine.copy()
        self.assertEqual(copy.model, "upominky.reminder")
        self.assertFalse(copy.mail_server_id)
        self.template.mail_server_id = False
        copy.subject = "A copy"
        self.level.with_user(self.manager).mail_template_id = copy
        with smtp_inbox(self.env) as inbox:
            self.invoice(due=10)
            self.generate()
            self.send()
        self.assertEqual(inbox.messages[0]["Subject"], "A copy")
        self.assertIn("border-radius: 8px", inbox.html())  # the frame is the letter's

    def test_rule_20_users_who_are_no_managers_edit_none(self):
        theirs = self.template.with_user(self.user)
        self.assertFalse(theirs.can_write)
        for refuse in (
            lambda: theirs.write({"subject": "x"}),
            lambda: theirs.update_field_translations("subject", {"en_US": "x"}),
            theirs.copy,
            lambda: theirs.create({"name": "x", "model_id": self.template.model_id.id}),
            theirs.unlink,
            lambda: self.level.with_user(self.user).action_edit_template(),
            lambda: self.level.with_user(self.user).action_reset_template(),
            lambda: self.level.with_user(self.user).write({"text_template": "x"}),
        ):
            with self.assertRaises(AccessError):
                refuse()
        copy = self.template.copy()
        self.env.cr.execute(
            "UPDATE mail_template SET create_uid = %s WHERE id = %s", [self.user.id, copy.id]
        )
        copy.invalidate_recordset()
        with self.refused(AccessError, "Upomínky: manager"):
            copy.with_user(self.user).subject = "x"

    def test_managers_do_not_delete_the_default_templates(self):
        with self.assertRaises(AccessError):
            self.mine.unlink()

    # ---------------------------------------------------------------- actions

    def test_rule_20_reset_brings_back_the_default_in_every_language(self):
        self.czech()
        level = self.level.with_user(self.manager)
        before = {
            lang: self.template.with_context(lang=lang).read(["subject", "body_html", "name"])
            for lang in ("en_US", "cs_CZ")
        }
        for lang in before:
            self.mine.with_context(lang=lang).write({"subject": "Mine", "body_html": "<p>Me</p>"})
        self.assertTrue(level.template_resettable)
        level.action_reset_template()
        self.template.invalidate_recordset()
        for lang, values in before.items():
            self.assertEqual(
                self.template.with_context(lang=lang).read(["subject", "body_html", "name"]), values
            )
        self.assertEqual(self.template.email_layout_xmlid, "upominky_addon.mail_layout")
        level.mail_template_id = self.mine.copy()
        self.assertFalse(level.template_resettable)
        with self.refused(UserError, "template of your own"):
            level.action_reset_template()

    def test_rule_20_edit_template_opens_it(self):
        action = self.level.with_user(self.manager).action_edit_template()
        self.assertEqual((action["res_model"], action["res_id"]), ("mail.template", self.mine.id))
        self.level.write({"send": False, "mail_template_id": False})
        with self.refused(UserError, "Choose one first"):
            self.level.action_edit_template()

    # -------------------------------------------------------------- the same

    def test_rule_20_a_message_is_the_same_whoever_sends_it(self):
        self.manager.write({"tz": "Pacific/Auckland", "lang": "en_US"})
        self.template.body_html = (
            '<p t-out="user.name"/><p t-out="format_datetime(object.create_date)"/>'
            '<t t-out="object.invoice_table"/>'
        )
        other = self.new_customer("Other", "other@other.example")
        moves = [self.invoice(customer, due=10) for customer in (self.customer, other)]
        with smtp_inbox(self.env) as inbox, self.on(TODAY):
            by_hand, by_job = self.generate()
            by_hand.with_user(self.manager).with_context(
                tz="Pacific/Auckland", lang="cs_CZ"
            ).action_send_now()
            self.send()
        self.assertEqual((by_hand.state, by_job.state), ("sent", "sent"))
        texts = [inbox.html(i).replace(m.name, "X") for i, m in enumerate(moves)]
        for text, move in zip(texts, moves, strict=True):
            self.assertIn("X", text)
            self.assertNotIn(move.name, text)
        reference = [m.payment_reference for m in moves]
        self.assertEqual(
            texts[0].replace(reference[0], "R").replace(by_hand.name, "N"),
            texts[1].replace(reference[1], "R").replace(by_job.name, "N"),
        )

    # --------------------------------------------------------------- escaped

    def test_rule_20_names_stay_text_wherever_they_come(self):
        evil = "<script>alert(1)</script> {{ object.env }} <t t-out='object.env'/> & \"x\""
        self.customer.name = f"{evil}\r\nBcc: evil@evil.example"
        self.company.name = f"{evil}\r\nBcc: evil@evil.example"
        self.mine.write(
            {
                "subject": "For {{ object.partner_id.name }} of {{ object.company_id.name }}",
                "body_html": '<p><t t-out="object.partner_id.name"/></p>'
                '<t t-out="object.invoice_table"/>',
            }
        )
        self.level.text_template = (
            "{{ customer_name }}\n{{ currencies[0].lines[0].payment_message }}"
        )
        reference = "<b>{{ 7 * 7 }}</b>{% raw %}"
        with smtp_inbox(self.env) as inbox:
            self.invoice(due=10, payment_reference=reference)
            reminder = self.generate()
            self.send()
            self.assertEqual(reminder.state, "sent", reminder.error)
            (message,) = inbox.messages
            self.assertEqual(inbox.recipients, ["fakturace@odberatel.example"])
            html, text = inbox.html(), inbox.text()
        self.assertFalse(message["Bcc"])
        self.assertNotIn("\n", message["Subject"])
        self.assertIn(f"For {evil} Bcc: evil@evil.example of", message["Subject"])
        self.assertNotIn("<script>", html)
        self.assertNotIn("<b>{{", html)
        self.assertIn("&lt;script&gt;", html)
        self.assertIn("{{ object.env }}", html)
        self.assertIn("{{ 7 * 7 }}", html)
        self.assertIn(evil, text)
        self.assertIn(reference, text)
        chatter = reminder.message_ids.filtered(lambda m: m.message_type == "email_outgoing")
        self.assertNotIn("<script>", chatter.body)
        self.assertIn("&lt;script&gt;", chatter.body)


class TestPlainText(TemplatesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level = cls.rule.level_ids[0]

    def test_rule_20_the_variables_of_the_sample_are_those_of_a_reminder(self):
        bank = self.env["res.partner.bank"].create(
            {"acc_number": "CZ5508000000001234567899", "partner_id": self.company.partner_id.id}
        )
        asked = {"interest": "statutory", "flat_cost": 1200, "deadline_days": 7}
        self.level.write({"payment_code": True, **asked})
        self.invoice(due=10, payment_reference="1", partner_bank_id=bank.id)
        self.credit_note(amount=100)
        reminder = self.generate()
        reminder.line_ids.sudo().days_overdue = -1  # only what is still to come has a day in a code

        def shape(value):
            if isinstance(value, dict):
                return {name: shape(item) for name, item in value.items()}
            return [shape(value[0])] if isinstance(value, list) else type(value).__name__

        self.assertEqual(shape(reminder._text_values()), shape(SAMPLE))

    def test_rule_20_every_variable_and_filter_is_listed_on_the_form(self):
        arch = self.env.ref("upominky_addon.view_upominky_level_form").arch
        listed = arch.split("o_upominky_variables")[1]

        def names(values):
            for name, value in values.items():
                yield name
                if isinstance(value, list):
                    yield from names(value[0])

        from ...text.filters import FILTERS

        for name in [*names(SAMPLE), *FILTERS, "money", "date", "total_text", "due_date_text"]:
            if not name.startswith("_") and name not in ("d", "count"):
                self.assertRegex(listed, rf"\b{name}\b")

    def test_rule_20_the_example_on_the_form_works(self):
        view = self.env.ref("upominky_addon.view_upominky_level_form")
        example = view.arch.split('<pre class="o_upominky_example">')[1].split("</pre>")[0]
        self.level.text_template = example
        move = self.invoice(due=10)
        with smtp_inbox(self.env) as inbox:
            self.generate()
            self.send()
        self.assertIn(f"{move.name:18} due ", inbox.text())
        self.assertIn("Total to pay in CZK: ", inbox.text())

    def test_rule_20_text_template_gives_the_plain_part_in_each_language(self):
        self.env["res.lang"]._activate_lang("cs_CZ")
        self.level.text_template = (
            "{{ number }} of {{ issue_date_text }}\n"
            "{% for block in currencies %}{% for line in block.lines %}\n"
            "{{ line.number }} {{ line.due_date | date }} {{ line.left | money(block.code) }}\n"
            "{% endfor %}{% endfor %}\n"
        )
        self.level.update_field_translations(
            "text_template", {"cs_CZ": "Dluží {{ currencies[0].total_text }}"}
        )
        czech = self.new_customer("Česká", "ceska@ceska.example", lang="cs_CZ")
        move = self.invoice(due=10, amount=1234.5)
        self.invoice(czech, due=10, amount=1234.5)
        with smtp_inbox(self.env) as inbox:
            english, _other = self.generate()
            self.send()
        texts = {m["To"]: inbox.text(i).replace("\xa0", " ") for i, m in enumerate(inbox.messages)}
        self.assertEqual(texts["ceska@ceska.example"].strip(), "Dluží 1 234,50 Kč")
        self.assertEqual(
            texts["fakturace@odberatel.example"].replace("\r", "").strip(),
            f"{english.name} of May 29, 2026\n{move.name} May 19, 2026 1,234.50 Kč",
        )

    def test_rule_20_each_text_is_tried_once_however_many_languages_there_are(self):
        for lang in ("cs_CZ", "sk_SK", "de_DE", "pl_PL"):
            self.env["res.lang"]._activate_lang(lang)
        path = "odoo.addons.upominky_addon.models.letters.level_message.check"
        with patch(path) as check:
            self.rule.level_ids.text_template = "{{ number }}"
            self.assertEqual(check.call_count, 1)
            self.level.update_field_translations("text_template", {"cs_CZ": "{{ order }}"})
            self.assertEqual(check.call_count, 2)
            self.level.update_field_translations("text_template", {"de_DE": "{{ order }} "})
            self.assertEqual(check.call_count, 3)

    def test_rule_20_an_error_is_told_on_save_with_line_and_variable(self):
        self.env["res.lang"]._activate_lang("cs_CZ")
        for source, sentence in (
            ("a\n{{ foo }}", "line 2: there is no variable “foo” here"),
            ("{% for b in currencies %}\n\n{{ b.foo }}{% endfor %}", "line 3.*“foo”"),
            ("a\nb\n{{ number", "line 3: it is not written correctly"),
            ("{{ number.__class__ }}", "line 1: “__class__” cannot be used"),
            ("{{ order | money('USD') }}", "needs the code of a currency of the reminder.*“USD”"),
            ("{{ order | date }}", "for dates only"),
            ("{{ currencies }}", "Lists are gone through"),
            ("{{ 'x' * 1000000000 }}", "too long"),
            ("{% for a in range(900) %}{% for b in range(900) %}{% endfor %}{% endfor %}", "round"),
            ("{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}", "Make it simpler"),
            ("{{ 1 / 0 }}", "cannot be computed: division by zero"),
        ):
            with self.subTest(source=source[:60]):
                with self.refused(ValidationError, sentence):
                    self.level.text_template = source
                with self.refused(ValidationError, rf"\(Czech.*{sentence}"):
                    self.level.update_field_translations("text_template", {"cs_CZ": source})
        self.assertFalse(self.level.text_template)

    def test_rule_20_a_text_that_fails_fails_its_reminder_alone(self):
        # What no sample shows: a branch that only some customers come to.
        self.level.text_template = (
            "{% if customer_reference == 'BAD' %}{{ number.foo }}{% endif %}{{ number }}"
        )
        bad = self.new_customer("Bad", "bad@bad.example", ref="BAD")
        self.invoice(due=10)
        self.invoice(bad, due=10)
        with smtp_inbox(self.env) as inbox:
            reminders = {r.partner_id: r for r in self.generate()}
            self.send()
        self.assertEqual(inbox.recipients, ["fakturace@odberatel.example"])
        self.assertEqual(reminders[bad].state, "failed")
        self.assertIn("line 1: there is no variable “foo”", reminders[bad].error)
        self.assertEqual(reminders[self.customer].state, "sent")

    def test_rule_20_blank_text_is_made_from_the_message(self):
        self.level.text_template = " \n "
        move = self.invoice(due=10)
        with smtp_inbox(self.env) as inbox:
            self.generate()
            self.send()
        self.assertIn(move.name, inbox.text())
        self.assertNotIn("<", inbox.text().replace("<http", ""))
