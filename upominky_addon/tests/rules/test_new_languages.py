"""A language that is activated after the install finds the default rules and levels named."""

from ..common import UpominkyCommon


class TestNewLanguages(UpominkyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = cls.env["upominky.rule"].with_context(active_test=False).search(
            [("company_id", "=", cls.company.id)]
        )  # fmt: skip
        for record in (*cls.rules, *cls.rules.level_ids):  # as before there was any Czech
            record.with_context(lang="cs_CZ").name = record.with_context(lang="en_US").name

    def activate(self, code):
        """Activate a language as Settings do."""
        lang = self.env["res.lang"].with_context(active_test=False).search([("code", "=", code)])
        self.env["base.language.install"].create({"lang_ids": lang.ids}).lang_install()

    def names(self, records, lang="cs_CZ"):
        return records.with_context(lang=lang).mapped("name")

    def test_default_names_are_there_in_a_language_that_came_later(self):
        self.activate("cs_CZ")
        self.assertEqual(self.names(self.rule), ["Všichni zákazníci"])
        self.assertEqual(self.names(self.rule.level_ids)[0], "První upomínka")
        for records in (self.rules, self.rules.level_ids):
            both = zip(self.names(records), self.names(records, "en_US"), strict=True)
            self.assertFalse([words for words, english in both if words == english])

    def test_other_names_stay(self):
        first, second = self.rule.level_ids[:2]
        first.with_context(lang="en_US").name = "Our own words"
        first.with_context(lang="cs_CZ").name = "Our own words"
        second.with_context(lang="cs_CZ").name = "Vlastní slova"
        self.activate("cs_CZ")
        self.assertEqual(self.names(first + second), ["Our own words", "Vlastní slova"])
