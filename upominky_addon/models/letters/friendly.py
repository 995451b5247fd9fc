from dataclasses import replace

from odoo import models

#: What nothing is said of where nothing is late.
LATE = "days_overdue"


class UpominkyReminder(models.Model):
    """What notices and thanks say of invoices: as reminders, but for how late they are."""

    _inherit = "upominky.reminder"

    # EXTENDS 'upominky.reminder'
    def _letter_columns(self):
        columns = super()._letter_columns()
        if self._demands():
            return columns
        return tuple(_untold(column) if column.key == LATE else column for column in columns)


def _untold(column):
    """Return a column that templates may still name, and that no row shows."""
    return replace(column, value=lambda _line: 0, always=False)
