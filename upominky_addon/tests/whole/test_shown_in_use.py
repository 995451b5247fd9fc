"""SPEC, section 6: a part that nobody has switched on shows nothing."""

from odoo.tests import new_test_user

from ..common import UpominkyCommon

BILL = ("account.move", "res.partner", "upominky.reminder")


class TestShownInUse(UpominkyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "upominky_addon.group_manager,account.group_account_invoice"
        cls.manager = new_test_user(cls.env, "spravce_menu", groups)
        cls.env["upominky.level"].sudo().search([]).write(
            {"interest": "none", "flat_cost": 0, "send_letter": False, "is_final": False}
        )
        cls.level = cls.rule.level_ids[0]

    def shown(self, name):
        menu = self.env.ref(f"upominky_addon.{name}")
        return menu.id in self.env["ir.ui.menu"].with_user(self.manager).load_menus(False)

    def bills_on(self, model):
        found = self.env["ir.actions.actions"].with_user(self.manager).get_bindings(model)
        ours = {
            self.env.ref(f"upominky_addon.action_server_bill_{name}").id
            for name in ("move", "partner", "reminder")
        }
        return {action["id"] for action in found.get("action", ())} & ours

    def test_section_6_menus_of_what_nobody_uses_are_not_there(self):
        for name, values in (
            ("menu_upominky_letters", {"send_letter": True}),
            ("menu_upominky_rate", {"interest": "statutory"}),
            ("menu_upominky_paid_late", {"flat_cost": 1200}),
            ("menu_upominky_case", {"is_final": True, "deadline_days": 14}),
        ):
            with self.subTest(name):
                self.assertFalse(self.shown(name))
                self.level.write(values)
                self.assertTrue(self.shown(name))
                self.level.write(
                    {"interest": "none", "flat_cost": 0, "send_letter": False, "is_final": False}
                )
                self.assertFalse(self.shown(name))
        self.assertTrue(self.shown("menu_upominky_reminder"))

    def test_rule_39_interest_is_billed_where_it_is_asked_or_set_up(self):
        for model in BILL:
            self.assertFalse(self.bills_on(model), model)
        self.company.upominky_regime = "cz"
        for model in BILL:
            self.assertTrue(self.bills_on(model), model)
        self.assertTrue(self.shown("menu_upominky_paid_late"))

    def test_rule_40_the_list_of_files_comes_with_the_first(self):
        self.invoice(due=10)
        self.assertFalse(self.shown("menu_upominky_case"))
        self.customer.with_user(self.manager).action_upominky_case_file()
        self.assertTrue(self.shown("menu_upominky_case"))
        self.assertFalse(self.shown("menu_upominky_statement"))

    def test_section_18_7_the_list_of_statements_comes_with_the_first(self):
        self.assertFalse(self.shown("menu_upominky_statement"))
        dialog = self.env["upominky.statement"].with_user(self.manager)
        dialog.create({"partner_ids": self.customer.ids}).action_confirm()
        self.assertTrue(self.shown("menu_upominky_statement"))
        self.assertFalse(self.shown("menu_upominky_case"))
