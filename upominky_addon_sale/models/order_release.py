from odoo import fields, models

from odoo.addons.upominky_addon.models.base.amounts import exact

from ..core.stop import Order


class UpominkyOrderRelease(models.Model):
    """That a manager let one order pass though its customer owes, and on which terms."""

    _name = "upominky.order.release"
    _description = "Released Order"
    _inherit = ["upominky.context"]
    _order = "id desc"

    order_id = fields.Many2one(
        "sale.order", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    payer_id = fields.Many2one(
        "res.partner",
        string="Invoiced To",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount = fields.Monetary(
        string="Released Up To", readonly=True, help="Above this total, the release is void."
    )
    user_id = fields.Many2one(
        "res.users", string="Released By", required=True, readonly=True, index=True
    )
    date = fields.Datetime(string="Released On", required=True, readonly=True)
    reason = fields.Text(required=True, readonly=True)
    used_on = fields.Datetime(
        readonly=True,
        help="When the order was confirmed: opened again, it needs another release.",
    )

    def _to_core(self):
        """Return what was released, as the core knows it.

        :rtype: core.stop.Order
        """
        self.ensure_one()
        return Order(
            self.company_id.id,
            self.partner_id.id,
            self.payer_id.id,
            self.currency_id.id,
            exact(self.amount, self.currency_id),
        )
