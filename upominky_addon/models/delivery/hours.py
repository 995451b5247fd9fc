import logging
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ...core.delivery import STALE_AFTER
from ...core.lifecycle import SENDABLE
from ...core.recipient import LETTER
from ...core.sending_hours import (
    HORIZONS,
    NEVER,
    closes,
    days_waited,
    open_days,
    opens,
)
from ..base.dates import moment_text
from ..base.logs import log_problem
from ..base.said import say
from ..base.transactions import attempt, start_again
from ..base.trusted import trusted
from ..res_company import INSIDE
from .hour_queries import ANY_TIME, LETTER_TO_MAKE

_logger = logging.getLogger(__name__)

#: A calendar is looked at from so long before: the minute that is left of an hour looks like the
#: last one of a day off.
BEFORE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Hours:
    """What a worker knows of the hours of its company since it made its last messages.

    ``until`` is when the calendar closes, and ``is_limited`` says whether messages are counted.
    """

    until: datetime
    is_limited: bool


class ResCompany(models.Model):
    """When job 2 may mail (SPEC rule 35): in the hours of a calendar, by the company's clock.

    Nothing is kept of it: a worker asks what the calendar says each time that it takes some up, so
    that a changed one holds at once. What waits stays in the queue.
    """

    _inherit = "res.company"

    upominky_calendar_id = fields.Many2one(
        "resource.calendar",
        string="Sending Calendar",
        ondelete="restrict",
        groups=INSIDE,
        index="btree_not_null",
        help="E-mails go out in these working hours alone, by the clock of the company, and not on "
        "its days off. Empty: at any time. Reminders are issued at any time, and letters by post "
        "wait for nobody.",
    )

    @api.constrains("upominky_calendar_id")
    def _check_upominky_calendar(self):
        for company in self:
            # sudo: what the calendar of the company says is no secret to who chooses it.
            calendar = company.sudo().upominky_calendar_id
            if calendar.company_id and calendar.company_id != company:
                raise ValidationError(
                    self.env._(
                        "“%(calendar)s” is a calendar of another company than %(company)s. Choose "
                        "one of its own, or one that all companies share.",
                        calendar=calendar.name,
                        company=calendar._upominky_names(company),
                    )
                )
            if calendar:
                calendar._upominky_check_hours()

    # ------------------------------------------------------------ the hours

    def _upominky_work(self, start, end):
        """Return when the calendar has people work, by the company's clock and not the calendar's.

        :param datetime start: aware
        :param datetime end: aware
        :return: pairs of aware datetimes
        :rtype: list[tuple[datetime, datetime]]
        """
        # sudo: the hours of the company are the same whoever asks.
        calendar = self.sudo().upominky_calendar_id
        found = calendar._work_intervals_batch(
            start, end, domain=self._upominky_days_off(), tz=self._upominky_timezone()
        )
        return [(begin, stop) for begin, stop, _records in found[False]]

    def _upominky_days_off(self):
        """Return the domain of days off of the calendar: its own, and those of all of the company.

        :rtype: list
        """
        # sudo: days off of the company are the same whoever asks.
        calendar = self.sudo().upominky_calendar_id
        of_all = ["&", ("calendar_id", "=", False), ("company_id", "=", self.id)]
        return [("time_type", "=", "leave"), "|", ("calendar_id", "=", calendar.id), *of_all]

    def _upominky_ahead(self, moment):
        """Yield the hours around a moment and after it, each time further ahead.

        :param datetime moment: in UTC, without a zone
        :return: lists of pairs of such datetimes
        """
        start = moment.replace(tzinfo=UTC)
        for horizon in HORIZONS:
            yield [
                (_plain(begin), _plain(stop))
                for begin, stop in self._upominky_work(start - BEFORE, start + horizon)
            ]

    def _upominky_opens(self, moment):
        """Return the first moment from one on at which the calendar lets e-mails go.

        :param datetime moment: in UTC, without a zone
        :return: another; :data:`core.sending_hours.NEVER` if there is none within a year
        """
        self.ensure_one()
        if not self.upominky_calendar_id:
            return moment
        found = (opens(hours, moment) for hours in self._upominky_ahead(moment))
        return next((opening for opening in found if opening != NEVER), NEVER)

    def _upominky_closes(self, moment):
        """Return until when the calendar lets e-mails go: the moment itself, if it does not.

        :param datetime moment: in UTC, without a zone
        """
        self.ensure_one()
        if not self.upominky_calendar_id:
            return NEVER
        return closes(next(self._upominky_ahead(moment)), moment)

    def _upominky_is_closed(self):
        """Say whether the calendar has e-mails wait now."""
        now = fields.Datetime.now()
        return self._upominky_closes(now) <= now

    def _upominky_is_never_open(self):
        """Say whether the calendar opens at no time that can be seen."""
        return self._upominky_opens(fields.Datetime.now()) == NEVER

    def _upominky_goes_from(self, moment=None, any_time=False):
        """Return when messages go that would at a moment: by the calendar, and by the limit.

        :param datetime moment: in UTC, without a zone; default now
        :param bool any_time: whether whoever wants them to go does not mind the calendar
        """
        moment = moment or fields.Datetime.now()
        moment = max(moment, self._upominky_free_from() or moment)
        return moment if any_time else self._upominky_opens(moment)

    def _upominky_has_hours(self):
        """Say whether messages may have to wait at all."""
        self.ensure_one()
        return bool(self.upominky_calendar_id or self.upominky_hourly_limit > 0)

    def _upominky_days_counted(self, since, today):
        """Return the days on which what waited could have gone, had somebody tried.

        Not those on which the calendar was closed; nor, with a limit, those on which others that
        waited longer went.

        :param date since: the first one
        :param date today: the last one
        :rtype: set[date]
        """
        zone = self._upominky_timezone()
        days = {since + timedelta(days=number) for number in range((today - since).days + 1)}
        if self.upominky_calendar_id:
            start, end = (
                zone.localize(datetime.combine(day, time()))
                for day in (since, today + timedelta(days=1))
            )
            days &= open_days(self._upominky_work(start, end), zone)
        if self.upominky_hourly_limit > 0:
            days -= self._upominky_days_handed_over(since)
        return days

    def _upominky_waits_text(self, any_time=False):
        """Return when e-mails go on, in a sentence; empty if they go now.

        :param bool any_time: as in :meth:`_upominky_goes_from`
        """
        moment = self._upominky_goes_from(any_time=any_time)
        if moment <= fields.Datetime.now():
            return ""
        # sudo: the name of the company's calendar is no secret.
        words = {"calendar": self.sudo().upominky_calendar_id.name, "company": self.name}
        if moment == NEVER:
            return say(self.env, "never_open", **words)
        words["when"] = moment_text(self.env, moment)
        if not any_time and self._upominky_is_closed():
            return say(self.env, "calendar_closed", **words)
        return say(self.env, "hour_used_up", limit=self.upominky_hourly_limit, **words)


