"""SPEC rules 20 and 29: a rule that comes to another company writes in the name of that one."""

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from ..rights import MANAGER, RightsCommon

EVIL = {"subject": "Pay the first company", "body_html": "<p>Account of the first</p>"}


@tagged("post_install", "-at_install", "upominky_addon")
class TestRuleMoved(RightsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ours, cls.other = cls.companies["ours"], cls.companies["other"]
        cls.mover = new_test_user(
            cls.env,
            "mover",
            f"{MANAGER},base.group_system,base.group_multi_company",
            company_id=cls.ours.id,
            company_ids=[Command.set((cls.ours | cls.other).ids)],
        )

    def general(self, company):
        domain = [("company_id", "=", company.id), ("event", "=", "issue")]
        return self.env["upominky.rule"].search(domain, order="id")[0]

    def roads(self):
        """Yield ways in which a rule comes to another company: its name, and what does it."""
        yield "moved", self.moved
        yield "duplicated", self.duplicated

    def mine(self, records):
        companies = (self.ours | self.other).ids
        return records.with_user(self.mover).with_context(allowed_company_ids=companies)

    def moved(self, rule):
        rule.write({"company_id": self.other.id})
        return rule

    def duplicated(self, rule):
        return rule.copy({"company_id": self.other.id})

    def each(self):
        """Yield the rule of the first company as the mover and as the program, for each road."""
        for name, road in self.roads():
            for by, rule in (
                ("a person", self.mine(self.general(self.ours))),
                ("the program", self.general(self.ours).sudo()),
            ):
                with self.subTest(road=name, by=by), self.env.cr.savepoint() as savepoint:
                    yield road, rule
                    savepoint.rollback()
                self.env.invalidate_all()

    def test_rule_20_its_levels_take_the_copies_that_the_company_has(self):
        for road, rule in self.each():
            rule.sudo().level_ids.mail_template_id.write(EVIL)
            there = self.general(self.other).level_ids.mail_template_id
            before = self.env["mail.template"].sudo().search_count([])
            levels = road(rule).level_ids.sudo()
            self.assertEqual(levels.mail_template_id, there)
            self.assertEqual(self.env["mail.template"].sudo().search_count([]), before)
            self.assertNotIn(EVIL["subject"], levels.mail_template_id.mapped("subject"))
            self.assertFalse(any(levels.mapped("template_shared")))

    def test_rule_20_a_text_of_ones_own_is_copied_once_for_the_new_company(self):
        for road, rule in self.each():
            own = rule.level_ids[0].mail_template_id.sudo().copy({"name": "Own", **EVIL})
            own.upominky_company_id = self.ours
            rule.sudo().level_ids[:2].mail_template_id = own
            levels = road(rule).level_ids.sudo()
            copy = levels[0].mail_template_id
            self.assertEqual(levels[1].mail_template_id, copy)
            self.assertNotEqual(copy, own)
            self.assertEqual(copy.upominky_company_id, self.other)
            self.assertEqual((copy.subject, copy.name), (own.subject, own.name))
            self.assertEqual(own.upominky_company_id, self.ours)

    def test_rule_20_a_default_becomes_the_companys_own(self):
        default = self.env.ref("upominky_addon.mail_template_level_1")
        for road, rule in self.each():
            rule.sudo().level_ids[0].mail_template_id = default
            self.assertEqual(
                road(rule).level_ids.sudo()[0].mail_template_id,
                self.general(self.other).level_ids[0].mail_template_id,
            )

    def test_rule_20_an_archived_copy_is_not_taken(self):
        archived = self.general(self.other).level_ids[0].mail_template_id
        archived.sudo().active = False
        for road, rule in self.each():
            template = road(rule).level_ids.sudo()[0].mail_template_id
            self.assertTrue(template.active)
            self.assertEqual(template.upominky_company_id, self.other)

    def test_rule_20_a_level_that_joins_another_companys_rule_takes_its_copy(self):
        level = self.mine(self.general(self.ours).level_ids[0])
        there = self.general(self.other)
        level.write({"rule_id": there.id, "order": 9})
        self.assertEqual(level.sudo().mail_template_id, there.level_ids[0].mail_template_id)

    def test_rule_19_who_does_not_work_for_the_new_company_does_not_sign_there(self):
        stranger = new_test_user(self.env, "ours_only", MANAGER, company_id=self.ours.id)
        for road, rule in self.each():
            for record in (rule, rule.level_ids[1]):
                record.sudo().sender_id = stranger
                refusal = self.assertRaisesRegex(ValidationError, "is no user of")
                with refusal, self.env.cr.savepoint():
                    road(rule)
                record.sudo().sender_id = False

    def test_rule_19_a_duplicate_takes_the_sender_that_it_is_given(self):
        seller = new_test_user(self.env, "seller", MANAGER, company_id=self.other.id)
        rule = self.mine(self.general(self.ours))
        copy = rule.copy({"company_id": self.other.id, "sender_id": seller.id})
        self.assertEqual((copy.company_id, copy.sender_id), (self.other, seller))

    def test_within_its_company_a_duplicate_keeps_its_texts(self):
        rule = self.general(self.ours)
        copy = rule.copy({"company_id": self.ours.id})
        self.assertEqual(copy.level_ids.mail_template_id, rule.level_ids.mail_template_id)

    def test_rule_29_nobody_moves_a_rule_to_a_company_that_is_not_his(self):
        for road, rule in ((road, self.general(self.ours)) for _name, road in self.roads()):
            mine = self.as_role(rule, "manager")
            self.assertTrue(self.refused(lambda r=road, m=mine: r(m)))

    def test_the_form_of_a_new_rule_takes_the_texts_of_the_company_that_is_chosen(self):
        rules = self.mine(self.env["upominky.rule"]).with_context(upominky_copy_levels=True)
        form = Form(rules)
        form.name = "New"
        form.company_id = self.other
        rule = form.save()
        self.assertEqual(rule.level_ids.mail_template_id.upominky_company_id, self.other)

    def test_rule_29_a_template_of_the_old_company_is_not_chosen_there(self):
        template = self.general(self.ours).level_ids[0].mail_template_id
        rule = self.mine(self.general(self.ours))
        rule.company_id = self.other
        with self.assertRaises(AccessError):
            rule.level_ids[0].mail_template_id = template
