import time

from odoo import api, fields, models

from ...core.lifecycle import SENDABLE
from ..base.said import say
from ..base.transactions import attempt, commit

#: More reminders than these are not sent within the request of the person who asks for it.
AT_ONCE = 20
#: Seconds after which a request leaves what it has not sent yet.
SECONDS = 30


class UpominkySend(models.AbstractModel):
    """What people send: a few at once, within their request; many are left to job 2."""

    _inherit = "upominky.send"

    @api.model
    def _send_by_hand(self, reminders, again=()):
        """Send reminders now, to the contacts that have not accepted them yet.

        :param again: uncertain deliveries of theirs whose contacts are to get it once more
        :return: why some were left out, by reminder id
        :rtype: dict[int, str]
        """
        return self._send_queued(reminders, lambda some: some._queue_by_hand(again=again))

    @api.model
    def _send_queued(self, reminders, queue):
        """Queue reminders and send them now.

        :param queue: called with them, again where it meets somebody else's change: whoever asked
            need not ask once more; returns those that are queued, and why others are left out
        :return: why some were left out, by reminder id
        :rtype: dict[int, str]
        """
        commit(self.env)  # whatever led here; the dead are buried in transactions of their own
        self._bury_dead()

        def queued():
            mine, refused = queue(reminders)
            # Files of invoices are made by the job: nobody's request waits for them.
            return mine, refused, mine - mine._lack_files()

        wanted, refused, ready = attempt(self.env, queued)
        if (lacking := wanted - ready) and self.env["upominky.run"]._job_is_on("cron_send"):
            # Noted as asked for: what waited long is not taken for forgotten.
            # sudo: whoever may send has the job do it.
            self.env["upominky.run"].sudo()._ask_to_send(lacking, {})
            commit(self.env)
        context = {"upominky_by_hand": True, "cron_end_time": time.monotonic() + SECONDS}
        for company, mine in ready.grouped("company_id").items():
            self._in(company).with_context(**context)._send(company, only=mine.ids)
        return refused | self._left_texts(wanted)

    def _left_texts(self, reminders):
        """Return why reminders that were to be sent now were not even tried, by their ids."""
        left = self._left(reminders)
        if not left:
            return {}
        if self.env["upominky.run"]._job_is_on("cron_send"):
            # sudo: whoever may send has the job do it.
            self.env.ref("upominky_addon.cron_send").sudo()._trigger()
            commit(self.env)  # if all were left out, the person is told so by an error
        return {reminder.id: reminder._left_text() for reminder in left}

    def _left(self, reminders):
        """Return those of reminders that were to be sent now which were not even tried."""
        now = fields.Datetime.now()
        return reminders.filtered(
            lambda r: r.state in SENDABLE and (r.send_run_id or (r.next_try and r.next_try <= now))
        )


class UpominkyReminder(models.Model):
    _inherit = "upominky.reminder"

    def _left_text(self):
        """Say why a reminder that was to be sent now still waits."""
        if self.send_run_id:
            return say(self.env, "in_other_hands", reminder=self.name)
        job_is_on = self.env["upominky.run"]._job_is_on("cron_send")
        if self._lack_files():
            code = "files_by_job" if job_is_on else "files_without_job"
        else:
            code = "job_goes_on" if job_is_on else "no_time_left"
        return say(self.env, code, reminder=self.name)

    def _queue_by_hand(self, again=()):
        """Queue what a person wants to send; one that cannot be sent stops no other.

        What may not go out keeps its uncertain deliveries, which say what nobody knows.

        :param again: uncertain deliveries that the person gives up, in favour of new ones
        :return: the reminders that are queued, and why others are left out (not approved,
            cancelled, sent already, forbidden by the mode), by reminder id
        """
        refused = self._refusals(lambda reminder: reminder._check_may_send())
        wanted = self.filtered(lambda reminder: reminder.id not in refused)
        wanted._refresh_recipients()
        refused |= wanted._in_halves(lambda some: some._queue_each(again))
        return wanted.filtered(lambda reminder: reminder.id not in refused), refused

    def _queue_each(self, again=()):
        for reminder in self:
            reminder._queue_instead(again)

    def _queue_instead(self, uncertain=()):
        """Put a reminder back into the queue, in the place of deliveries that a person gives up.

        :param uncertain: deliveries, of others too
        :raises UserError: if there is nobody to send it to; then they stay as they are
        """
        words = say(self.env, "sent_again", user=self.env.user.name)
        mine = [d for d in uncertain if d.reminder_id == self and d.state == "uncertain"]
        for delivery in mine:
            delivery._set_state("failed", error=words)
        repeats = [delivery for delivery in mine if delivery.is_repeat]
        for delivery in repeats:
            self._queue_repeat(recipients=[delivery._recipient()])
        if not repeats or len(repeats) < len(mine):
            self._queue_again()

    def _queue_to_send(self):
        """Queue reminders that a person wants to send, before all others.

        :raises UserError: if one of them must not be sent
        """
        for reminder in self:
            reminder._check_may_send()
        self._refresh_recipients()
        self._queue_each()
        self._put_first()

    def _queue_to_retry(self):
        """Do the same with those that failed.

        :raises UserError: if one of them did not fail, or must not be sent
        """
        self._check_may_retry()
        self._queue_to_send()

    def _send_or_leave(self, title, step="send"):
        """Send reminders within the request if they are few, else leave them to job 2.

        With very many, job 2 queues them as well.

        :param str title: what the person asked for
        :param str step: ``send``, or ``retry`` for those alone that failed
        :return: the notification of what came of it, or the page that shows how far it is
        """
        if self._is_left():
            return self.env["upominky.run"]._ask_step(self, step, {})._show_progress()
        retry = step == "retry"
        refused = self._refusals(lambda one: one._check_may_retry()) if retry else {}
        wanted = self.filtered(lambda reminder: reminder.id not in refused)
        sender = self.env["upominky.send"]
        runs = self.env["upominky.run"]
        job_is_on = runs._job_is_on("cron_send")
        if len(wanted) <= AT_ONCE or not job_is_on:
            refused |= sender._send_by_hand(wanted[:AT_ONCE])
            refused |= {
                reminder.id: reminder._too_many_text(AT_ONCE) for reminder in wanted[AT_ONCE:]
            }
            return self._tell(title, refused)
        queued, left_out = wanted._queue_by_hand()
        refused |= left_out
        if not queued:
            return self._tell(title, refused)
        return runs._ask_to_send(queued, refused)._show_progress()

    def _too_many_text(self, number):
        """Say why it was left out of what a person does with many.

        :param int number: how many are done within a request
        """
        return say(self.env, "too_many_without_job", reminder=self.name, number=number)
