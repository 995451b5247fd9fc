from odoo import fields, models

from ..models.res_partner_holds import HOLD_REASONS


class UpominkyHold(models.TransientModel):
    """Asks whether a customer gets reminders: for those who may not change contacts otherwise."""

    _name = "upominky.hold"
    _description = "Hold Payment Reminders of a Customer"
    _inherit = ["upominky.input"]

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, readonly=True, index=True
    )
    excluded = fields.Boolean(
        string="No Reminders", help="This customer never gets a payment reminder of this company."
    )
    hold_until = fields.Date(
        string="On Hold Until",
        help="No reminder of this company is issued or sent up to and including this day; then it "
        "goes on by itself. A reason without a date holds until it is lifted.",
    )
    hold_reason = fields.Selection(HOLD_REASONS, string="Reason of Hold")

    def action_confirm(self):
        """Write it for the active company; rights are those of the user on the customer."""
        self.ensure_one()
        self.partner_id.action_upominky_hold(
            excluded=self.excluded, until=self.hold_until, reason=self.hold_reason
        )
        return {"type": "ir.actions.act_window_close"}
