import logging
from contextlib import suppress
from datetime import UTC

import psycopg2

from odoo import api, fields, models
from odoo.tools import SQL

from ...core.lifecycle import SENDABLE, mode_stops
from ...core.pace import Pace
from ..base.logs import log_problem
from ..base.said import first_line, say
from ..base.transactions import COLLISIONS, attempt, commit
from .queries import CLAIM, WAITING, WITHDRAWN

_logger = logging.getLogger(__name__)

#: After so many deaths of workers that prepared it, a reminder is what kills them: the first time
#: others were in its slice, then it was alone.
MAX_DEATHS = 3
#: More reminders that wait are not counted: what is left says whether a job goes on.
MOST_COUNTED = 1000


class Worker:
    """What a worker of job 2 holds for one company as long as it lives.

    Its run, a connection that keeps the run locked, what channels keep open and know, what it asks
    before each message, and how much it takes up at once.
    """

    def __init__(self, run_id, lock=None):
        self.run_id = run_id
        self.lock = lock
        self.sessions = {}
        self.known = {}
        self.gate = None
        self.pace = Pace()
        self.failed = 0  # reminders that failed before any message
        self.day = self.zone = None
        self.lacking = set()  # ids of reminders whose invoices have no file yet
        self.unmade = {}  # why there is none, by id of the invoice
        self.hours = None  # see hours.py; None: messages go at any time

    def begin_day(self, company):
        """Note the company's day, by which messages are made: they name it, and count from it."""
        self.zone, self.day = company._upominky_timezone(), company._upominky_today()

    def is_day_over(self):
        """Say whether midnight has passed at the company since messages were made."""
        if self.day is None:
            return False
        now = fields.Datetime.now().replace(tzinfo=UTC)
        return now.astimezone(self.zone).date() != self.day

    def is_alive(self):
        """Say whether its lock stands: of one whose connection was cut others think it is dead."""
        if self.lock is None:
            return True
        try:
            self.lock.execute("SELECT 1", log_exceptions=False)
        except psycopg2.Error:
            return False
        return True

    def let_go(self):
        """Give the lock back; a connection that was cut has none."""
        with suppress(psycopg2.Error):
            self.lock.rollback()
        with suppress(psycopg2.Error):
            self.lock.close()


