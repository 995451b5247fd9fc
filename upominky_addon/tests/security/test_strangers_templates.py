"""SPEC rule 29: what one company writes in its letters is no other company's text."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common import TODAY, smtp_inbox
from ..rights import RightsCommon

DEFAULTS = [f"mail_template_level_{order}" for order in (1, 2, 3, 4)]
DEFAULTS += [f"mail_template_{event}" for event in ("resend", "notice", "thanks")]
EVIL = {"subject": "Our account has changed", "body_html": "<p>Pay to account EVIL.</p>"}


@tagged("post_install", "-at_install", "upominky_addon")
class TestStrangersTemplates(RightsCommon):
    def levels(self, name):
        levels = self.env["upominky.level"].sudo().with_context(active_test=False)
        return levels.search([("rule_id.company_id", "=", self.companies[name].id)])

    def rule_of(self, name):
        """Return the rule for all customers that a company begins with."""
        rules = self.env["upominky.rule"].search(
            [("company_id", "=", self.companies[name].id), ("event", "=", "issue")], order="id"
        )
        return rules[0]

    def refused_to(self, role, template):
        mine = self.as_role(template, role)
        for call in (
            lambda: mine.write(EVIL),
            lambda: mine.update_field_translations("subject", {"en_US": "EVIL"}),
            lambda: mine.write({"active": False}),
            mine.unlink,
        ):
            self.assertTrue(self.refused(call))
        self.assertFalse(mine.can_write)

    def test_each_company_begins_with_templates_of_its_own(self):
        seen = self.env["mail.template"]
        for name in self.companies:
            mine = self.rule_of(name).level_ids.mail_template_id
            self.assertEqual(len(mine), 4)
            self.assertEqual(mine.upominky_company_id, self.companies[name])
            self.assertFalse(mine & seen)
            seen |= mine

    def test_rule_29_a_manager_writes_the_templates_of_his_company_alone(self):
        for name in self.companies:
            for role, home in (
                ("manager", "ours"),
                ("other_manager", "other"),
                ("branch", "branch"),
            ):
                template = self.rule_of(name).level_ids[0].mail_template_id
                with self.subTest(role=role, company=name):
                    if name == home:
                        self.as_role(template, role).subject = "Ours"
                        self.assertTrue(self.as_role(template, role).can_write)
                    else:
                        self.refused_to(role, template)

    def test_rule_29_what_all_companies_begin_with_is_no_managers_to_change(self):
        for xmlid in DEFAULTS:
            for role in ("manager", "parent", "other_manager"):
                with self.subTest(template=xmlid, role=role):
                    self.refused_to(role, self.env.ref(f"upominky_addon.{xmlid}"))

    def test_rule_29_a_template_that_another_company_uses_is_read_only(self):
        own = self.as_role(self.env["mail.template"], "other_manager").create(
            {
                "name": "Own",
                "model_id": self.env["ir.model"]._get_id("upominky.reminder"),
                "subject": "Please pay",
                "body_html": "<p>x</p>",
            }
        )
        own.subject = "Please pay soon"
        self.levels("ours")[0].mail_template_id = own.sudo()
        self.refused_to("other_manager", own.sudo())

    def test_rule_29_nobody_plants_a_text_as_another_companys_copy(self):
        template = self.rule_of("ours").level_ids[0].mail_template_id
        planted = {
            "name": "Plant",
            "upominky_company_id": self.companies["ours"].id,
            "upominky_default_id": template.id,
        }
        for role in ("employee", "user", "manager", "other_manager", "parent"):
            for model in ("upominky.reminder", "res.partner"):
                values = {**planted, **EVIL, "model_id": self.env["ir.model"]._get_id(model)}
                mine = self.as_role(self.env["mail.template"], role)
                with self.subTest(role=role, model=model):
                    self.assertTrue(self.refused(lambda m=mine, v=values: m.create(v)))
                hidden = {f"default_{name}": values.pop(name) for name in planted if name != "name"}
                with self.subTest(role=role, model=model, by="context"):
                    there = mine.with_context(**hidden)
                    self.assertTrue(self.refused(lambda m=there, v=values: m.create(v)))

    def test_rule_29_a_template_of_another_company_is_not_chosen_past_the_screen(self):
        template = self.rule_of("ours").level_ids[0].mail_template_id
        level = self.as_role(self.levels("other")[0], "other_manager")
        self.assertTrue(self.refused(lambda: level.write({"mail_template_id": template.id})))
        self.assertTrue(self.as_role(template, "manager").can_write)
        own = self.as_role(self.env["mail.template"], "other_manager").create(
            {
                "name": "Own",
                "model_id": self.env["ir.model"]._get_id("upominky.reminder"),
                "subject": "x",
                "body_html": "<p>x</p>",
            }
        )
        self.assertEqual(own.sudo().upominky_company_id, self.companies["other"])
        level.mail_template_id = own

    def test_rule_23_nobody_mails_a_reminder_past_the_sending_job(self):
        reminder = self.world["ours"]["upominky.reminder"]
        template = self.rule_of("ours").level_ids[0].mail_template_id
        for role in ("user", "manager", "system"):
            mine = self.as_role(template, role)
            with self.subTest(role=role):
                error = self.outcome(lambda m=mine: m.send_mail(reminder.id, force_send=True))
                self.assertIsInstance(error, UserError)

    def test_rule_29_a_foreign_template_is_reset_by_nobody_else(self):
        template = self.rule_of("ours").level_ids[0].mail_template_id
        template.subject = "Ours"
        theirs = self.levels("other")[0]
        theirs.mail_template_id = template
        level = self.as_role(theirs, "other_manager")
        self.assertFalse(level.template_resettable)
        self.assertTrue(level.template_shared)
        with self.assertRaises(AccessError):
            level.action_reset_template()
        self.assertEqual(template.subject, "Ours")

    def test_a_copy_is_offered_and_says_the_same_in_every_language(self):
        self.env["res.lang"]._activate_lang("cs_CZ")
        template = self.rule_of("ours").level_ids[0].mail_template_id
        template.with_context(lang="cs_CZ").subject = "Zaplaťte nám"
        theirs = self.levels("other").filtered(lambda level: level.rule_id.active)[:2]
        theirs.mail_template_id = template
        self.as_role(theirs[0], "other_manager").action_copy_template()
        copy = theirs[0].mail_template_id
        self.assertNotEqual(copy, template)
        self.assertEqual(theirs.mail_template_id, copy)  # both had the one, and have the one
        self.assertEqual(copy.upominky_company_id, self.companies["other"])
        for lang in ("en_US", "cs_CZ"):
            for name in ("name", "subject", "body_html", "email_layout_xmlid", "lang"):
                with self.subTest(lang=lang, field=name):
                    mine, others = (t.with_context(lang=lang)[name] for t in (copy, template))
                    self.assertEqual(mine, others)
        self.as_role(copy, "other_manager").subject = "Pay us"
        self.assertEqual(template.with_context(lang="cs_CZ").subject, "Zaplaťte nám")

    def test_rule_20_a_reset_does_not_take_over_what_an_administrator_made_of_the_default(self):
        template = self.rule_of("ours").level_ids[0].mail_template_id
        original = template.subject
        template.upominky_default_id.subject = template.subject = "Changed"
        self.as_role(self.rule_of("ours").level_ids[0], "manager").action_reset_template()
        self.assertEqual(template.subject, original)
        self.assertEqual(template.upominky_default_id.subject, "Changed")

    def test_rule_29_the_letters_of_one_company_do_not_change_with_anothers(self):
        mine = self.rule_of("other").level_ids[0].mail_template_id
        self.as_role(mine, "other_manager").write(EVIL)
        with smtp_inbox(self.env) as inbox, self.on(TODAY):
            self.world["ours"]["upominky.reminder"].action_send_now()
        self.assertEqual(len(inbox.messages), 1)
        self.assertNotIn("EVIL", inbox.html())
        self.assertNotIn("account has changed", inbox.messages[0]["Subject"])

    def test_a_company_without_default_templates_is_made_all_the_same(self):
        defaults = self.env["mail.template"].union(
            *(self.env.ref(f"upominky_addon.{xmlid}") for xmlid in DEFAULTS)
        )
        levels = self.env["upominky.level"].search([("mail_template_id", "in", defaults.ids)])
        levels.write({"send": False, "mail_template_id": False})
        defaults.unlink()
        company = self.env["res.company"].create({"name": "Nová s.r.o."})
        rule = self.env["upominky.rule"].search([("company_id", "=", company.id)])
        self.assertEqual(len(rule.level_ids), 4)
        self.assertFalse(rule.level_ids.mail_template_id)

    def test_a_company_takes_its_templates_with_it(self):
        company = self.env["res.company"].create({"name": "Krátká s.r.o."})
        own = self.env["mail.template"].search([("upominky_company_id", "=", company.id)])
        self.assertEqual(len(own), 7)
        self.levels("ours")[0].mail_template_id = own[0]
        company.unlink()
        self.assertEqual(own.exists(), own[0])

    # --------------------------------------------------------------- senders

    def test_rule_29_nobody_of_another_company_signs(self):
        stranger = new_test_user(
            self.env, "stranger", "base.group_user", company_id=self.companies["other"].id
        )
        rule = self.rule_of("ours")
        for record in (rule, rule.level_ids[0]):
            with (
                self.subTest(record=record),
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(ValidationError, "is no user of"),
            ):
                record.sender_id = stranger
        stranger.company_ids |= self.companies["ours"]
        rule.sender_id = stranger
