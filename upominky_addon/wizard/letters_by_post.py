from odoo import api, fields, models

from ..models.base.dates import day_text
from ..models.base.names import some_names

#: Printed letters that are named.
SHOWN = 5


class UpominkyLetterPosted(models.TransientModel):
    """Asks on which day printed letters were posted."""

    _name = "upominky.letter.posted"
    _description = "Letters That Were Posted"
    _inherit = ["upominky.input"]

    letter_ids = fields.Many2many("upominky.delivery", string="Letters")
    date = fields.Date(
        string="Posted On", required=True, default=lambda self: self.env.company._upominky_today()
    )

    def action_confirm(self):
        """Mark the letters; rights are those of the user on each of them."""
        self.ensure_one()
        # Those of others' companies are not among them: with none left there is nothing to do.
        return self.letter_ids.action_posted(date=self.date) if self.letter_ids else True


class UpominkyLetterReturned(models.TransientModel):
    """Asks when posted letters came back, and what the post says."""

    _name = "upominky.letter.returned"
    _description = "Letters That Came Back"
    _inherit = ["upominky.input"]

    letter_ids = fields.Many2many("upominky.delivery", string="Letters")
    date = fields.Date(
        string="Came Back On",
        required=True,
        default=lambda self: self.env.company._upominky_today(),
    )
    note = fields.Char(string="What the Post Says", help="For example: addressee unknown.")

    def action_confirm(self):
        """Mark the letters; rights are those of the user on each of them."""
        self.ensure_one()
        if not self.letter_ids:
            return True
        return self.letter_ids.action_returned(date=self.date, note=self.note)


class UpominkyCancel(models.TransientModel):
    """Says which letters lie there printed, and by whom, before their reminders are cancelled."""

    _inherit = "upominky.cancel"

    printed_text = fields.Char(string="Printed, Not Posted", compute="_compute_printed_text")

    @api.depends("reminder_ids")
    def _compute_printed_text(self):
        for wizard in self:
            living = wizard.reminder_ids.filtered(lambda r: r.state != "cancelled")
            letters = living._letters("printed")
            texts = [wizard._printed_text(letter) for letter in letters[:SHOWN]]
            wizard.printed_text = some_names(self.env, texts, len(letters))

    def _printed_text(self, letter):
        day = letter.company_id._upominky_day_of(letter.printed_at)
        values = {
            "reminder": letter.reminder_id.name,
            "day": day_text(self.env, day),
            "user": letter.printed_by_id.name or "",
        }
        return self.env._("%(reminder)s on %(day)s by %(user)s", **values)
