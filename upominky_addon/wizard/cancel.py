from datetime import timedelta

from odoo import api, fields, models

from ..models.reminders.actions import AFTERWARDS

HOLD_DAYS = 14


class UpominkyCancel(models.TransientModel):
    """Asks what becomes of the invoices of reminders that are cancelled."""

    _name = "upominky.cancel"
    _description = "Cancel Payment Reminders"
    _inherit = ["upominky.input"]

    reminder_ids = fields.Many2many("upominky.reminder", string="Reminders")
    unmailed_count = fields.Integer(string="Not Mailed Yet", compute="_compute_counts")
    mailed_count = fields.Integer(string="Mailed", compute="_compute_counts")
    afterwards = fields.Selection(AFTERWARDS, string="And Then", required=True, default="hold")
    hold_until = fields.Date(
        string="Until",
        default=lambda self: self.env.company._upominky_today() + timedelta(days=HOLD_DAYS),
        help="Up to and including this day.",
    )
    reason = fields.Char(help="Kept in the history of the reminders.")

    @api.depends("reminder_ids")
    def _compute_counts(self):
        for wizard in self:
            living = wizard.reminder_ids.filtered(lambda r: r.state != "cancelled")
            wizard.mailed_count = sum(reminder._is_out() for reminder in living)
            wizard.unmailed_count = len(living) - wizard.mailed_count

    def action_confirm(self):
        """Cancel the reminders; rights are those of the user on each of them."""
        self.ensure_one()
        return self.reminder_ids.action_cancel(
            reason=self.reason, afterwards=self.afterwards, until=self.hold_until
        )