class UpominkyWorker(models.AbstractModel):
    """Workers of job 2: a run that is locked as long as its worker lives, and what it claims.

    Locks are FOR NO KEY UPDATE: deliveries and reminders refer to the run while it is locked.
    """

    _name = "upominky.worker"
    _description = "Worker of the Sending Job"

    def _open_worker(self, company):
        """Open a run and keep it locked as long as its worker lives.

        :rtype: Worker
        """
        lock = self._lock_cursor()
        if lock is None:
            return Worker(self._open_run(company))
        run_id = self._open_run(company)
        while not self._lock_run(lock, run_id):  # somebody took it for a dead one's
            run_id = self._open_run(company)
        return Worker(run_id, lock)

    def _lock_cursor(self):
        """Return a cursor of its own, to lock the run by; None where no other would see its row."""
        return self.env.registry.cursor()

    def _close_worker(self, worker, error=False):
        """End a worker: what it still has in hand is anybody's again.

        :param error: a sentence about why it was broken off
        """
        for session in worker.sessions.values():
            if hasattr(session, "quit"):
                session.quit()
        claimed = self.env["upominky.reminder"].search([("send_run_id", "=", worker.run_id)])
        self._release(worker, claimed.ids)
        self.env["upominky.reader"]._drop_gate(worker)
        if worker.lock is not None:
            worker.let_go()
        run = self.env["upominky.run"].browse(worker.run_id)
        values = {"state": "dead" if error else "done", "error": error}
        attempt(self.env, lambda: run.write(values))
        run._log_end(worker.failed, waiting=self._count_unsent(run.company_id))
        run._tell_trouble(run.company_id)

    def _open_run(self, company):
        run = self.env["upominky.run"].create(
            {"company_id": company.id, "kind": "send", "date": company._upominky_today()}
        )
        commit(self.env)
        return run.id

    def _lock_run(self, lock, run_id):
        """Lock a run with a cursor of its own, and say whether it is still alive."""
        try:
            lock.execute("SELECT state FROM upominky_run WHERE id = %s FOR NO KEY UPDATE", [run_id])
            return lock.fetchone() == ("running",)
        except psycopg2.errors.SerializationFailure:
            lock.rollback()
            return False

    def _broken_off_text(self, problem):
        return say(self.env, "sending_broken_off", problem=first_line(problem))

    # ------------------------------------------------------------ the dead

    @api.model
    def _bury_dead(self):
        """Settle what dead workers left: what they were sending is uncertain, the rest goes on."""
        runs = self.env["upominky.run"]
        domain = [("kind", "=", "send"), ("state", "=", "running")]
        for run in runs.search(domain):
            try:
                attempt(self.env, lambda run=run: self._bury(run))
            except COLLISIONS:  # it ended just now, or somebody else buries it
                _logger.info("Run %s is left to the next call", run.id)
        attempt(self.env, self._settle_orphans)

    def _is_dead(self, run):
        """Say whether a run's worker is gone, and keep the run: a living one keeps it locked."""
        query = SQL(
            "SELECT 1 FROM upominky_run WHERE id = %s AND state = 'running' "
            "FOR NO KEY UPDATE SKIP LOCKED",
            run.id,
        )
        self.env.flush_all()
        return bool(self.env.execute_query(query))

    def _bury(self, run):
        """Settle what one run left, if its worker is gone."""
        if not self._is_dead(run):
            return
        Reminder = self.env["upominky.reminder"]
        claimed = Reminder.search([("send_run_id", "=", run.id)])
        unprepared = claimed.filtered(lambda reminder: not reminder.is_prepared)
        # A person may have taken one from it after its answer was written.
        taken = [("delivery_ids.run_id", "=", run.id), ("send_run_id", "=", False)]
        self._lose([("state", "=", "sending"), ("run_id", "=", run.id)])
        for reminder in claimed | Reminder.search([*taken, ("state", "in", list(SENDABLE))]):
            self._settle_alone(reminder)
        for reminder in unprepared:
            self._suspect(reminder)
        run.state = "dead"

    def _settle_orphans(self, *domain):
        """Settle what is being sent by a run that is over, as after a late answer.

        :param domain: conditions of the deliveries that are meant, none for all
        """
        self._lose([("state", "=", "sending"), ("run_id.state", "!=", "running"), *domain])
        self._lose([("state", "=", "sending"), ("run_id", "=", False), *domain])

    def _lose(self, domain):
        """Note that nobody knows what became of deliveries."""
        lost = self.env["upominky.delivery"].search(domain)
        for delivery in lost:
            sentence = self._in(delivery.company_id)._uncertain_text()
            delivery._set_state("uncertain", error=sentence)._log_failed(sentence)
        lost.reminder_id._settle(release=False)

    def _settle_alone(self, reminder):
        """Settle a reminder; one that cannot be settled is let go, and stops no other."""
        try:
            with self.env.cr.savepoint():
                reminder._settle()
        except psycopg2.errors.SerializationFailure:
            raise
        except Exception as problem:
            log_problem(_logger, problem, "Reminder %s cannot be settled", reminder.id)
            reminder._let_go()

    def _suspect(self, reminder):
        """Note that a worker died preparing a reminder; of too many deaths it is the cause."""
        reminder.preparing_deaths += 1
        if reminder.preparing_deaths >= MAX_DEATHS:
            reminder._stop_sending(self._in(reminder.company_id)._deaths_text())

    def _deaths_text(self):
        return say(self.env, "kills_workers", times=MAX_DEATHS)

    def _uncertain_text(self):
        return say(self.env, "worker_died")

    # ------------------------------------------------------------- claiming

    def _waits(self, company, only, suspects=None):
        """Return the condition of reminders that wait to be taken up.

        :param only: ids of reminders to send by hand, None for all
        :param suspects: whether those whose preparing killed a worker are meant, None for either
        """
        states = [state.value for state in SENDABLE]
        parts = [
            SQL("state = ANY(%s)", states),
            SQL("next_try <= %s", fields.Datetime.now()),
            SQL("send_run_id IS NULL"),
            SQL("NOT %s", SQL(WITHDRAWN % "upominky_reminder")),
        ]
        if only is not None:
            parts.append(SQL("id = ANY(%s)", list(only)))
        mode = company._upominky_effective_mode()
        if mode_stops(mode, is_pilot=False):  # none, or pilots alone
            pilots = [] if mode_stops(mode, is_pilot=True) else company._upominky_pilots().ids
            parts.append(SQL("partner_id = ANY(%s)", pilots))
        if suspects is not None:
            deaths = SQL("COALESCE(preparing_deaths, 0)")
            parts.append(SQL("%s > 0", deaths) if suspects else SQL("%s = 0", deaths))
        return SQL(" AND ").join(parts)

    def _claim(self, company, worker, only=None, suspects=False):
        """Take up some of what waits; of reminders whose preparing killed a worker, one alone.

        So a letter that cannot be prepared takes no other one down with it.

        :param Worker worker: for whom, in slices of its pace
        :return: their ids
        """

        def take():
            self.env.flush_all()
            query = SQL(
                CLAIM,
                run=worker.run_id,
                company=company.id,
                waits=self._waits(company, only, suspects),
                order=SQL("preparing_deaths, next_try, id" if suspects else "next_try, id"),
                limit=1 if suspects else self._most(company, worker),
            )
            return sorted(row[0] for row in self.env.execute_query(query))

        try:
            ids = attempt(self.env, take)
        except COLLISIONS:  # others are faster: what they left is there next time
            return []
        self.env.invalidate_all()
        return ids

    def _most(self, company, worker):
        """Return how many reminders are taken up at once.

        What is prepared and then left for want of time is prepared again.
        """
        return worker.pace.fitting(self._time_left())

    def _count_waiting(self, company, only=None):
        """Return how many reminders wait, at most :data:`MOST_COUNTED`."""
        self.env.flush_all()
        waits = self._waits(company, only)
        query = SQL(WAITING, company=company.id, waits=waits, most=MOST_COUNTED)
        return self.env.execute_query(query)[0][0]

    def _count_unsent(self, company):
        """Return how many reminders are still to be sent, now or later, at most as many."""
        unsent = [("company_id", "=", company.id), ("next_try", "!=", False)]
        return self.env["upominky.reminder"].search_count(unsent, limit=MOST_COUNTED)

    def _release(self, worker, ids, had_turn=False):
        """Settle reminders that a worker is done with, and give back those it still has in hand.

        :param bool had_turn: whether they were tried: what is still due made no progress, and
            moves on
        """

        def settle():
            reminders = self.env["upominky.reminder"].browse(ids)
            mine = reminders.filtered(lambda r: r.send_run_id.id == worker.run_id)
            if had_turn:
                mine._postpone()
            mine._settle()
            # Taken from it meanwhile, by a person or as if it were dead: its answers count.
            taken = (reminders - mine).filtered(
                lambda r: r.state != "failed" and worker.run_id in r.delivery_ids.run_id.ids
            )
            taken._settle(release=False)

        if ids:
            attempt(self.env, settle)
