import logging
from functools import partial

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ...core.delivery import STALE_AFTER
from ..base.dates import day_text
from ..base.logs import log_problem
from ..base.said import Label, first_line, lines, parts_of, say, without
from ..base.transactions import COLLISIONS, OF_DATABASE, attempt, start_again
from ..base.trusted import trusted

_logger = logging.getLogger(__name__)

#: With more reminders than these a step is not taken within the request of who asks for it.
AT_ONCE = 200
#: With so many the job takes a step at once.
CHUNK = 100
STEPS = [
    ("approve", "Approve"),
    ("mark_sent", "Mark as Sent"),
    ("cancel", "Cancel"),
    ("send", "Send Now"),
    ("retry", "Retry"),
]
#: After these steps the reminders are queued: their run goes on until they are sent.
QUEUEING = ("send", "retry")
#: Runs of steps that are not taken to their end.
STEPPING = [("kind", "=", "asked"), ("state", "=", "running"), ("step", "!=", False)]
#: Reasons that a run keeps: the first ones.
MOST_REASONS = 20


class UpominkyRun(models.Model):
    """Steps with many reminders that a person asked for: job 2 takes them, before it sends."""

    _inherit = "upominky.run"

    step = fields.Selection(STEPS, help="What a person asked to do with all its reminders.")
    arguments = fields.Json(help="How: the day, the way, the reason.")

    @api.depends("step")
    def _compute_progress(self):
        stepping = self.filtered("step")
        result = super(UpominkyRun, self - stepping)._compute_progress()
        for run in stepping:
            run.total_count = len(run.asked_reminder_ids)
            queueing = run.step in QUEUEING  # nothing is sent yet
            run.done_count = 0 if queueing else min(run.place, run.total_count)
            run.is_working = run.state == "running"
        return result

    @api.depends("step")
    def _compute_display_name(self):
        result = super()._compute_display_name()
        steps = dict(self._fields["step"]._description_selection(self.env))
        for run in self.filtered("step"):
            run.display_name = f"{steps[run.step]} {day_text(self.env, run.date)}"
        return result

    @api.model
    def _ask_step(self, reminders, step, arguments):
        """Have job 2 take a step with reminders.

        :return: a run for each company
        """
        runs = self.browse()
        for company, mine in reminders.grouped("company_id").items():
            given = mine._arguments_now(step, arguments)
            runs += self._open_asked(company, mine, step=step, arguments=given)
        self.env.ref("upominky_addon.cron_send")._trigger()
        return runs

    @api.model
    def _take_steps(self, is_time_up):
        """Take the steps that people asked for.

        :param is_time_up: says whether the job has had its time
        :return: whether there was time for all; one that met others each time is left to the next
            call
        """
        for run in self.search(STEPPING, order="id"):
            while run.step and run.state == "running" and run._go_on_with_step():
                if is_time_up():
                    return False
        return True

    @api.model
    def _do_last(self, is_time_up):
        """Do what waits until all is sent that could be; other rooms have something to do.

        :param is_time_up: says whether the job has had its time
        :return: whether there was time for all
        """
        return True

    def _go_on_with_step(self):
        """Take the step with the next reminders; an error ends this run alone, and is told on it.

        :return: whether the run was written: it is not if it met others each time
        """
        try:
            attempt(self.env, self._take_step_with_some)
        except COLLISIONS:
            _logger.info("The step of run %s is left to the next call", self.id)
            return False
        except Exception as problem:
            start_again(self.env)
            log_problem(_logger, problem, "The step of run %s was broken off", self.id)
            attempt(self.env, partial(self._break_off_step, problem))
            self._tell_trouble(self.company_id)
        return True

    def _give_up_step(self, code):
        """Close a run whose step is not meant any more, or by nobody.

        :param str code: of the sentence that says why
        """
        left = len(self.asked_reminder_ids) - self.place
        self._add_error(say(self.env, code, count=left, step=self._step_label()))
        self.state = "dead"

    def _step_label(self):
        return Label(self._name, "step", self.step)

    def _break_off_step(self, problem):
        self._add_error(say(self.env, "step_broken_off", problem=first_line(problem)))
        self.state = "dead"

    def _take_step_with_some(self):
        """Take the step with the next reminders, as the person who asked for it."""
        if self._age() >= STALE_AFTER:
            self._give_up_step("step_stale")
            return
        user = self.create_uid
        if not user:  # whoever asked is named in what the step leaves behind
            self._give_up_step("asker_gone")
            return
        ids, is_last = self._next_asked()
        # sudo: that the person may was checked when it was asked for; see `action_approve`.
        reminders = trusted(self.env["upominky.reminder"].with_user(user)).browse(ids)
        reminders = reminders.with_context(lang=user.lang).with_company(self.company_id)
        arguments = self.arguments or {}  # an empty mapping is stored as none
        refused = reminders._together(
            lambda some: some._step_of_job(self.step, arguments),
            lambda one: one._check_in_job(self.step, arguments),
        )
        values = {"place": self.place + len(ids), "error": self._with_reasons(refused) or False}
        if refused:  # the run is of what it did something with
            values["asked_reminder_ids"] = [Command.unlink(id) for id in refused]
            values["place"] -= len(refused)
        if is_last:
            values |= {"step": False} if self.step in QUEUEING else {"state": "done"}
        self.write(values)

    def _with_reasons(self, refused):
        """Return the run's error with why reminders were left out: the first reasons, and how many.

        :param dict refused: sentences by reminder id
        :rtype: base.said.Said
        """
        before = [part for part in parts_of(self.error) if part[0] == "others_left"]
        count = sum(values["count"] for _code, values in before)
        named = without(self.env, self.error, say(self.env, "others_left", count=count))
        room = max(0, MOST_REASONS - len(parts_of(named)))
        told = list(refused.values())
        count += len(told[room:])
        more = count and say(self.env, "others_left", count=count)
        return lines(self.env, named, *told[:room], more or "")

    def _next_asked(self):
        """Return ids of the next reminders, and whether they are the last.

        To read all of them anew for each chunk takes as long as the square of their number.

        :rtype: tuple[list[int], bool]
        """
        found = self.env["upominky.reminder"].search(
            [("asked_run_ids", "in", self.ids)], order="id", offset=self.place, limit=CHUNK + 1
        )
        return found.ids[:CHUNK], len(found) <= CHUNK