def _plain(moment):
    """Return an aware moment as Odoo keeps it: in UTC, without a zone."""
    return moment.astimezone(UTC).replace(tzinfo=None)


class UpominkyRun(models.Model):
    _inherit = "upominky.run"

    any_time = fields.Boolean(
        readonly=True, help="Whoever asked for it was told that the calendar is closed."
    )
    waits_text = fields.Text(compute="_compute_waits_text")

    @api.depends("kind", "step", "is_working", "any_time")
    def _compute_waits_text(self):
        self.waits_text = False
        for run in self.filtered(lambda run: run.kind == "asked" and not run.step):
            if run.is_working and run.company_id._upominky_has_hours():
                run.waits_text = run.company_id._upominky_waits_text(run.any_time)

    # EXTENDS 'upominky.run'
    @api.model
    def _open_asked(self, company, reminders, **values):
        if self.env.context.get("upominky_any_time"):
            values["any_time"] = True
        return super()._open_asked(company, reminders, **values)

    # EXTENDS 'upominky.run'
    def _age(self):
        """Count no day on which what was asked for had to wait for another one."""
        age, company = super()._age(), self.company_id
        if self.step or age < STALE_AFTER or not company._upominky_has_hours():
            return age
        today = company._upominky_today()
        counted = company._upominky_days_counted(self.date, today)
        return timedelta(days=days_waited(self.date, today, counted))


