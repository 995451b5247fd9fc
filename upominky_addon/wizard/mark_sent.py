from odoo import fields, models

from ..models.reminders.actions import WAYS


class UpominkyMarkSent(models.TransientModel):
    """Asks when and how reminders reached their customers without an e-mail from here."""

    _name = "upominky.mark.sent"
    _description = "Mark Payment Reminders as Sent"
    _inherit = ["upominky.input"]

    reminder_ids = fields.Many2many("upominky.reminder", string="Reminders")
    date = fields.Date(
        string="Sent On", required=True, default=lambda self: self.env.company._upominky_today()
    )
    way = fields.Selection(WAYS, string="Sent By", required=True, default="post")

    def action_confirm(self):
        """Mark the reminders; rights are those of the user on each of them."""
        self.ensure_one()
        return self.reminder_ids.action_mark_sent(date=self.date, way=self.way)