class UpominkyReminder(models.Model):
    _inherit = "upominky.reminder"

    def _steps(self):
        """Return the steps that are taken with many, by name; both halves take the same values.

        :return: how a step is taken, and what refuses one that cannot take it, as far as can be
            told without writing: it raises what the step itself would
        """
        return {
            "approve": (self._approve, self._check_may_approve),
            "mark_sent": (self._mark_sent, self._check_may_mark),
            "cancel": (self._cancel_by_hand, self._check_may_cancel),
            "send": (self._queue_to_send, self._check_may_send),
            "retry": (self._queue_to_retry, self._check_may_retry_now),
        }

    def _arguments_now(self, step, arguments):
        """Return the arguments of a step as they are meant when it is asked, not when it is taken.

        These reminders are of one company.

        :param dict arguments: as the person gave them: the day is today unless it is told
        """
        if step == "mark_sent" and not arguments.get("day"):
            return {**arguments, "day": str(self.company_id._upominky_today())}
        return arguments

    def _take_step(self, step, arguments):
        take, _check = self._steps()[step]
        take(**arguments)

    def _check_step(self, step, arguments):
        """Refuse one that cannot take a step, as far as can be told without taking it.

        :raises UserError: what the step itself would raise
        """
        _take, check = self._steps()[step]
        check(**arguments)

    def _check_may_approve(self):
        self._refuse_state({"to_approve"})

    def _check_may_retry_now(self):
        self._check_may_retry()
        self._check_may_send()

    def _check_in_job(self, step, arguments):
        """Do what :meth:`_check_step` does; what nobody foresaw is told in words by the step."""
        try:
            self._check_step(step, arguments)
        except (UserError, *OF_DATABASE):
            raise
        except Exception:
            _logger.debug("Whether %s can take the step %s is not known", self, step, exc_info=True)

    def _step_of_job(self, step, arguments):
        """Take a step; whatever goes wrong with one reminder stops no other.

        :raises UserError: in words, also for what nobody foresaw
        """
        try:
            self._take_step(step, arguments)
        except (UserError, *OF_DATABASE):
            raise
        except Exception as problem:
            told = "The step %s failed with %s reminders"
            log_problem(_logger, problem, told, step, len(self))
            values = {"reminder": self[:1].name, "problem": repr(problem)}
            raise UserError(say(self.env, "of_reminder", **values)) from problem

    def _is_left(self):
        """Say whether a step with these is left to job 2, as too much for the request."""
        return len(self) > AT_ONCE and self.env["upominky.run"]._job_is_on("cron_send")

    def _step_or_leave(self, title, step, wanted=None, **arguments):
        """Take a step within the request with a few reminders; with many it is left to job 2.

        :param str title: what the person asked for
        :param str step: one of :data:`STEPS`
        :param str wanted: the state that all were to take
        :return: the notification of what came of it, or the page that shows how far it is
        """
        if self._is_left():
            return self.env["upominky.run"]._ask_step(self, step, arguments)._show_progress()
        some = self[:AT_ONCE]
        refused = some._together(
            lambda those: those._take_step(step, arguments),
            lambda one: one._check_step(step, arguments),
        )
        rest = self[AT_ONCE:]
        refused |= {reminder.id: reminder._too_many_text(AT_ONCE) for reminder in rest}
        return self._tell(title, refused, wanted)
