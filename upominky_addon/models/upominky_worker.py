from contextlib import contextmanager

import psycopg2

from odoo import api, fields, models, modules
from odoo.tools import SQL

from .queries import CLAIM

#: How many reminders a worker takes up at once: each batch asks some thirty queries, whatever its
#: size, and what there is no time to send is prepared again by the next call.
BATCH = 200
TRIES = 3
#: After so many deaths of workers that prepared it, a reminder is what kills them: the first time
#: others were in its batch, then it was alone.
MAX_DEATHS = 3


class UpominkyWorker(models.AbstractModel):
    """Workers of job 2: a run that is locked as long as its worker lives, and what it claims.

    Locks are FOR NO KEY UPDATE: deliveries and reminders refer to the run while it is locked.
    """

    _name = "upominky.worker"
    _description = "Worker of the Sending Job"

    @contextmanager
    def _worker(self, company):
        """Keep a run of this worker, locked as long as it lives."""
        if modules.module.current_test:  # its row would not be visible to another connection
            yield self._open_run(company)
            return
        with self.env.registry.cursor() as lock:
            run_id = self._open_run(company)
            while not self._lock_run(lock, run_id):  # somebody took it for a dead one's
                run_id = self._open_run(company)
            yield run_id
            lock.rollback()
        self.env["upominky.run"].browse(run_id).state = "done"
        self._commit()

    def _open_run(self, company):
        run = self.env["upominky.run"].create(
            {"company_id": company.id, "kind": "send", "date": company._upominky_today()}
        )
        self._commit()
        return run.id

    def _lock_run(self, lock, run_id):
        """Lock a run with a cursor of its own, and say whether it is still alive."""
        try:
            lock.execute("SELECT state FROM upominky_run WHERE id = %s FOR NO KEY UPDATE", [run_id])
            return lock.fetchone() == ("running",)
        except psycopg2.errors.SerializationFailure:
            lock.rollback()
            return False

    def _dead_runs(self):
        """Lock and return the runs whose worker is gone: a living one keeps its run locked."""
        self.env.flush_all()
        query = SQL(
            "SELECT id FROM upominky_run WHERE kind = 'send' AND state = 'running' "
            "FOR NO KEY UPDATE SKIP LOCKED"
        )
        try:
            return self.env["upominky.run"].browse(r[0] for r in self.env.execute_query(query))
        except psycopg2.errors.SerializationFailure:  # one ended just now: it is not dead
            self.env.cr.rollback()
            return self.env["upominky.run"]

    @api.model
    def _bury_dead(self):
        """Settle what dead workers left: what they were sending is uncertain, the rest goes on."""
        dead = self._dead_runs()
        Delivery = self.env["upominky.delivery"]
        left = Delivery.search([("state", "=", "sending")]).filtered(
            lambda d: d.run_id in dead or d.run_id.state != "running"
        )
        for delivery in left:
            delivery._set_state("uncertain", error=self._in(delivery.company_id)._uncertain_text())
        claimed = self.env["upominky.reminder"].search([("send_run_id", "in", dead.ids)])
        unprepared = claimed._not_prepared()
        (left.reminder_id | claimed)._settle()
        for reminder in unprepared:
            self._suspect(reminder)
        dead.state = "dead"
        self._commit()

    def _suspect(self, reminder):
        """Note that a worker died preparing a reminder; of too many deaths it is the cause."""
        reminder.preparing_deaths += 1
        if reminder.preparing_deaths < MAX_DEATHS:
            return
        sentence = self._in(reminder.company_id)._deaths_text()
        if reminder.state == "sent":  # another contact has it
            reminder.delivery_ids.filtered(lambda d: d.state == "queued")._fail(sentence)
            reminder._settle()
        elif reminder.state == "issued":  # its books are not read: that may be what kills
            reminder.delivery_ids._cancel_queued()
            reminder._set_state("failed", error=sentence, next_try=False, send_run_id=False)
            reminder._message_log(body=sentence)

    def _deaths_text(self):
        return self.env._(
            "The program was stopped %s times while it prepared this message, so it is left out. "
            "Look for a text of unusual length on the customer or its invoices, then retry.",
            MAX_DEATHS,
        )

    def _uncertain_text(self):
        return self.env._(
            "The program was stopped while the message was being sent: nobody knows whether the "
            "server accepted it. Send it again, or mark it as sent."
        )

    def _claim(self, company, run_id, only):
        """Take up reminders that wait.

        :return: their ids
        """
        scope = SQL("TRUE") if only is None else SQL("id = ANY(%s)", list(only))
        if company._upominky_effective_mode() == "pilot":
            pilots = company.upominky_pilot_partner_ids.commercial_partner_id.ids
            scope = SQL("%s AND partner_id = ANY(%s)", scope, pilots)
        for _attempt in range(TRIES):
            try:
                self.env.flush_all()
                ids = self._claim_now(company, run_id, scope)
                self._commit()
                self.env.invalidate_all()
                return sorted(ids)
            except psycopg2.errors.SerializationFailure:
                self.env.cr.rollback()
        return []

    def _claim_now(self, company, run_id, scope):
        """Return the ids of a batch; of reminders whose preparing killed a worker, of one alone.

        So a letter that cannot be prepared takes no other one down with it.
        """
        values = {"run": run_id, "company": company.id, "now": fields.Datetime.now()}
        sound = SQL("%s AND COALESCE(preparing_deaths, 0) = 0", scope)
        order, suspects_order = SQL("next_try, id"), SQL("preparing_deaths, next_try, id")
        batch = SQL(CLAIM, scope=sound, order=order, limit=BATCH, **values)
        rows = self.env.execute_query(batch)
        if not rows:
            one = SQL(CLAIM, scope=scope, order=suspects_order, limit=1, **values)
            rows = self.env.execute_query(one)
        return [row[0] for row in rows]

    def _count_waiting(self, company, only):
        domain = [
            ("company_id", "=", company.id),
            ("state", "in", ("issued", "sent")),
            ("next_try", "<=", fields.Datetime.now()),
            ("send_run_id", "=", False),
        ]
        if company._upominky_effective_mode() == "pilot":
            pilots = company.upominky_pilot_partner_ids.commercial_partner_id.ids
            domain.append(("partner_id", "in", pilots))
        return self.env["upominky.reminder"].search_count(
            domain if only is None else [*domain, ("id", "in", list(only))]
        )

    def _commit(self, processed=0, remaining=None):
        """Make what was done durable, and say whether there is time for more."""
        if modules.module.current_test and "cron_id" not in self.env.context:
            self.env.flush_all()  # the transaction belongs to the test
            return True
        return self.env["ir.cron"]._commit_progress(processed, remaining=remaining) > 0
