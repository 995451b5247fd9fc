from odoo import api, fields, models

from .line import opening_item


class UpominkyReminder(models.Model):
    _inherit = "upominky.reminder"

    has_opening_items = fields.Boolean(
        compute="_compute_has_opening_items",
        help="Some of its lines are items of opening entries, which bring over many.",
    )

    @api.depends("line_ids")
    def _compute_has_opening_items(self):
        for reminder in self:
            reminder.has_opening_items = any(line.opening_item for line in reminder.line_ids)


class UpominkyReminderLine(models.Model):
    """Items of an opening entry: the entry has one number, so each is told by what it is called."""

    _inherit = "upominky.reminder.line"

    opening_item = fields.Char(
        compute="_compute_opening_item",
        help="What the item of an opening entry is called, which brings over many.",
    )

    @api.depends("move_line_id")
    def _compute_opening_item(self):
        # sudo: what the item is called is in the letter, whoever sends it.
        for line, known in zip(self, self.sudo(), strict=True):
            line.opening_item = opening_item(known.move_id, known.move_line_id)
