import logging
import time
from collections import deque
from dataclasses import replace
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...core.lifecycle import No
from ..base.logs import log_problem
from ..base.said import words_of
from ..base.transactions import (
    COLLISIONS,
    OF_DATABASE,
    attempt,
    commit,
    commit_idle,
    is_called_again,
    start_again,
)
from ..letters.letter import Batch

_logger = logging.getLogger(__name__)

#: What changed while it was prepared is prepared again, at most so often in a row.
PASSES = 3
#: Seconds after the end of its time in which a worker still sends what it has prepared.
GRACE = 10


class UpominkySend(models.AbstractModel):
    """Job 2: claim, recheck, render, ask whether it may go out and mark it, hand over, record.

    The process may die between any two statements, and people and books may change. Before the SMTP
    conversation the delivery is committed as ``sending``; what a dead worker left in that state
    becomes ``uncertain``.
    """

    _name = "upominky.send"
    _description = "Automatic Sending of Reminders"
    _inherit = ["upominky.worker"]

    @api.model
    def _cron_send(self):
        """Send what waits, in every company: they take turns."""
        # Odoo calls again while something is left, also after the time of the call.
        if is_called_again(self.env) and self._is_time_up():
            commit_idle(self.env)
            self.env.ref("upominky_addon.cron_send")._trigger()
            return
        try:
            self._send_in_time()
        except Exception as problem:
            start_again(self.env)
            self.env["upominky.run"]._note_crash("send", problem, "sending_broken_off")
            raise

    def _send_in_time(self):
        self._bury_dead()
        runs = self.env["upominky.run"]
        runs._wake_unfinished()
        steps_taken = runs._take_steps(self._is_time_up)
        if not steps_taken or not self._take_turns(self._companies_in_turn()):
            self.env.ref("upominky_addon.cron_send")._trigger()
            self.env["upominky.kept"]._refresh()
            return
        runs._close_asked()
        self._trigger_retries()
        self.env["upominky.kept"]._refresh()
        if not runs._do_last(self._is_time_up):
            self.env.ref("upominky_addon.cron_send")._trigger()

    def _companies_in_turn(self):
        """Return the companies that send, who had the last turn longest ago first."""
        last = dict(
            self.env["upominky.run"]._read_group(
                [("kind", "=", "send")], ["company_id"], ["id:max"]
            )
        )
        companies = self.env["res.company"].search([])
        sending = companies.filtered(self._may_have_turn)
        return sending.sorted(lambda company: (last.get(company, 0), company.id))

    def _may_have_turn(self, company):
        """Say whether a company sends now; an error in finding out is that company's alone."""
        try:
            return not company._upominky_is_off() and self._bank_lets_send(company)
        except Exception as problem:
            start_again(self.env)
            log_problem(_logger, problem, "Company %s has no turn", company.id)
            self._in(company)._break_off(company, None, problem)
            return False

    def _in(self, company):
        return self.with_company(company).with_context(lang=company.partner_id.lang or "en_US")

    def _trigger_retries(self):
        """Have the job called when the next attempt is due, or another worker may be dead."""
        cron = self.env.ref("upominky_addon.cron_send")
        now = fields.Datetime.now()
        waiting = self.env["upominky.reminder"].search(
            [("next_try", ">", now)], order="next_try", limit=1
        )
        if waiting:
            cron._trigger(at=waiting.next_try)
        others = [("state", "=", "running"), "|", ("kind", "=", "send"), ("step", "!=", False)]
        if self.env["upominky.run"].search_count(others, limit=1):
            # Alive, or so newly dead that the database has not let go of its lock; or a step that
            # met others.
            cron._trigger(at=now + timedelta(minutes=1))

    # ---------------------------------------------------------------- turns

    def _take_turns(self, companies, only=None):
        """Send a slice of each company in turn until nothing waits; what kills workers comes last.

        :param only: ids of reminders to send by hand, None for all
        :return: whether it came to the end in the time it had
        """
        workers = {}
        in_time = all(
            self._go_round(companies, workers, only, suspects) for suspects in (False, True)
        )
        # Not in case of a signal: then this is the end, and the next worker finds what is left.
        for company, worker in workers.items():
            if worker:
                self._in(company)._close_worker(worker)
        # Of a company that was broken off nothing is left to this call: it would be again at once.
        left = [company for company in companies if workers.get(company, True) is not None]
        commit(self.env, 0, sum(self._count_waiting(company, only) for company in left))
        return in_time

    def _go_round(self, companies, workers, only, suspects):
        turns = deque(companies)
        while turns:
            if self._is_time_up():  # more would be prepared for one message
                return not any(self._count_waiting(company, only) for company in turns)
            company = turns.popleft()
            if self._in(company)._take_turn(company, workers, only, suspects):
                turns.append(company)
        return True

    def _take_turn(self, company, workers, only, suspects):
        """Send one slice of a company; an error ends its turns alone.

        :param dict workers: of the companies that had turns before; None: whose turns are over
        :return: whether it may have another turn
        """
        try:
            if not self._count_waiting(company, only) or workers.get(company, True) is None:
                return False
            if company not in workers:
                workers[company] = self._open_worker(company)
            ids = self._claim(company, workers[company], only, suspects)
            goes_on = bool(ids) and self._send_slice(workers[company], ids)
            commit(self.env, len(ids), self._count_waiting(company, only))
            return goes_on
        except Exception as problem:
            start_again(self.env)
            log_problem(_logger, problem, "Sending for company %s was broken off", company.id)
            self._break_off(company, workers.get(company), problem)
            workers[company] = None
            return False

    def _break_off(self, company, worker, problem):
        """Tell people why the turns of a company ended, and give back what was in hand."""
        error = self._broken_off_text(problem)
        try:
            self._close_worker(worker or self._open_worker(company), error)
        except Exception as other:  # the next worker finds what is left, as of a dead one
            start_again(self.env)
            log_problem(_logger, other, "What company %s had in hand was left", company.id)

    @api.model
    def _send(self, company, only=None):
        """Send what waits in one company.

        :param only: ids of reminders to send by hand, None for all
        :return: whether it came to the end in the time it had
        """
        return self._take_turns(company, only)

    def _is_time_up(self, grace=0):
        """Say whether the job has had the time that Odoo gives it.

        :param float grace: seconds more
        """
        return self._time_left() + grace < 0

    def _time_left(self):
        """Return how many seconds are left of the time that Odoo gives the job.

        :rtype: float
        """
        return self.env.context.get("cron_end_time", float("inf")) - time.monotonic()

    # ---------------------------------------------------------------- slice

    def _send_slice(self, worker, ids):
        """Send the reminders of one claim.

        :return: whether the worker goes on: all had their turn, and nobody took it for dead
        """
        started = time.monotonic()
        worker.lacking.clear()
        left, goes_on = list(ids), True
        for _pass in range(PASSES):
            left, goes_on = self._send_once(worker, left)
            if goes_on and worker.lacking:
                lacked, goes_on = self._make_files(worker)
                left = sorted({*left, *lacked})
            if not left or not goes_on:
                break
        self._release(worker, ids, had_turn=goes_on)
        worker.pace.learn(len(ids), time.monotonic() - started)
        return goes_on

    def _send_once(self, worker, ids):
        """Prepare some reminders and send what may go out.

        :return: ids of those that changed meanwhile and must be prepared again, and whether there
            is time, and the worker is alive, and the hour is one to send at
        """
        outgoing = self._prepare_slice(worker, ids)
        if outgoing is None:
            return ids, True
        changed = []
        for message in outgoing:
            no = self._deliver(message, worker)
            if no in (No.BURIED, No.CLOSED):
                return [], False
            if no == No.CHANGED:
                changed.append(message.reminder_id)
            if self._is_time_up(GRACE):
                return [], False
        return changed, not self._is_time_up(GRACE)

    def _prepare_slice(self, worker, ids):
        """Recheck and render on a fresh snapshot.

        :return: the messages; None if others wrote the same rows time and again
        :rtype: list[Outgoing] | None
        """
        by_hand = self.env.context.get("upominky_by_hand", False)
        reminders = self.env["upominky.reminder"].browse(ids)
        try:
            return attempt(self.env, lambda: self._prepare(reminders, worker, by_hand))
        except COLLISIONS:
            return None

    def _prepare(self, reminders, worker, by_hand):
        """Recheck and render; a reminder that cannot be rendered fails alone.

        :rtype: list[Outgoing]
        """
        try:
            with self.env.cr.savepoint():
                return self._prepare_all(reminders, worker, by_hand)
        except OF_DATABASE:
            raise
        except Exception as error:
            if len(reminders) == 1:
                self._fail_reminder(reminders, error)
                worker.failed += 1
                return []
            return [out for one in reminders for out in self._prepare(one, worker, by_hand)]

    def _prepare_all(self, reminders, worker, by_hand):
        worker.begin_day(self.env.company)
        reminders._recheck()
        if not by_hand:
            reminders._cancel_stale()
        ready, seen = reminders._may_send_now(worker.run_id)
        ready = self._with_files(worker, ready._approved())
        ready._withhold_short_notices(worker.day)
        ready._queue_first()
        ready._note_prepared()
        ready = ready.with_context(upominky_batch=Batch())  # nothing changes from here on
        ready._fix_deadlines()
        ready.line_ids._read_parts()
        deliveries = ready.env["upominky.delivery"]
        for reminder in ready:
            deliveries |= reminder._queued_deliveries()
        deliveries = self._let_out(deliveries, worker)
        # Together they are cheap; a reminder that is prepared by itself has a reason.
        make = self._make_apart if len(reminders) == 1 else self._make
        groups = deliveries.grouped(lambda delivery: (delivery.channel, delivery.lang))
        return [
            replace(message, channel=channel, seen=seen[message.reminder_id])
            for (channel, lang), mine in groups.items()
            for message in make(channel, mine.with_context(upominky_lang=lang))
        ]

    def _make(self, channel, deliveries):
        return self.env["upominky.transport"]._of(channel)._make(deliveries)

    def _make_apart(self, channel, deliveries):
        """Make the messages of one channel; where that fails, those of the others still go out.

        :raises Exception: what the channel raised, if there are no others
        """
        others = deliveries.reminder_id.delivery_ids.filtered(lambda d: d.channel != channel)
        if not others:
            return self._make(channel, deliveries)
        try:
            with self.env.cr.savepoint():
                return self._make(channel, deliveries)
        except OF_DATABASE:
            raise
        except Exception as problem:
            log_problem(_logger, problem, "Deliveries %s cannot be made", deliveries.ids)
            deliveries._fail(words_of(problem))
            return []

    def _fail_reminder(self, reminder, error):
        """Let one reminder fail for a reason that lies before any message."""
        if isinstance(error, UserError):
            reminder._recheck()  # what had been read again went with the savepoint
        log_problem(_logger, error, "Reminder %s cannot be sent", reminder.id)
        reminder._stop_sending(words_of(error))
