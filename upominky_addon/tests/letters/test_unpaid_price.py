"""SPEC rules 38 and 40: interest arises from the unpaid price, says the default final notice."""

import json
from importlib.util import module_from_spec, spec_from_file_location

from odoo.modules import get_module_path

from ..common import UpominkyCommon

LANGUAGES = ("cs", "sk", "de", "pl", "en")


class TestUnpaidPrice(UpominkyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.default = cls.env.ref("upominky_addon.mail_template_level_4")
        path = f"{get_module_path('upominky_addon')}/migrations/19.0.1.1.0/post-unpaid-price.py"
        spec = spec_from_file_location("migration", path)
        cls.script = module_from_spec(spec)
        spec.loader.exec_module(cls.script)
        cls.before = {
            lang: "<p>" + " … ".join(before for before, _after in words) + "</p>"
            for lang, words in cls.script.WORDS.items()
        }

    def migrated(self, template, bodies):
        """Return what a template that said something says after the upgrade, by language."""
        self.env.flush_all()
        query = "UPDATE mail_template SET body_html = %s WHERE id = %s"
        self.env.cr.execute(query, [json.dumps(bodies), template.id])
        self.script.migrate(self.env.cr, "19.0.1.0.1")
        self.env.cr.execute("SELECT body_html FROM mail_template WHERE id = %s", [template.id])
        self.env.invalidate_all()
        return self.env.cr.fetchone()[0]

    def test_rule_40_the_upgrade_says_so_in_each_language(self):
        self.assertEqual(set(self.before), set(LANGUAGES))
        bodies = {f"{lang}_XX": text for lang, text in self.before.items()}
        for _time in range(2):
            bodies = self.migrated(self.default, bodies)
            for lang, words in self.script.WORDS.items():
                for before, after in words:
                    with self.subTest(lang, before=before):
                        self.assertNotIn(before, bodies[f"{lang}_XX"])
                        self.assertIn(after, bodies[f"{lang}_XX"])

    def test_rule_40_what_somebody_wrote_or_sends_stays(self):
        changed = {"en_US": self.before["en"].replace("the invoice", "our invoice")}
        self.assertEqual(self.migrated(self.default, changed), changed)
        sent = self.rule.level_ids[3].mail_template_id
        self.assertNotEqual(sent, self.default)
        bodies = {"en_US": self.before["en"]}
        self.assertEqual(self.migrated(sent, bodies), bodies)
        self.rule.level_ids[3].sudo().mail_template_id = self.default
        self.assertEqual(self.migrated(self.default, bodies), bodies)

    def test_rule_40_the_default_says_what_the_upgrade_makes_of_the_old_one(self):
        text = str(self.default.with_context(lang="en_US").body_html)
        for _before, after in self.script.WORDS["en"]:
            self.assertIn(after, text)
