from odoo import fields, models


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
    amount = fields.Monetary(
        related="order_id.amount_total",
        string="Released Up To",
        help="If the total of the order grows above this, the release is void.",
    )
    reason = fields.Text(required=True, help="Kept in the history of the order, with your name.")

    def action_confirm(self):
        """Release the order; rights are those of the user on it."""
        self.ensure_one()
        return self.order_id.action_upominky_release(self.reason)
