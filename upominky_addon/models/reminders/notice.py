from odoo import models


class UpominkyReminder(models.Model):
    """Notices and thanks: what they say nothing of, and what of them was told."""

    _inherit = "upominky.reminder"

    def _demands(self):
        """Say whether it asks for what should have been paid; notices and thanks do not."""
        return self.env["upominky.event"]._row(self[:1].event).demands

    # EXTENDS 'upominky.reminder'
    def _deadline_from(self, day):
        """Name no day to pay by beside the due dates: nothing is late yet, or any more."""
        return super()._deadline_from(day) if self._demands() else None

    # EXTENDS 'upominky.reminder'
    def _cancel(self, reason, keep_counted=False):
        """Let what was not told be told again, unless a person skips it: lines say what was told.

        Those of reminders count, and are told by that.
        """
        untold = self.filtered(lambda r: not (keep_counted or r._demands() or r._is_out()))
        result = super()._cancel(reason, keep_counted)
        untold.line_ids.filtered(lambda line: line.state == "open").state = "cancelled"
        return result
