from odoo import models

from ...core.lifecycle import REFUSED, WAITING, Reminder


class UpominkyReminder(models.Model):
    """A final notice that was refused or came back goes out again only as it was approved.

    What it says may have changed since: then a retry brings it back to whoever approves, and the
    approval sends it.
    """

    _inherit = "upominky.reminder"

    # EXTENDS 'upominky.reminder'
    def _queue_again(self):
        if self.is_final and self.state == Reminder.FAILED and not self._is_frozen():
            self._recheck()
            if self.state == Reminder.CANCELLED:
                return None
            if why := self._unfit():
                self._back_to_approval(why)
                return None
        return super()._queue_again()

    # EXTENDS 'upominky.reminder'
    def _put_first(self):
        return super(
            UpominkyReminder, self.filtered(lambda r: r.state in (Reminder.ISSUED, Reminder.SENT))
        )._put_first()

    # EXTENDS 'upominky.reminder'
    def _approve(self):
        result = super()._approve()
        for reminder in self.filtered(lambda r: r.is_final and r.state == Reminder.ISSUED):
            states = set(reminder._contact_deliveries().mapped("state"))
            if states & REFUSED and not states & WAITING:  # all were tried before it was approved
                reminder._queue(reminder._recipients(), reminder._copies())
        return result