class UpominkySend(models.AbstractModel):
    """Job 2 takes up only what may go at this hour, and stops where the hour ends."""

    _inherit = "upominky.send"

    # EXTENDS 'upominky.worker'
    def _waits(self, company, only, suspects=None):
        waits = super()._waits(company, only, suspects)
        if not company._upominky_has_hours():
            return waits
        if company._upominky_free_from():
            return SQL("%s AND %s", waits, self._at_any_time(is_full=True))
        if only is None and company._upominky_is_closed():
            return SQL("%s AND %s", waits, self._at_any_time())
        return waits

    def _at_any_time(self, is_full=False):
        """Return the condition of reminders with which something is done though messages wait.

        :param bool is_full: whether it is the limit that they wait for, which binds everybody
        """
        letters = SQL("(%s)", SQL(LETTER_TO_MAKE))
        return letters if is_full else SQL("(%s OR %s)", SQL(ANY_TIME), letters)

    def _let_out(self, deliveries, worker):
        """Return the deliveries that may be handed over at this hour; the others wait.

        :param Worker worker: who is told by when it has to stop
        """
        company = self.env.company
        if not company._upominky_has_hours():
            worker.hours = None
            return deliveries
        until = company._upominky_closes(fields.Datetime.now())
        worker.hours = Hours(until, is_limited=company.upominky_hourly_limit > 0)
        waiting = deliveries.reminder_id._that_wait(worker.hours)
        return deliveries.filtered(lambda delivery: delivery.reminder_id not in waiting)

    # EXTENDS 'upominky.send'
    def _take_turns(self, companies, only=None):
        # Read now: they are at hand, and where there are none nothing is asked for them.
        with_hours = companies.filtered(lambda company: company._upominky_has_hours())
        in_time = super()._take_turns(companies, only)
        for company in with_hours if only is None else ():
            try:
                attempt(self.env, lambda company=company: self._trigger_at_opening(company))
            except Exception as problem:  # it is that company's alone
                start_again(self.env)
                log_problem(_logger, problem, "When company %s sends is not known", company.id)
        return in_time

    def _trigger_at_opening(self, company):
        """Have the job called when messages go on, if any wait for that."""
        now, moment = fields.Datetime.now(), company._upominky_goes_from()
        if not now < moment < NEVER:
            return
        waiting = [("company_id", "=", company.id), ("next_try", "<=", now)]
        if not self.env["upominky.reminder"].search_count(waiting, limit=1):
            return
        cron = self.env.ref("upominky_addon.cron_send")
        asked = [("cron_id", "=", cron.id), ("call_at", "=", moment)]
        if not self.env["ir.cron.trigger"].search_count(asked, limit=1):
            cron._trigger(at=moment)

    # EXTENDS 'upominky.send'
    def _left_texts(self, reminders):
        """Have the job send at any hour too what somebody wanted to go at once, and was asked."""
        if self.env.context.get("upominky_any_time"):
            left = self._left(reminders).filtered(lambda r: not r.send_run_id)
            left -= left._asked_at_any_time()
            runs = self.env["upominky.run"]
            if left and runs._job_is_on("cron_send"):
                # sudo: whoever may send has the job do it.
                attempt(self.env, lambda: runs.sudo()._ask_to_send(left, {}))
        return super()._left_texts(reminders)


