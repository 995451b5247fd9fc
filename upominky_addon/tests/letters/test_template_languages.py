"""SPEC rule 20: a company's copy of a default learns a new language as a whole, or not at all."""

from odoo.tests import tagged

from ..common import UpominkyCommon

MAILED = ("subject", "body_html")


@tagged("post_install", "-at_install", "upominky_addon")
class TestTemplateLanguages(UpominkyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.copy = cls.rule.level_ids[0].mail_template_id
        cls.default = cls.copy.upominky_default_id

    def learn(self, lang="sk_SK"):
        self.env["res.lang"]._activate_lang(lang)
        self.env.ref("base.module_upominky_addon")._update_translations([lang])

    def texts(self, template, names=(*MAILED, "name", "description")):
        """Return a template's texts as the database has them, by field and language."""
        self.env.flush_all()
        columns = ", ".join(names)
        self.env.cr.execute(f"SELECT {columns} FROM mail_template WHERE id = %s", [template.id])
        return dict(zip(names, self.env.cr.fetchone(), strict=True))

    def places(self):
        """Return where the rows of templates lie: a row that is written again moves."""
        self.env.flush_all()
        self.env.cr.execute("SELECT id, ctid::text FROM mail_template ORDER BY id")
        return dict(self.env.cr.fetchall())

    def test_what_nobody_changed_learns_all_of_it(self):
        self.learn()
        for name, texts in self.texts(self.default).items():
            with self.subTest(field=name):
                self.assertEqual(self.texts(self.copy)[name], texts)
                self.assertIn("sk_SK" if name in MAILED else "cs_CZ", texts)
        self.assertNotEqual(self.copy.with_context(lang="sk_SK").subject, self.copy.subject)

    def test_a_letter_whose_text_was_changed_learns_nothing(self):
        for name, value in (("subject", "Mine"), ("body_html", "<p>Mine</p>")):
            with self.subTest(changed=name), self.env.cr.savepoint() as savepoint:
                self.copy[name] = value
                before = self.texts(self.copy)
                self.learn()
                self.assertEqual(self.texts(self.copy), before)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_a_new_name_is_no_change_of_the_letter(self):
        self.copy.name = "Our first letter"
        self.learn()
        self.assertIn("sk_SK", self.texts(self.copy)["body_html"])
        self.assertEqual(self.texts(self.copy)["name"]["en_US"], "Our first letter")

    def test_a_text_changed_in_another_language_stays_and_others_are_learnt(self):
        self.learn("cs_CZ")
        self.copy.with_context(lang="cs_CZ").subject = "Zaplaťte nám"
        self.learn()
        texts = self.texts(self.copy)
        self.assertEqual(texts["subject"]["cs_CZ"], "Zaplaťte nám")
        self.assertEqual(texts["subject"]["sk_SK"], self.texts(self.default)["subject"]["sk_SK"])

    def test_a_mended_default_goes_on_teaching_and_changes_nothing(self):
        before = self.texts(self.copy, MAILED)
        self.default.subject = "Reminder: mended"
        self.learn()
        after = self.texts(self.copy, MAILED)
        for name in MAILED:
            self.assertEqual(after[name]["en_US"], before[name]["en_US"])
            self.assertIn("sk_SK", after[name])

    def test_no_half_of_a_language_is_learnt(self):
        self.env["res.lang"]._activate_lang("sk_SK")
        self.copy.update_field_translations("subject", {"sk_SK": "Zaplaťte, prosíme"})
        self.learn()
        texts = self.texts(self.copy)
        self.assertEqual(texts["subject"]["sk_SK"], "Zaplaťte, prosíme")
        self.assertNotIn("sk_SK", texts["body_html"])

    def test_reset_it_learns_again(self):
        self.copy.subject = "Mine"
        self.rule.level_ids[0].action_reset_template()
        self.learn()
        self.assertIn("sk_SK", self.texts(self.copy)["subject"])

    def test_a_copy_of_a_changed_copy_counts_as_changed(self):
        other = self.env["res.company"].sudo().create({"name": "Jiná"})
        self.copy.subject = "Mine"
        copy = self.copy.sudo()._upominky_new_copy(other)
        self.learn()
        self.assertNotIn("sk_SK", self.texts(copy)["subject"])

    def test_nothing_is_written_again(self):
        self.learn()
        before = self.places()
        self.env["mail.template"]._upominky_learn_languages()
        self.assertEqual(self.places(), before)
