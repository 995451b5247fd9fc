from lxml import etree

from odoo.tests import tagged

from ..common import UpominkyCommon

#: As many columns of a list fit a phone.
FIT = 2
MENU = "upominky_addon.menu_upominky"


@tagged("post_install", "-at_install", "upominky_addon")
class TestPhone(UpominkyCommon):
    """A phone shows a list as cards where there are cards, else cut after its second column."""

    def test_each_list_of_the_menu_has_cards(self):
        for menu in self.env["ir.ui.menu"].search([("id", "child_of", self.env.ref(MENU).id)]):
            if menu.action and menu.action._name == "ir.actions.act_window":
                modes = menu.action.view_mode.split(",")
                with self.subTest(menu=menu.name):
                    self.assertTrue(modes[0] != "list" or "kanban" in modes, modes)

    def test_each_list_inside_a_form_has_cards(self):
        domain = [
            ("type", "=", "form"),
            ("model", "like", "upominky.%"),
            ("inherit_id", "=", False),
        ]
        forms = self.env["ir.ui.view"].search(domain)
        forms += self.env.ref("upominky_addon.view_move_upominky_form")
        forms += self.env.ref("upominky_addon.view_partner_upominky_form")
        for form in forms:
            arch = etree.fromstring(form.get_combined_arch())
            for field in arch.iterfind(".//field[list]"):
                columns = field.xpath("list/field[not(@column_invisible='1')]")
                if len(columns) > FIT:
                    with self.subTest(form=form.name, field=field.get("name")):
                        self.assertEqual(field.get("mode"), "list,kanban")
