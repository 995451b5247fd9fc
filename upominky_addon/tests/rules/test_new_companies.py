"""A company is set up with what there is, whatever became of what the add-on brought along."""

from odoo.tests import new_test_user

from ..common import UpominkyCommon

LEVELS = [f"mail_template_level_{order}" for order in (1, 2, 3, 4)]
ONE_LEVEL = ["mail_template_resend", "mail_template_notice", "mail_template_thanks"]
DEFAULTS = [*LEVELS, *ONE_LEVEL]


class TestNewCompanies(UpominkyCommon):
    def default(self, name):
        return self.env.ref(f"upominky_addon.{name}")

    def new_company(self, user=None):
        companies = self.env["res.company"]
        return (companies.with_user(user) if user else companies).create({"name": "Nová s.r.o."})

    def check_set_up(self, company, missing=()):
        """Check that a company has all rules, and a template of its own for each that is there."""
        rules = self.env["upominky.rule"].sudo().with_context(active_test=False)
        rules = rules.search([("company_id", "=", company.id)])
        self.assertEqual(rules.mapped("event"), ["issue", "resend", "notice", "thanks"])
        self.assertTrue(company.sudo()._upominky_sequence())
        levels = rules.filtered(lambda rule: rule.event == "issue").level_ids
        self.assertEqual(levels.mapped("order"), [1, 2, 3, 4])
        for name, level in zip(DEFAULTS, [*levels, *(rules.level_ids - levels)], strict=True):
            with self.subTest(name):
                template = level.mail_template_id
                self.assertEqual(bool(template), name not in missing)
                self.assertEqual(template.upominky_company_id, company if template else company[:0])

    def check(self, missing=(), user=None):
        with self.env.cr.savepoint() as savepoint:
            for name in missing:
                self.default(name).unlink()
            self.check_set_up(self.new_company(user), missing)
            savepoint.rollback()
        self.env.invalidate_all()

    def test_a_default_template_that_is_gone_stops_no_company(self):
        for missing in ((), *((name,) for name in DEFAULTS), tuple(DEFAULTS)):
            with self.subTest(missing=missing):
                self.check(missing)

    def test_the_history_of_default_rules_begins_with_what_somebody_did(self):
        """Odoo's “created” would stand there in English, whatever language people read."""
        env = self.env(context={"active_test": False})  # tests switch the history off
        company = env["res.company"].create({"name": "Fresh"})
        mine = env["upominky.rule"].search([("company_id", "=", company.id)])
        self.assertEqual(len(mine), 4)
        self.assertFalse(mine.message_ids)
        own = self.rule.with_env(env).copy({"name": "Own"})
        self.assertIn("Reminder Rule created", str(own.message_ids.mapped("body")))

    def test_whoever_may_make_companies_can(self):
        user = new_test_user(
            self.env, "founder", "base.group_erp_manager,base.group_partner_manager"
        )
        self.check(DEFAULTS[:2], user)

    def test_a_template_that_was_replaced_and_deleted_stops_no_company(self):
        own = self.env["mail.template"].create(
            {
                "name": "Our own",
                "model_id": self.env["ir.model"]._get_id("upominky.reminder"),
                "subject": "Ours",
                "body_html": "<p>Please pay.</p>",
            }
        )
        level = self.rule.level_ids[0]
        copy, level.mail_template_id = level.mail_template_id, own
        copy.unlink()
        self.default(LEVELS[0]).unlink()
        self.check_set_up(self.new_company(), LEVELS[:1])
        self.assertEqual(level.mail_template_id, own)

    def test_an_archived_default_stops_no_company(self):
        self.default(LEVELS[1]).active = False
        self.check_set_up(self.new_company())

    def test_default_rules_that_were_deleted_stop_no_company(self):
        rules = self.env["upominky.rule"].sudo().with_context(active_test=False)
        rules.search([]).unlink()
        self.check_set_up(self.new_company())
