from odoo import api, models

#: More reminders than these are not sent within the request of the person who asks for it.
AT_ONCE = 20


class UpominkySend(models.AbstractModel):
    """What people send: a few at once, within their request; many are left to job 2."""

    _inherit = "upominky.send"

    @api.model
    def _send_by_hand(self, reminders):
        """Send reminders now, to the contacts that have not accepted them yet.

        :return: why some were left out, by reminder id
        :rtype: dict[int, str]
        """
        wanted, refused = self._queue_by_hand(reminders)
        for company in wanted.company_id:
            mine = wanted.filtered(lambda r, c=company: r.company_id == c)
            sender = self._in(company).with_context(upominky_by_hand=True)
            sender._send(company, only=mine.ids)
        return refused

    @api.model
    def _queue_by_hand(self, reminders):
        """Queue what a person wants to send now.

        :return: the reminders that are queued, and why others are left out (not approved,
            cancelled, sent already, forbidden by the mode), by reminder id
        """
        refused = reminders._each(lambda reminder: reminder._check_may_send())
        wanted = reminders.filtered(lambda reminder: reminder.id not in refused)
        wanted._refresh_recipients()
        refused |= wanted._each(lambda reminder: reminder._queue_again())
        return wanted.filtered(lambda reminder: reminder.id not in refused), refused


class UpominkyReminder(models.Model):
    _inherit = "upominky.reminder"

    def _send_or_leave(self, title, refused=None):
        """Send reminders within the request if they are few, else leave them to job 2.

        :param str title: what the person asked for
        :param dict refused: sentences of those that were left out before, by id
        :return: the notification of what came of it, or the page that shows how far it is
        """
        refused = dict(refused or {})
        wanted = self.filtered(lambda reminder: reminder.id not in refused)
        sender = self.env["upominky.send"]
        runs = self.env["upominky.run"]
        if len(wanted) <= AT_ONCE or not runs._job_is_on("cron_send"):
            refused |= sender._send_by_hand(wanted)
            return self._tell(title, refused)
        queued, left_out = sender._queue_by_hand(wanted)
        refused |= left_out
        if not queued:
            return self._tell(title, refused)
        return runs._ask_to_send(queued, refused)._show_progress()
