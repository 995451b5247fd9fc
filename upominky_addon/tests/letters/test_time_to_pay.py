"""SPEC rule 34: a message names one day to pay by, also where its text is of the first version."""

import json
from importlib.util import module_from_spec, spec_from_file_location

from odoo.modules import get_module_path

from ...core.time_to_pay import time_to_pay
from ..common import UpominkyCommon

#: What the first version said, of three of its defaults.
SUBJECT = "Third reminder: please pay within seven days, {{ object.company_id.name }}"
OLD = {
    "mail_template_level_2": {
        "en_US": "<p>Please {pay it|pay them} within seven days, or tell us when.</p>",
        "cs_CZ": "<p>{Uhraďte ji|Uhraďte je} prosím do sedmi dnů, nebo nám dejte vědět.</p>",
        "sk_SK": "<p>{Uhraďte ju|Uhraďte ich}, prosím, do siedmich dní alebo nám napíšte.</p>",
    },
    "mail_template_level_3": {
        "en_US": "<p>Please pay it within seven days of this message.</p>",
        "de_DE": "<p>Bitte bezahlen Sie sie innerhalb von sieben Tagen nach dieser Nachricht.</p>",
    },
    "mail_template_level_4": {
        "en_US": "<p>pay the amount below within 14 days of receiving this letter, with a</p>",
        "pl_PL": "<p>kwoty w terminie 14 dni od doręczenia niniejszego pisma, z podaniem</p>",
    },
}


class TestTimeToPay(UpominkyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level = cls.rule.level_ids[0]
        cls.template = cls.level.mail_template_id

    # ---------------------------------------------------------------- levels

    def test_rule_34_a_level_says_that_its_text_names_another_time(self):
        for values, words in (
            ({"body_html": "<div><p>Pay <b>within</b> seven days.</p></div>"}, "within seven days"),
            ({"subject": "Pay within 10 days"}, "within 10 days"),
        ):
            with self.subTest(values), self.env.cr.savepoint() as savepoint:
                self.template.write(values)
                self.assertFalse(self.level.deadline_warning)
                self.level.deadline_days = 7
                self.assertIn(f"“{words}”", self.level.deadline_warning)
                savepoint.rollback()
            self.env.invalidate_all()
        self.level.write({"deadline_days": 7, "text_template": "Pay within 3 days."})
        self.assertIn("within 3 days", self.level.deadline_warning)

    def test_rule_34_it_is_said_of_a_text_in_another_language_too(self):
        self.env["res.lang"]._activate_lang("cs_CZ")
        self.level.deadline_days = 7
        body = "<p>Uhraďte to do sedmi dnů.</p>"
        self.template.with_context(lang="cs_CZ").body_html = body
        self.assertIn("do sedmi dnů", self.level.deadline_warning)

    def test_rule_34_the_defaults_name_no_time_themselves(self):
        self.rule.level_ids.deadline_days = 7
        for level in self.rule.level_ids.with_context(lang="en_US"):
            template = level.mail_template_id
            for text in (template.subject, template.body_html):
                self.assertEqual(time_to_pay(str(text)), "")
        view = self.env.ref("upominky_addon.view_upominky_level_form")
        self.assertIn("deadline_warning", self.level.get_view(view.id, "form")["arch"])

    # --------------------------------------------------------------- upgrade

    def migrate(self):
        path = f"{get_module_path('upominky_addon')}/migrations/19.0.1.1.0/post-time-to-pay.py"
        spec = spec_from_file_location("migration", path)
        script = module_from_spec(spec)
        spec.loader.exec_module(script)
        self.env.flush_all()
        script.migrate(self.env.cr, "19.0.1.0.1")
        self.env.invalidate_all()

    def write_old(self, template, bodies):
        """Have a template say what one of the first version said."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_template SET body_html = %s, subject = %s WHERE id = %s",
            [json.dumps(bodies), json.dumps({"en_US": SUBJECT}), template.id],
        )
        self.env.invalidate_all()

    def texts(self, template):
        self.env.cr.execute(
            "SELECT subject, body_html FROM mail_template WHERE id = %s", [template.id]
        )
        subject, bodies = self.env.cr.fetchone()
        return [*subject.values(), *bodies.values()], bodies

    def test_rule_34_the_upgrade_takes_the_time_out_of_the_defaults(self):
        defaults = {name: self.env.ref(f"upominky_addon.{name}") for name in OLD}
        for name, template in defaults.items():
            self.write_old(template, OLD[name])
        for _time in range(2):
            self.migrate()
            for name, template in defaults.items():
                texts, bodies = self.texts(template)
                self.assertEqual(set(bodies), set(OLD[name]))
                for text in texts:
                    with self.subTest(name, text=text):
                        self.assertEqual(time_to_pay(text), "")
        self.assertEqual(
            defaults["mail_template_level_2"].body_html,
            "<p>Please {pay it|pay them}, or tell us when.</p>",
        )

    def test_rule_34_a_new_company_has_one_time_and_others_send_what_they_sent(self):
        default = self.template.upominky_default_id
        for template in (default, self.template):
            self.write_old(template, OLD["mail_template_level_2"])
        other = self.rule.level_ids[1]
        used = other.mail_template_id.upominky_default_id
        other.mail_template_id = used  # as of before each company had its own
        self.write_old(used, OLD["mail_template_level_3"])
        self.migrate()
        self.assertIn("within seven days", self.template.body_html)
        self.assertIn("within seven days", used.body_html)
        company = self.env["res.company"].sudo().create({"name": "Nová s.r.o."})
        rule = self.env["upominky.rule"].sudo().search([("company_id", "=", company.id)], limit=1)
        level = rule.level_ids[0]
        self.assertEqual(level.mail_template_id.upominky_default_id, default)
        self.assertNotIn("within seven days", level.mail_template_id.body_html)
        self.assertTrue(level.deadline_days)
        self.assertFalse(level.deadline_warning)
