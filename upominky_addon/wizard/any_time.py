from odoo import api, fields, models

#: With more reminders than these they are not named.
NAMED = 20
STEPS = [("send", "Send Now"), ("retry", "Retry")]


class UpominkyAnyTime(models.TransientModel):
    """Asks whether reminders are to be sent although the sending calendar is closed."""

    _name = "upominky.any.time"
    _description = "Send Payment Reminders Outside the Sending Hours"
    _inherit = ["upominky.input"]

    reminder_ids = fields.Many2many("upominky.reminder", string="Reminders")
    step = fields.Selection(STEPS, required=True, default="send")
    waits_text = fields.Text(compute="_compute_waits_text")
    is_many = fields.Boolean(compute="_compute_waits_text")

    @api.depends("reminder_ids")
    def _compute_waits_text(self):
        for wizard in self:
            reminders = wizard.reminder_ids._origin
            texts = [company._upominky_waits_text() for company in reminders.company_id]
            wizard.waits_text = "\n".join(filter(None, texts))
            wizard.is_many = len(reminders) > NAMED

    def action_confirm(self):
        """Send them; rights are those of the user on each of them."""
        self.ensure_one()
        titles = dict(self._fields["step"]._description_selection(self.env))
        return self.reminder_ids._send_at_any_time(titles[self.step], self.step)
