import logging

from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.fields import Domain

from ..base.logs import log_problem
from ..base.said import first_line, say
from ..base.transactions import attempt
from ..base.trusted import trusted
from ..res_company import INSIDE

_logger = logging.getLogger(__name__)

#: The runs of each job: the kind that it opens by itself, and all that it may leave.
KINDS_OF_JOBS = (("generate", ("generate", "hand")), ("send", ("send", "asked")))
#: What people did within their own request was told to them then, and refusals are no failures.
FAILED = Domain("error", "!=", False) & (
    Domain("kind", "in", ("generate", "send"))
    | Domain("state", "=", "dead")
    | Domain("kind", "=", "hand") & Domain("customer_count", ">", 0)
)
#: Lines of a run's error that are told elsewhere; the run has all of them.
LINES_TOLD = 3


class UpominkyRun(models.Model):
    """What a job could not do: told until a person has read it, or the job did it after all."""

    _inherit = "upominky.run"

    read_by_id = fields.Many2one(
        "res.users",
        readonly=True,
        index="btree_not_null",
        help="Who has read what went wrong in this run. Until then it is not cleaned away.",
    )
    is_unread = fields.Boolean(compute="_compute_is_unread", search="_search_is_unread")

    @api.depends("error", "read_by_id")
    def _compute_is_unread(self):
        for run in self:
            run.is_unread = bool(run.error) and not run.read_by_id

    @api.model
    def _search_is_unread(self, operator, value):
        if operator != "in" or True not in value or len(value) != 1:
            return NotImplemented
        return [("error", "!=", False), ("read_by_id", "=", False)]

    def action_mark_read(self):
        """Note that a person has read what went wrong in these runs."""
        self.env["upominky.reminder"]._check_user_may()
        self.check_access("read")
        # sudo: users change runs by this alone; the right to it was checked above.
        unread = trusted(self.filtered("is_unread"))
        unread.read_by_id = self.env.user
        unread.company_id._upominky_tell_trouble()

    @api.model
    def _troubles(self, company):
        """Return the newest run of each job of a company that went wrong, if it still matters.

        It does until somebody has read it, or a later run of the job came to its end without an
        error: what was left was done then.
        """
        of_company = Domain("company_id", "=", company.id)
        found = self.browse()
        for kind, kinds in KINDS_OF_JOBS:
            good = Domain("kind", "=", kind) & Domain("state", "=", "done")
            last = self.search(of_company & good & Domain("error", "=", False), limit=1)
            later = Domain("id", ">", last.id or 0) & Domain("kind", "in", kinds)
            unread = Domain("read_by_id", "=", False)
            found += self.search(of_company & later & unread & FAILED, limit=1)
        return found

    def _trouble_text(self):
        """Return which run went wrong and why, in a sentence."""
        self.ensure_one()
        told = self.error.splitlines()
        error = " ".join(told[:LINES_TOLD])
        if more := told[LINES_TOLD:]:
            error = say(self.env, "and_more", names=error, count=len(more))
        return f"{self.display_name}: {error}"

    def _errors(self):
        """Return what went wrong in these runs, in the order that they came.

        :rtype: list[str]
        """
        return [run._trouble_text() for run in self.sorted("id") if run.error]

    def _went_wrong(self):
        """Say whether something of these runs has to be looked at."""
        return any(run.error or run.failed_count for run in self)

    @api.model
    def _note_broken(self, company, kind, sentence):
        """Note what broke a job off: on the company's run, or on one that is opened for it.

        What was said of that day already is not said again: a job may be called every minute.
        """
        day = company._upominky_today()
        of_day = [("company_id", "=", company.id), ("kind", "=", kind), ("date", "=", day)]
        if str(sentence) in (self.search(of_day, limit=1).error or ""):
            return
        values = {"company_id": company.id, "kind": kind, "date": day}
        self.create({**values, "state": "dead", "error": sentence})

    @api.model
    def _note_crash(self, kind, problem, code):
        """Tell in each company whose reminders are on that a job broke off as a whole, and why.

        :param str kind: of the job's runs
        :param Exception problem: what was raised
        :param str code: of the sentence that says so
        """
        log_problem(_logger, problem, "The job was broken off (%s)", kind)
        sentence = say(self.env, code, problem=first_line(problem))
        try:
            for company in self.env["res.company"].search([]):
                if not company._upominky_is_off():
                    attempt(self.env, lambda c=company: self._note_broken(c, kind, sentence))
                    self._tell_trouble(company)
        except Exception as other:  # the scheduler counts the failure all the same
            log_problem(_logger, other, "What broke the job off is not kept (%s)", kind)

    @api.model
    def _tell_trouble(self, company):
        """Give or close the to-do about a company's jobs; that stops no job."""
        try:
            attempt(self.env, company._upominky_tell_trouble)
        except Exception as problem:
            log_problem(_logger, problem, "Company %s is not told how its jobs fare", company.id)

    def _log_end(self, failed=0, waiting=None):
        """Write the one line of the log that says what a run did: numbers, and no names.

        :param int failed: what went wrong beside what the run counts itself
        :param int waiting: how many reminders wait, None: of those that the run issued
        """
        self.ensure_one()
        seconds = (self.env.cr.now() - self.create_date).total_seconds()
        failed += self.failed_count
        waiting = self.waiting_count if waiting is None else waiting
        _logger.info(
            "Company %s, run %s (%s): issued %s, sent %s, failed %s, waiting %s, %.1f s",
            self.company_id.id,
            self.id,
            self.kind,
            self.issued_count,
            self.sent_count,
            failed,
            waiting,
            max(seconds, 0),
        )
        if failed or self.error:
            _logger.warning(
                "Company %s, run %s (%s): somebody has to look under Payment Reminders, Overview",
                self.company_id.id,
                self.id,
                self.kind,
            )


class ResCompany(models.Model):
    """One to-do says what the jobs of a company could not do."""

    _inherit = "res.company"

    upominky_job_activity_id = fields.Many2one(
        "mail.activity",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        groups=INSIDE,
    )
    # The id of the run that the to-do was made for: who closes it is not told of that run again.
    # No link: runs are cleaned away, and what was told stays told.
    upominky_job_told = fields.Integer(readonly=True, copy=False, groups=INSIDE)

    def _upominky_tell_trouble(self):
        """Give the responsible user a to-do with what the jobs could not do, or close it."""
        for company in self:
            runs = self.env["upominky.run"]._troubles(company)
            activity = company.upominky_job_activity_id
            if not runs:
                company._upominky_close_trouble()
            elif activity.active:
                in_words = company.with_context(lang=activity.user_id.lang)
                activity.note = in_words._upominky_trouble_note(runs)
            elif max(runs.ids) > company.upominky_job_told:
                company.upominky_job_activity_id = company._upominky_give_trouble(runs)
            if runs and company.upominky_job_told != max(runs.ids):
                company.upominky_job_told = max(runs.ids)

    def _upominky_close_trouble(self):
        done = self.env._("It was read, or done by a later run.")
        self._upominky_close_todo("upominky_job_activity_id", done)

    def _upominky_give_trouble(self, runs):
        return self._upominky_give_todo(
            lambda company: (
                company.partner_id,
                company.env._("The jobs of payment reminders could not do everything"),
                company._upominky_trouble_note(runs),
            )
        )

    def _upominky_trouble_note(self, runs):
        """Return what went wrong in runs, in the language of the company's environment."""
        told = [escape(run._trouble_text()) for run in runs.with_context(lang=self.env.lang)]
        place = self.env._("Read it under Upomínky, Overview, and mark it as read there.")
        return Markup("<br/>").join([*told, escape(place)])
