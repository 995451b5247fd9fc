from collections import Counter
from dataclasses import replace
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..core.plan import plan
from ..models.base.dates import day_text
from ..models.base.trusted import trusted
from .decision import CHUNK

#: Older debts than these are better reminded by hand when reminders go live.
SUGGESTED_DAYS = 60


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

    @api.depends("company_id")
    def _compute_intro(self):
        for wizard in self:
            wizard.intro = self.env._(
                "From now on all customers of %s get reminders. Today these would be issued:",
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

    @api.depends("company_id", "start_date", "scope")
    def _compute_summary(self):
        self.company_id._upominky_check_manager()
        for wizard in self:
            old = _Old(wizard._first_day() or wizard._suggested_date())
            # sudo: the plan is read whole, for a company of the manager's.
            rows, total = trusted(wizard)._rows(old)
            wizard.old_text = wizard._old_sentence(old)
            wizard.summary = self.env["ir.qweb"]._render(
                "upominky_addon.live_summary", {"rows": rows, "total": total}
            )

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

    def _old_sentence(self, old):
        """Say how many older debts there are, and how old.

        :param _Old old: those due before a day
        """
        if not old.moves:
            return self.env._("Nothing that is due before %s is unpaid.", self._day(old.before))
        days = (self.company_id._upominky_today() - old.oldest).days
        words = {
            "date": self._day(old.before),
            "count": len(old.moves),
            "oldest": self._day(old.oldest),
            "days": days,
            "totals": self.env["upominky.issue"]._totals_text(old.totals),
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

    def _day(self, day):
        return day_text(self.env, day)

    # -------------------------------------------------------------- summary

    def _rows(self, old):
        """Return what would be issued today in live mode, by level, and all together.

        :param _Old old: gets the older debts
        :rtype: tuple[list[dict], dict]
        """
        levels, everything = {}, _Sum()
        for customer, reminder in self._planned(old):
            mine = levels.setdefault(reminder.level.id, _Sum())
            for part in (mine, everything):
                part.add(customer, reminder)
        records = self.env["upominky.level"].browse(levels)
        records = records.sorted(
            lambda level: (level.rule_id.sequence, level.rule_id.id, level.order)
        )
        rows = [
            {
                "rule": level.rule_id.name,
                "level": f"{level.order}. {level.name}",
                **self._row(levels[level.id]),
            }
            for level in records
        ]
        return rows, self._row(everything)

    def _row(self, part):
        currencies = self.env["res.currency"].browse(part.totals).sorted("name")
        return {
            "reminders": part.reminders,
            "customers": len(part.customers),
            "totals": [currency.format(float(part.totals[currency.id])) for currency in currencies],
        }

    def _planned(self, old):
        """Yield customers and the reminders that each would get today.

        :param _Old old: gets the older debts
        """
        company = self.company_id
        reader = self.env["upominky.reader"].with_company(company)
        today = company._upominky_today()
        facts = replace(reader._company(company, today), mode="live", start=self._first_day())
        customers = reader._due_customers(company, today)
        for start in range(0, len(customers), CHUNK):
            chunk = reader._customers(company, customers[start : start + CHUNK])
            for customer in chunk.values():
                old.add(customer)
                for reminder in plan(customer, facts).reminders:
                    yield customer, reminder

    # -------------------------------------------------------------- actions

    def action_suggest(self):
        """Take the suggested start date and show the summary with it."""
        self.ensure_one()
        self.company_id._upominky_check_manager()
        self.write({"start_date": self._suggested_date(), "scope": "from"})
        return self._reopen()

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


class _Sum:
    """Reminders added up: their number, customers, and totals per currency id."""

    def __init__(self):
        self.reminders = 0
        self.customers = set()
        self.totals = Counter()

    def add(self, customer, reminder):
        self.reminders += 1
        self.customers.add(customer.id)
        self.totals.update(reminder.totals)


class _Old:
    """Debts that were due before a day: their invoices, the oldest, and totals per currency id."""

    def __init__(self, before):
        self.before = before
        self.oldest = None
        self.moves = set()
        self.totals = Counter()

    def add(self, customer):
        for item in customer.receivables:
            if item.due < self.before:
                self.moves.add(item.move_id)
                self.totals[item.currency] += item.residual
                self.oldest = min(self.oldest or item.due, item.due)
