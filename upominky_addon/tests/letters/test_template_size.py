"""SPEC rule 20: a template of reminders holds what a letter needs, and no more."""

from odoo.exceptions import ValidationError

from ..common import UpominkyCommon, smtp_inbox

TABLE = '<t t-out="object.invoice_table"/>'
NAME = '<t t-out="object.name"/>'
TOO_MUCH = (
    ({"body_html": TABLE * 4}, "table of invoices 4 times"),
    ({"body_html": TABLE * 16_000}, "characters"),
    ({"body_html": f"{TABLE}{NAME * 100}"}, "has 101 placeholders"),
    ({"body_html": f"{TABLE}{'<b>x</b>' * 5_000}"}, "pieces of formatting"),
    ({"body_html": f"{TABLE}<p>{'word ' * 20_000}</p>"}, "characters"),
    ({"subject": "x" * 1_001}, "“Subject” of"),
    ({"email_cc": "a@x.example, " * 100}, "“Cc” of"),
)


class TestTemplateSize(UpominkyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.rule.level_ids[0].mail_template_id

    def test_rule_20_too_much_is_refused_with_a_sentence_when_it_is_saved(self):
        self.env["res.lang"]._activate_lang("cs_CZ")
        for values, sentence in TOO_MUCH:
            (name,) = values
            with self.subTest(sentence):
                with self.assertRaises(ValidationError) as caught:  # Odoo's own, with a savepoint
                    self.template.write(values)
                self.assertIn(sentence, str(caught.exception))
            with self.subTest(sentence, lang="cs_CZ"), self.assertRaises(ValidationError):
                self.template.with_context(lang="cs_CZ").write(values)
            if self.template._fields[name].translate:
                with self.subTest(sentence, lang="both"), self.assertRaises(ValidationError):
                    self.template.update_field_translations(name, {"cs_CZ": values[name]})
            with self.subTest(sentence, new=True), self.assertRaises(ValidationError):
                self.template.copy(values)

    def test_rule_20_what_a_letter_needs_is_taken(self):
        for body in (TABLE * 3, f"{NAME * 97}{TABLE * 3}", f"<p>{'word ' * 19_000}</p>{TABLE}"):
            self.template.body_html = body

    def test_templates_of_other_documents_are_not_ours_to_limit(self):
        other = self.env.ref("account.email_template_edi_invoice").copy()
        other.subject = "x" * 2_000
        self.assertEqual(len(other.subject), 2_000)

    def test_what_was_saved_before_is_sent_until_it_is_changed(self):
        self.env.cr.execute(
            "UPDATE mail_template SET body_html = jsonb_build_object('en_US', %s) WHERE id = %s",
            [TABLE * 5, self.template.id],
        )
        self.env.invalidate_all()
        self.template.name = "Large"
        self.invoice(due=10)
        with smtp_inbox(self.env) as inbox:
            reminder = self.generate()
            self.send()
        self.assertEqual((reminder.state, len(inbox.messages)), ("sent", 1))
