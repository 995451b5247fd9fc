from contextlib import contextmanager, nullcontext, suppress
from datetime import datetime, time, timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ...core.sending_hours import HOUR
from ..base.transactions import commit
from ..res_company import INSIDE
from .hour_queries import DAYS_HANDED_OVER, GIVE_TURN, HANDED_OVER, LAST_OF_LIMIT, TAKE_TURN


class ResCompany(models.Model):
    """How many messages are handed over within any hour, whoever sends them (SPEC rule 35)."""

    _inherit = "res.company"

    upominky_hourly_limit = fields.Integer(
        string="Messages an Hour at Most",
        groups=INSIDE,
        help="So many messages of reminders are handed over within any hour, by the job and by "
        "people; the others wait for the next one. 0: no limit.",
    )

    @api.constrains("upominky_hourly_limit")
    def _check_upominky_hourly_limit(self):
        for company in self:
            if company.upominky_hourly_limit < 0:
                raise ValidationError(
                    self.env._(
                        "%(found)s is no number of messages. Enter how many may go within an hour, "
                        "or 0 if there is no limit.",
                        found=company.upominky_hourly_limit,
                    )
                )

    def _upominky_free_from(self):
        """Return when the next message may be handed over, None if one may now.

        :return: in UTC, without a zone
        :rtype: datetime.datetime | None
        """
        self.ensure_one()
        if self.upominky_hourly_limit <= 0:
            return None
        self.env["upominky.delivery"].flush_model(["company_id", "handed_at"])
        others = self.upominky_hourly_limit - 1
        rows = self.env.execute_query(
            SQL(LAST_OF_LIMIT, others=others, **self._upominky_hour_asked())
        )
        return rows[0][0] + HOUR if rows else None

    def _upominky_left_of_hour(self):
        """Return how many messages may still be handed over within the hour; 0 without a limit."""
        self.ensure_one()
        most = self.upominky_hourly_limit
        if most <= 0:
            return 0
        self.env["upominky.delivery"].flush_model(["company_id", "handed_at"])
        query = SQL(HANDED_OVER, most=most, **self._upominky_hour_asked())
        return most - self.env.execute_query(query)[0][0]

    def _upominky_hour_asked(self):
        """Return which messages count, as the queries of the limit take it.

        Those of a machine whose clock is a little ahead too; of one that was set back by more, what
        it noted before stops nobody until that time comes again.
        """
        now = fields.Datetime.now()
        return {"company": self.id, "since": now - HOUR, "until": now + HOUR}

    def _upominky_days_handed_over(self, since):
        """Return the company's calendar dates on which the limit may have held messages back.

        :param date since: the first one that matters
        :rtype: set[date]
        """
        self.env["upominky.delivery"].flush_model(["company_id", "handed_at"])
        asked = {
            "company": self.id,
            "zone": self._upominky_timezone().zone,
            "most": self.upominky_hourly_limit,
            "since": datetime.combine(since, time()) - timedelta(days=1),  # whatever the zone
        }
        return {day for (day,) in self.env.execute_query(SQL(DAYS_HANDED_OVER, **asked))}


class UpominkyDelivery(models.Model):
    _inherit = "upominky.delivery"

    handed_at = fields.Datetime(
        string="Handed Over",
        readonly=True,
        copy=False,
        help="When it was given to the mail server, or to whoever else takes it; what came of it "
        "is its state.",
    )

    _handed_idx = models.Index("(company_id, handed_at) WHERE handed_at IS NOT NULL")


class UpominkySend(models.AbstractModel):
    """Workers of a company count one at a time: of two neither takes the last place twice."""

    _inherit = "upominky.send"

    # EXTENDS 'upominky.worker'
    def _most(self, company, worker):
        """Prepare no more than may go: the others would be prepared again each time."""
        most, left = super()._most(company, worker), company._upominky_left_of_hour()
        return min(most, left) if left else most

    # EXTENDS 'upominky.send'
    def _mark_sending(self, delivery, message, worker, values=None):
        values = {**(values or {}), "handed_at": fields.Datetime.now()}
        is_limited = worker.hours is not None and worker.hours.is_limited
        with self._in_turn(worker) if is_limited else nullcontext():
            return super()._mark_sending(delivery, message, worker, values)

    @contextmanager
    def _in_turn(self, worker):
        """Keep other workers of the company from counting until the mark is committed.

        The turn is taken on the worker's second connection, while the first one has no transaction:
        so it keeps nothing that another worker waits for, and what is counted is read in a snapshot
        that has the last mark of the others. Where the second connection was cut, the gate finds
        that the worker is dead.
        """
        if worker.lock is None:  # nobody else would see its marks
            yield
            return
        company = self.env.company.id
        commit(self.env)
        with suppress(psycopg2.Error):
            worker.lock.execute(SQL(TAKE_TURN, company=company), log_exceptions=False)
        try:
            yield
        finally:
            with suppress(psycopg2.Error):
                worker.lock.execute(SQL(GIVE_TURN, company=company), log_exceptions=False)
