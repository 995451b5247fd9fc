from datetime import timedelta

from odoo import fields, models

from ..models.reminders.hold import HELD
from ..models.res_partner_holds import HOLD_REASONS
from .cancel import HOLD_DAYS


class UpominkyHoldMany(models.TransientModel):
    """Asks until when and why reminders, invoices or customers are on hold."""

    _name = "upominky.hold.many"
    _description = "Hold Payment Reminders"
    _inherit = ["upominky.input"]

    reminder_ids = fields.Many2many("upominky.reminder", string="Reminders")
    move_ids = fields.Many2many("account.move", string="Invoices")
    partner_ids = fields.Many2many("res.partner", string="Customers")
    held = fields.Selection(HELD, string="What to Hold", required=True, default="invoices")
    hold_until = fields.Date(
        string="Until",
        default=lambda self: self.env.company._upominky_today() + timedelta(days=HOLD_DAYS),
        help="Up to and including this day; then it goes on by itself. A reason without a date "
        "holds until it is lifted. What is on hold for longer already stays so.",
    )
    hold_reason = fields.Selection(HOLD_REASONS, string="Reason of Hold")
    note = fields.Char(help="Kept in the history: who called, what was agreed.")

    def action_confirm(self):
        """Hold them; rights are those of the user on each of them."""
        self.ensure_one()
        self.env["upominky.reminder"]._check_hold(self.hold_until, self.hold_reason)
        until, reason = self.hold_until, self.hold_reason
        if self.reminder_ids:
            self.reminder_ids.action_hold(self.held, until, reason, self.note)
        if self.move_ids:
            self.move_ids.action_upominky_hold(until, reason, self.note, at_least=True)
        if self.partner_ids:
            self.partner_ids.action_upominky_hold(until=until, reason=reason, at_least=True)
        return {"type": "ir.actions.act_window_close"}
