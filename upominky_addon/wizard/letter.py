from odoo import fields, models


class UpominkyLetter(models.TransientModel):
    """Asks what one letter is to say instead of its template, before it is sent."""

    _name = "upominky.letter"
    _description = "Letter of One Reminder"
    _inherit = ["upominky.input"]

    reminder_id = fields.Many2one(
        "upominky.reminder", required=True, readonly=True, ondelete="cascade", index=True
    )
    subject = fields.Char()
    introduction = fields.Html(help="What the letter says before its table.")
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(), string="Language", readonly=True
    )
    is_changed = fields.Boolean(compute="_compute_is_changed")

    def _compute_is_changed(self):
        for letter in self:
            letter.is_changed = bool(letter.reminder_id.own_introduction)

    def action_confirm(self):
        """Change the letter; the right is the user's on its reminder."""
        self.ensure_one()
        self.reminder_id.action_change_letter(self.subject, self.introduction)
        return {"type": "ir.actions.act_window_close"}

    def action_restore(self):
        """Have the letter say again what its template says."""
        self.ensure_one()
        self.reminder_id.action_restore_letter()
        return {"type": "ir.actions.act_window_close"}
