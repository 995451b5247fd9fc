from odoo import fields, models


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
        return self.letter_ids.action_posted(date=self.date)


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
        return self.letter_ids.action_returned(date=self.date, note=self.note)
