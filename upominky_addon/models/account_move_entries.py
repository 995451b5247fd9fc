from odoo import api, fields, models
from odoo.fields import Domain

from .books.receivables import open_items, openings
from .res_company import INSIDE


class AccountMove(models.Model):
    """Opening entries: which of their items are reminded is chosen item by item."""

    _inherit = "account.move"

    upominky_is_opening = fields.Boolean(
        string="Opening Entry",
        compute="_compute_upominky_is_opening",
        groups=INSIDE,
        help="Whether it may ask for what customers owed before these books began.",
    )

    @api.depends("state", "move_type", "line_ids.account_type", "journal_id.type")
    def _compute_upominky_is_opening(self):
        domain = Domain("move_id", "in", self.ids) & open_items()
        found = self.env["account.move.line"]._read_group(domain & openings(), ["move_id"])
        opening = {move.id for (move,) in found}
        for move in self:
            move.upominky_is_opening = move.id in opening

    def action_upominky_items(self):
        """Show what these entries ask customers for, to choose what of it is followed up."""
        self.env["upominky.reminder"]._check_user_may()
        self.check_access("write")
        domain = Domain("move_id", "in", self.ids) & open_items()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Choose What Is Followed Up"),
            "res_model": "account.move.line",
            "view_mode": "list",
            "views": [(self.env.ref("upominky_addon.view_upominky_item_list").id, "list")],
            "domain": list(domain),
        }
