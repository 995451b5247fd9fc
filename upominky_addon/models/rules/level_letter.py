from odoo import fields, models

from ...core.recipient import LETTER


class UpominkyLevel(models.Model):
    """Levels whose reminders go out on paper, by post (SPEC rules 45 and 46)."""

    _inherit = "upominky.level"

    send_letter = fields.Boolean(
        string="Send by Post",
        help="A letter for the address of the invoice waits in “To Print”: people print it, post it"
        " and mark it as posted. The next level counts from the first that reaches the customer, "
        "the e-mail or the letter.",
    )

    # EXTENDS 'upominky.level'
    def _channels(self):
        return super()._channels() + ((LETTER,) if self.send_letter else ())
