from odoo import models

from ...core.lifecycle import FROZEN, LEFT_THE_HOUSE, TOLD, Reminder


class UpominkyReminder(models.Model):
    """Whether a reminder is out. Whoever asks means one of these, and all of them are here.

    Copies and what was sent again decide nothing.
    """

    _inherit = "upominky.reminder"

    def _is_in(self, states, *channels):
        mine = self._contact_deliveries()
        return any(d.state in states and (not channels or d.channel in channels) for d in mine)

    def _is_mailed(self):
        """Say whether it was mailed: then it stays in the history and counts."""
        self.ensure_one()
        return self._is_in(LEFT_THE_HOUSE)

    def _is_frozen(self):
        """Say whether its amounts stay as they were.

        A contact has it, or may have it, or it is on paper to be posted.
        """
        self.ensure_one()
        return self._is_in(FROZEN)

    def _is_fixed(self):
        """Say whether what it says stays, whatever is paid meanwhile: frozen, or marked as sent."""
        return self.state == Reminder.SENT or self._is_frozen()

    def _is_told(self):
        """Say whether somebody has it, had it or may have it; then its letter stays."""
        return self._is_mailed() or self._is_frozen()

    def _is_out(self):
        """Say whether it reached the customer, or may have: by e-mail, or as a person marked.

        What another system sent is only noted here, and may be taken back.
        """
        if self._is_elsewhere():
            return False
        return self._is_mailed() or self.state == Reminder.SENT

    def _is_known(self, *channels):
        """Say whether somebody knows it, or may: paper that lies here, what came back do not count.

        :param channels: by which of them, default any
        """
        self.ensure_one()
        return self.state == Reminder.SENT or self._is_in(TOLD, *channels)
