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

    number = fields.Char(help="Of the registered letter or of the data message, if it has one.")
    proof = fields.Binary(
        attachment=False, help="A file as proof, kept in the history: a posting slip, a receipt."
    )
    proof_name = fields.Char()

    def action_confirm(self):
        """Mark the reminders; rights are those of the user on each of them."""
        self.ensure_one()
        # The size alone would be read where the caller's context asks for it.
        proof = self.with_context(bin_size=False).proof
        return self.reminder_ids.action_mark_sent(
            date=self.date,
            way=self.way,
            number=self.number,
            proof=proof,
            proof_name=self.proof_name,
        )
