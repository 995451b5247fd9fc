"""On a phone rules, levels and jobs are cards: Odoo shows them wherever a view has any."""

from lxml import etree

from ..common import UpominkyCommon


class TestCards(UpominkyCommon):
    def test_rules_levels_and_jobs_have_cards(self):
        action = self.env.ref("upominky_addon.action_upominky_rule")
        self.assertIn(action.mobile_view_mode, action.view_mode.split(","))
        for model, name in (("upominky.rule", "level_ids"), ("upominky.settings", "job_ids")):
            with self.subTest(model=model):
                form = etree.fromstring(
                    self.env[model].get_views([(False, "form")])["views"]["form"]["arch"]
                )
                (field,) = form.findall(f".//field[@name='{name}']")
                self.assertIn("kanban", field.get("mode"))
                self.assertIsNotNone(field.find("kanban"))
