from collections import defaultdict

from odoo import fields, models

from ...core import delivery as core_delivery
from ...core import lifecycle
from ..base.said import lines, say


class UpominkyReminder(models.Model):
    """What becomes of a reminder: made of the last attempt for each of its contacts."""

    _inherit = "upominky.reminder"

    def _contact_deliveries(self):
        return self.delivery_ids.filtered(lambda d: not d.is_copy and not d.is_repeat)

    def _last_attempts(self, copies=False, repeats=False):
        """Return the last attempt for each recipient, of a copy or of what was sent again.

        One that is no contact's any more counts only if the message was taken.
        """
        self.ensure_one()
        last = {}
        mine = self.delivery_ids.filtered(lambda d: d.is_copy == copies and d.is_repeat == repeats)
        for delivery in mine.sorted("id"):
            last[delivery._recipient().key] = delivery
        wanted = {recipient.key for recipient in self._recipients()}
        told = [
            delivery
            for key, delivery in last.items()
            if copies or repeats or key in wanted or delivery.state in lifecycle.ACCEPTED
        ]
        return self.env["upominky.delivery"].union(*(told or last.values()))

    def _is_stale(self, today):
        """Say whether nobody tried to send it for so long that it must be issued anew.

        :param date today: the company's calendar date
        """
        return today - self._last_tried() >= core_delivery.STALE_AFTER

    def _last_tried(self):
        """Return the day on which somebody last tried to send it, or had it sent: else its issue.

        :rtype: datetime.date
        """
        self.ensure_one()
        tried = (self.delivery_ids.run_id | self.asked_run_ids).mapped("date")
        asked = [
            self.company_id._upominky_day_of(delivery.create_date)
            for delivery in self.delivery_ids
            if delivery.is_repeat and delivery.state == "queued"
        ]
        return max(filter(None, [self.issue_date, self.approved_date, *tried, *asked]))

    def _settle(self, release=True):
        """Make of the reminders what became of their deliveries: sent, failed, or tried again.

        :param bool release: whether the worker that has them in hand is done with them
        """
        alike = defaultdict(self.browse)
        for reminder in self:
            state, values = reminder._settled(release)
            if state == "failed" != reminder.state:
                reminder._message_log(body=values["error"] or say(self.env, "not_sent"))
            alike[state, tuple(values.items())] |= reminder
        for (state, values), reminders in alike.items():
            # Not tracked: the message itself, or why it failed, is in the history already.
            reminders.with_context(tracking_disable=True)._set_state(state, **dict(values))

    def _settled(self, release):
        """Return the state and values that the outcome of its deliveries makes of a reminder."""
        last = self._last_attempts()
        states = last.mapped("state")
        outcome = lifecycle.outcome(states)
        state = self._state_after(outcome, lifecycle.is_left_on_paper(states))
        queued = self.delivery_ids.filtered(lambda d: d.state == "queued")
        values = {
            "delivery_state": lifecycle.summary(states) or False,
            "error": self._error_text(
                last + self._last_attempts(copies=True) + self._last_attempts(repeats=True)
            ),
            "next_try": min((d._next_time() for d in queued), default=False) or self._first_try(),
        }
        if release:
            values["send_run_id"] = False
        if outcome == "sent" and (not self.sent_date or self._is_sent_day_lost(last)):
            values["sent_date"] = self._sent_day(last)
        if (state == "failed" != self.state) or (state == "issued" and self.sent_date):
            # Nobody has it: the next level, and the time to pay, count from the retry.
            values["sent_date"] = False
            if not self._is_frozen():  # on paper the day to pay by stays
                values["deadline"] = False
        if state == "cancelled" and self._names_nobodys_day():
            values["deadline"] = False
        return state, values

    def _is_sent_day_lost(self, attempts):
        """Say whether the day it was sent on is that of a message that nobody has after all.

        :param attempts: the last for each contact; one of them was accepted
        """
        taken_back = {lifecycle.State.BOUNCED, lifecycle.State.PRINTED}
        if self.sent_way or not any(d.state in taken_back for d in self._contact_deliveries()):
            return False
        return self.sent_date < self._sent_day(attempts)

    def _sent_day(self, attempts):
        """Return the company's calendar date on which the first contact had it.

        Midnight may pass before a worker settles it, and days before a dead one is found.
        """
        times = [d.sent_at for d in attempts if d.state in lifecycle.ACCEPTED and d.sent_at]
        return self.company_id._upominky_day_of(min(times, default=fields.Datetime.now()))

    def _state_after(self, outcome, is_left_on_paper=False):
        """Return the state that the outcome of its deliveries makes of a reminder.

        A bounce says nothing against a reminder that reached the customer another way.

        :param str outcome: of :func:`core.lifecycle.outcome`
        :param bool is_left_on_paper: see :func:`core.lifecycle.is_left_on_paper`
        """
        by_hand = self.state == "sent" and self.sent_way
        if self.state not in ("issued", "sent", "failed") or by_hand:
            return self.state
        if self.state == "sent" and is_left_on_paper:
            return "issued"
        return outcome or self.state

    def _error_text(self, attempts):
        """Return what went wrong, without addresses that were corrected and so no longer wanted."""
        wrong = attempts.filtered("error")
        wanted = {recipient.key for recipient in self._recipients()}
        told = wrong.filtered(lambda d: d.is_copy or d.is_repeat or d._recipient().key in wanted)
        if wrong == attempts:  # nothing is better than what went wrong
            told = wrong
        return lines(self.env, *(d._error_line() for d in told)) or False

    def _first_try(self):
        """Return when a reminder that nobody took up yet is to be sent."""
        waits = self.state == "issued" and self.to_send and not self.delivery_ids
        return waits and (self.next_try or fields.Datetime.now())
