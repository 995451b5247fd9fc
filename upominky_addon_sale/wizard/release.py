from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.upominky_addon.models.base.amounts import exact

from ..core.stop import is_within


class UpominkyRelease(models.TransientModel):
    """Asks why an order is released though its customer owes."""

    _name = "upominky.release"
    _description = "Release an Order of a Debtor"
    _inherit = ["upominky.input"]

    order_id = fields.Many2one(
        "sale.order",
        string="Quotation",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    owed = fields.Text(related="order_id.upominky_stop_text", string="What Is Owed")
    currency_id = fields.Many2one(related="order_id.currency_id")
    payer_id = fields.Many2one("res.partner", string="Invoiced To", readonly=True, index=True)
    amount = fields.Monetary(
        string="Released Up To",
        readonly=True,
        help="If the total of the order grows above this, the release is void.",
    )
    reason = fields.Text(required=True, help="Kept in the history of the order, with your name.")

    # EXTENDS 'web'
    @api.model
    def default_get(self, fields_list):
        found = super().default_get(fields_list)
        order = self.env["sale.order"].browse(found.get("order_id"))
        if order:
            found |= {"amount": order.amount_total, "payer_id": order._upominky_payer().id}
        return found

    def action_confirm(self):
        """Release the order as it was shown; rights are those of the user on it."""
        self.ensure_one()
        order = self.order_id
        order._upominky_check_release()
        now = order._upominky_to_core()
        seen = replace(now, payer=self.payer_id.id, amount=exact(self.amount, order.currency_id))
        if not is_within(now, seen):
            raise UserError(
                self.env._(
                    "%s has changed since you opened this window. Open it again and look at what "
                    "you release.",
                    order.name,
                )
            )
        return order.action_upominky_release(self.reason)
