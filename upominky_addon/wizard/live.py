from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS

from ..core.plan import plan
from ..models.base.amounts import totals_text
from ..models.base.dates import day_text
from ..models.base.slices import in_slice, next_slice
from ..models.base.trusted import trusted
from .decision import CHUNK

#: Older debts than these are better reminded by hand when reminders go live.
SUGGESTED_DAYS = 60
#: What more customers would get is counted when it is asked for.
AT_ONCE = 1_000


class UpominkyLive(models.TransientModel):
    """Switching to live: what would be issued today, decided by the code that job 1 runs."""

    _name = "upominky.live"
    _description = "Switch Payment Reminders to Live"
    _inherit = ["upominky.input"]

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    scope = fields.Selection(
        [
            ("from", "What was due from a day on; older debts are reminded by hand only"),
            ("all", "Everything that is overdue, however old"),
        ],
        string="Remind",
        required=True,
        default="from",
    )
    start_date = fields.Date(
        string="Remind From Due Date",
        help="Invoices due before this day are reminded by hand only.",
    )
    intro = fields.Text(compute="_compute_intro")
    old_text = fields.Text(compute="_compute_summary", help="The older debts: how many, how old.")
    suggestion = fields.Text(compute="_compute_suggestion")
    summary = fields.Html(
        string="Issued Today", compute="_compute_summary", sanitize=False, readonly=True
    )
    many_text = fields.Text(
        compute="_compute_summary",
        help="How many customers may get a reminder today, where it was not counted how many do.",
    )
    counted = fields.Json(groups=NO_ACCESS)
    candidate_ids = fields.Json(prefetch=False, groups=NO_ACCESS)

    @api.depends("company_id")
    def _compute_intro(self):
        for wizard in self:
            wizard.intro = self.env._(
                "From now on all customers of %s get reminders.",
                wizard.company_id.name,
            )

    @api.depends("company_id")
    def _compute_suggestion(self):
        for wizard in self:
            wizard.suggestion = self.env._(
                "Suggestion: %(date)s, %(days)s days ago. Who has owed for longer is then reminded "
                "by hand, after you have looked at it.",
                date=day_text(self.env, wizard._suggested_date()),
                days=SUGGESTED_DAYS,
            )

    @api.depends("company_id", "start_date", "scope", "counted")
    def _compute_summary(self):
        self.company_id._upominky_check_manager()
        for wizard in self:
            wizard.old_text = wizard._old_sentence()
            # sudo: the plan is read whole, for a company of the manager's.
            candidates, known = trusted(wizard)._known()
            wizard.many_text = not known and wizard._many_sentence(len(candidates))
            wizard.summary = known and wizard._as_table(known)

    @api.model
    def _open(self, company):
        """Open the question for one company."""
        # sudo: managers answer the question, they make no rows of their own.
        wizard = trusted(self).create({"company_id": company.id})
        wizard.start_date = company.upominky_start_date or wizard._suggested_date()
        return wizard._reopen()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Switch to Live"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _suggested_date(self):
        return self.company_id._upominky_today() - timedelta(days=SUGGESTED_DAYS)

    def _first_day(self):
        """Return the first due date that is reminded by the jobs, None for all."""
        return (self.scope == "from" and self.start_date) or None

    def _old_sentence(self):
        """Say how many older debts there are, and how old."""
        before = self._first_day() or self._suggested_date()
        # sudo: the debts are read whole, for a company of the manager's.
        totals = trusted(self.env["upominky.reader"])._old_debts(self.company_id, before)
        count, oldest, _mixed = totals.pop(None)
        if not count:
            return self.env._("Nothing that is due before %s is unpaid.", self._day(before))
        amounts = {currency: amount for currency, (_count, _day, amount) in totals.items()}
        words = {
            "date": self._day(before),
            "count": count,
            "oldest": self._day(oldest),
            "days": (self.company_id._upominky_today() - oldest).days,
            "totals": totals_text(self.env, amounts),
        }
        if self.scope == "all":
            return self.env._(
                "Old debts are reminded as well. Unpaid invoices due before %(date)s: %(count)s, "
                "the oldest on %(oldest)s (%(days)s days ago), together %(totals)s.",
                **words,
            )
        return self.env._(
            "Reminded by hand only: unpaid invoices due before %(date)s: %(count)s, the oldest on "
            "%(oldest)s (%(days)s days ago), together %(totals)s.",
            **words,
        )

    def _many_sentence(self, count):
        return self.env._(
            "At most %s customers: so many owe something for which a reminder may be due today. "
            "How many get one, and of how much, has to be decided for each of them.",
            count,
        )

    def _day(self, day):
        return day_text(self.env, day)

    # -------------------------------------------------------------- summary

    def _known(self):
        """Return who may get a reminder today, and what they get, None of many before it is asked.

        :rtype: tuple[list[int], _Count | None]
        """
        facts = self._live_facts()
        if found := self._finished(facts.company):
            return [], found
        candidates = sorted(self._reader()._issuable(self.company_id, facts))
        if len(candidates) > AT_ONCE:
            return candidates, None
        count = _Count(self._terms(facts.company))
        for start in range(0, len(candidates), CHUNK):
            self._add_up(count, candidates[start : start + CHUNK], facts)
        return candidates, count

    def _finished(self, company):
        """Return what was counted, if that was all, of this day and from this day on.

        :param core.plan.Company company: as it would be when live
        """
        # The form's own record has not what its columns keep past the form.
        count = _Count.kept(self._origin.counted)
        return count if count.terms == self._terms(company) and count.is_whole else None

    def _terms(self, company):
        return [str(company.today), str(company.start)]

    def _reader(self):
        return self.env["upominky.reader"].with_company(self.company_id)

    def _live_facts(self):
        """Return what all customers share, as if the company were live from the day chosen on."""
        facts = self._reader()._facts(self.company_id, self.company_id._upominky_today())
        live = replace(facts.company, mode="live", start=self._first_day())
        return replace(facts, company=live)

    def _add_up(self, count, ids, facts):
        """Add what some customers would get today."""
        for customer in self._reader()._customers(self.company_id, ids, facts=facts).values():
            count.add(plan(customer, facts.company).reminders)
        count.done += len(ids)

    def _as_table(self, count):
        """Return what would be issued today as a table: by level, and all together.

        :param _Count count: what was counted
        """
        levels = self.env["upominky.level"].browse(map(int, count.levels)).exists()
        levels = levels.sorted(
            lambda level: (level.rule_id.sequence, level.rule_id.id, level.order)
        )
        rows = [
            {
                "rule": level.rule_id.name,
                "level": f"{level.order}. {level.name}",
                **self._row(count.levels[str(level.id)]),
            }
            for level in levels
        ]
        values = {"rows": rows, "total": self._row(count.everything)}
        return self.env["ir.qweb"]._render("upominky_addon.live_summary", values)

    def _row(self, part):
        amounts = {int(currency): amount for currency, amount in part["totals"].items()}
        currencies = self.env["res.currency"].browse(amounts).sorted("name")
        return {
            "reminders": part["reminders"],
            "customers": part["customers"],
            "totals": [currency.format(float(amounts[currency.id])) for currency in currencies],
        }

    # -------------------------------------------------------------- actions

    def action_suggest(self):
        """Take the suggested start date and show the summary with it."""
        self.ensure_one()
        self.company_id._upominky_check_manager()
        self.write({"start_date": self._suggested_date(), "scope": "from"})
        return self._reopen()

    def action_count(self):
        """Count exactly what would be issued today: a slice, and then the next ones."""
        self.ensure_one()
        self.company_id._upominky_check_manager()
        # sudo: the plan is read whole, for a company of the manager's.
        count = trusted(self)._count_slice()
        if count.is_whole:
            return self._reopen()
        done, total = count.done, count.total
        return next_slice(
            self,
            "action_count",
            done,
            total,
            title=self.env._("Switch to Live"),
            text=self.env._(
                "Counted: %(done)s of %(total)s customers.",
                done=done,
                total=total,
            ),
        )

    def _count_slice(self):
        """Go on counting, or begin where it is about something else.

        :rtype: _Count
        """
        facts = self._live_facts()
        count = _Count.kept(self.counted)
        if count.terms != self._terms(facts.company):
            count = _Count(self._terms(facts.company))
            self.candidate_ids = sorted(self._reader()._issuable(self.company_id, facts))
        candidates = self.candidate_ids or []
        count.total = len(candidates)

        def step():
            self._add_up(count, candidates[count.done : count.done + CHUNK], facts)
            return not count.is_whole

        in_slice(step)
        self.counted = count.to_keep()
        return count

    def action_confirm(self):
        """Switch the company to live, from the start date on."""
        self.ensure_one()
        self.company_id._upominky_check_manager()
        if self.scope == "from" and not self.start_date:
            raise UserError(
                self.env._("Enter the day from which to remind, or choose to remind everything.")
            )
        # sudo: managers change the mode of a company of theirs.
        company = trusted(self).company_id
        company.write({"upominky_mode": "live", "upominky_start_date": self._first_day()})
        if company._upominky_effective_mode() != "live":
            raise UserError(
                self.env._(
                    "This is a neutralised copy of a database: reminders stay off in it, so that "
                    "it writes to no customer."
                )
            )
        return {"type": "ir.actions.act_window_close"}


class _Count:
    """Reminders added up, as the dialog keeps them: their number, customers, and amounts.

    ``terms`` say of which day, and from which due date on; ``done`` of ``total`` customers.
    """

    def __init__(self, terms, done=0, total=0, levels=None, everything=None):
        self.terms, self.done, self.total = terms, done, total
        self.levels = levels or {}
        self.everything = everything or self._nothing()

    @classmethod
    def kept(cls, values):
        return cls(**(values or {"terms": None}))

    def to_keep(self):
        return dict(vars(self))

    @property
    def is_whole(self):
        return self.done >= self.total

    def _nothing(self):
        return {"reminders": 0, "customers": 0, "totals": {}}

    def add(self, reminders):
        """Add what one customer would get.

        :param reminders: of core.plan
        """
        touched = {}
        for reminder in reminders:
            level = self.levels.setdefault(str(reminder.level.id), self._nothing())
            for part in (level, self.everything):
                touched[id(part)] = part
                part["reminders"] += 1
                for currency, amount in reminder.totals.items():
                    key = str(currency)
                    part["totals"][key] = str(Decimal(part["totals"].get(key, "0")) + amount)
        for part in touched.values():
            part["customers"] += 1
