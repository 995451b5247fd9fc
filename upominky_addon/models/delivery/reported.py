from odoo import fields, models
from odoo.tools import SQL

from ...core.receipt import STATE_AFTER, Reported
from ..base.said import say


class UpominkyDelivery(models.Model):
    """What is learnt of a message that was accepted, whatever its channel."""

    _inherit = "upominky.delivery"

    def _apply(self, event, words="", named=False):
        """Settle what came back: the one way from a report to a delivery and its reminder.

        Late and repeated reports change nothing.

        :param core.receipt.Reported event: what is reported
        :param str words: those of the system that reports it, plain text of sane length
        :param bool named: whether it is proved that the report is about this delivery
        :return: whether the delivery moved
        """
        self.ensure_one()
        reminder = self.reminder_id
        reminder._lock_rows()
        values = self._values_after(event, fields.Datetime.now())
        if event == Reported.FAILED:
            values["error"] = self._bounce_text(words)
        moved = self._set_state(STATE_AFTER[event].value, **values)
        if moved:
            reminder._settle(release=False)
        if note := self._note_after(event, words, moved, named):
            reminder._message_log(body=note)
        return bool(moved)

    def _values_after(self, event, now):
        """Return what an event that is no failure writes beside the state."""
        if event == Reported.FAILED:
            return {}
        values = {"error": None, "sent_at": SQL("COALESCE(sent_at, %s)", now)}
        if event == Reported.DELIVERED:
            values["delivered_at"] = now
        elif event == Reported.DISPLAYED:
            values["read_at"] = now
        return values

    def _bounce_text(self, words):
        if not words:
            return say(self.env, "came_back")
        return say(self.env, "came_back_words", words=words)

    def _note_after(self, event, words, moved, named):
        """Return what the history says of an event that the reminder's state does not show.

        A channel whose reports anybody may repeat or make up says more, or less.
        """
        if event == Reported.FAILED and moved and self.reminder_id.state != "failed":
            return self._error_line()
        return ""