class UpominkyReminder(models.Model):
    """What waits for another hour: until when, and whether it goes all the same."""

    _inherit = "upominky.reminder"

    goes_at = fields.Datetime(
        string="Waits Until",
        compute="_compute_goes_at",
        help="When the sending calendar, or the limit of messages an hour, lets it go out.",
    )

    @api.depends("state", "next_try", "to_send")
    def _compute_goes_at(self):
        known = {}
        for reminder in self:
            reminder.goes_at = reminder._goes_from(reminder.next_try, known)

    def _goes_from(self, next_try, known):
        """Return when a message of it goes, False if it waits for no hour.

        :param datetime next_try: of the message; empty: at once
        :param dict known: what was found out for others
        """
        company, now = self.company_id, fields.Datetime.now()
        if self.state not in SENDABLE or not self.next_try or not company._upominky_has_hours():
            return False
        if not self._goes_by_message():
            return False
        asked = company, max(now, next_try or now), bool(self._asked_at_any_time())
        if asked not in known:
            known[asked] = company._upominky_goes_from(*asked[1:])
        return known[asked] if now < known[asked] < NEVER else False

    def _goes_by_message(self):
        """Say whether job 2 hands something of it over: paper goes by people."""
        return any(channel != LETTER for channel in self._channels())

    def _asked_at_any_time(self):
        """Return those that somebody asked to send whatever the calendar says."""
        return self.filtered(
            lambda r: any(run.any_time and run.state == "running" for run in r.asked_run_ids)
        )

    # EXTENDS 'upominky.reminder'
    def _is_stale(self, today):
        """Count no day on which it had to wait for another one."""
        if not super()._is_stale(today):
            return False
        company = self.company_id
        if not company._upominky_has_hours():
            return True
        last = self._last_tried()
        counted = company._upominky_days_counted(last, today)
        return days_waited(last, today, counted) >= STALE_AFTER.days

    # EXTENDS 'upominky.reminder'
    def _situation_kept(self, worker, seen):
        now = super()._situation_kept(worker, seen)
        if worker.hours is None:
            return now
        return replace(now, closed=bool(self._that_wait(worker.hours)))

    def _that_wait(self, hours):
        """Return those of which no message may go at this hour; whoever sends by hand was asked.

        :param Hours hours: what their worker knows
        """
        if self.env.company._upominky_free_from():
            return self
        if fields.Datetime.now() < hours.until or self.env.context.get("upominky_by_hand"):
            return self.browse()
        return self - self._asked_at_any_time()

    # EXTENDS 'upominky.reminder'
    def _left_text(self):
        company = self.company_id
        if self.send_run_id or not company._upominky_has_hours() or not self._goes_by_message():
            return super()._left_text()
        any_time = self.env.context.get("upominky_any_time") or self._asked_at_any_time()
        if problem := company._upominky_waits_text(any_time=bool(any_time)):
            return say(self.env, "left_for_later", reminder=self.name, problem=problem)
        return super()._left_text()

    # -------------------------------------------------------------- by hand

    # EXTENDS 'upominky.reminder'
    def _send_or_leave(self, title, step="send"):
        if not self.env.context.get("upominky_any_time") and self._are_outside():
            return self._ask_at_any_time(title, step)
        return super()._send_or_leave(title, step)

    def _are_outside(self):
        """Say whether the calendar has some of them wait now."""
        closed = self.company_id.filtered(
            lambda company: company.upominky_calendar_id and company._upominky_is_closed()
        )
        return any(r.company_id in closed and r._goes_by_message() for r in self if closed)

    def _ask_at_any_time(self, title, step):
        """Ask whether to send them all the same."""
        asked = self._ask("upominky.any.time", title)
        return {**asked, "context": {**asked["context"], "default_step": step}}

    def _send_at_any_time(self, title, step):
        """Send them whatever the calendar says: the person was asked.

        :param str step: ``send`` or ``retry``
        """
        self._check_user_may()
        # sudo: users may send, but write no field of a reminder themselves.
        return trusted(self).with_context(upominky_any_time=True)._send_or_leave(title, step)


class UpominkyDelivery(models.Model):
    _inherit = "upominky.delivery"

    goes_at = fields.Datetime(
        string="Waits Until",
        compute="_compute_goes_at",
        help="When the sending calendar, or the limit of messages an hour, lets it go out.",
    )

    @api.depends("state", "next_try", "reminder_id.next_try")
    def _compute_goes_at(self):
        self.goes_at = False
        known = {}
        for delivery in self.filtered(lambda d: d.state == "queued"):
            reminder = delivery.reminder_id
            delivery.goes_at = reminder._goes_from(delivery.next_try or reminder.next_try, known)
