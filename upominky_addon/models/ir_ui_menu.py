"""What is not shown before somebody uses it (SPEC, section 6): menus and actions of new parts."""

from odoo import api, models, tools

from .cases.case import LAWYER

#: Menus of the add-on that have nothing to show before a part is in use.
MENUS = {
    "menu_upominky_letters": "letters",
    "menu_upominky_rate": "interest",
    "menu_upominky_paid_late": "interest",
    "menu_upominky_case": "cases",
    "menu_upominky_statement": "statements",
}
#: Actions likewise, with what they are offered on.
ACTIONS = {
    "action_server_bill_move": "interest",
    "action_server_bill_partner": "interest",
    "action_server_bill_reminder": "interest",
}
OFFERED_ON = frozenset({"account.move", "res.partner", "upominky.reminder"})
#: Fields that a part is switched on with.
OF_LEVEL = frozenset({"send_letter", "interest", "flat_cost", "is_final"})
#: What they are where it is not.
UNUSED = (None, False, 0, "none")
OF_COMPANY = (
    "upominky_regime",
    "upominky_interest_journal_id",
    "upominky_interest_account_id",
    "upominky_interest_tax_ids",
)


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    # EXTENDS 'base'
    @api.model
    def _load_menus_blacklist(self):
        return [*super()._load_menus_blacklist(), *self._upominky_unused(MENUS)]

    @api.model
    def _upominky_unused(self, parts):
        """Return the ids of menus or actions whose part nobody uses.

        :param dict parts: by their names
        """
        in_use = self._upominky_in_use()
        refs = (
            self.env.ref(f"upominky_addon.{name}", raise_if_not_found=False)
            for name, part in parts.items()
            if part not in in_use
        )
        return [record.id for record in refs if record]

    @api.model
    @tools.ormcache()
    def _upominky_in_use(self):
        """Return which parts are in use, by whatever company of the database.

        :rtype: frozenset[str]
        """
        return self._upominky_look_in_use()

    @api.model
    def _upominky_look_again(self):
        """Have menus and actions read anew if others are in use than before."""
        if self._upominky_in_use() != self._upominky_look_in_use():
            self.env.registry.clear_cache()

    @api.model
    def _upominky_look_in_use(self):
        # sudo: that a part is in use somewhere is told by its menu; nothing else of it is.
        me = self.sudo().with_context(active_test=False)
        levels = me.env["upominky.level"]
        asks = ["|", ("interest", "!=", "none"), ("flat_cost", ">", 0)]
        chosen = ["|"] * (len(OF_COMPANY) - 1) + [(name, "!=", False) for name in OF_COMPANY]
        told = {
            "letters": (
                (levels, [("send_letter", "=", True)]),
                (me.env["upominky.delivery"], [("state", "in", ("to_print", "printed"))]),
            ),
            "interest": ((levels, asks), (me.env["res.company"], chosen)),
            "cases": (
                (levels, [("is_final", "=", True)]),
                (me.env["upominky.case"], [("kind", "=", LAWYER)]),
            ),
            "statements": ((me.env["upominky.case"], [("kind", "!=", LAWYER)]),),
        }
        return frozenset(
            part
            for part, places in told.items()
            if any(model.search_count(domain, limit=1) for model, domain in places)
        )


class IrActionsActions(models.Model):
    _inherit = "ir.actions.actions"

    # EXTENDS 'base'
    @api.model
    def get_bindings(self, model_name):
        found = super().get_bindings(model_name)
        if model_name not in OFFERED_ON:
            return found
        unused = self.env["ir.ui.menu"]._upominky_unused(ACTIONS)
        return {
            kind: [action for action in actions if action["id"] not in unused]
            for kind, actions in found.items()
        }


class UpominkyLevel(models.Model):
    _inherit = "upominky.level"

    @api.model_create_multi
    def create(self, vals_list):
        levels = super().create(vals_list)
        if any(vals.get(name) not in UNUSED for vals in vals_list for name in OF_LEVEL):
            self.env["ir.ui.menu"]._upominky_look_again()
        return levels

    def write(self, vals):
        result = super().write(vals)
        if OF_LEVEL & vals.keys():
            self.env["ir.ui.menu"]._upominky_look_again()
        return result


class UpominkyCase(models.Model):
    _inherit = "upominky.case"

    @api.model_create_multi
    def create(self, vals_list):
        cases = super().create(vals_list)
        self.env["ir.ui.menu"]._upominky_look_again()
        return cases


class ResCompany(models.Model):
    _inherit = "res.company"

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & set(OF_COMPANY):
            self.env["ir.ui.menu"]._upominky_look_again()
        return result
