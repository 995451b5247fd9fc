from decimal import Decimal
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...core.charges import (
    NOT_BILLED,
    Asked,
    Billed,
    Booked,
    Charges,
    NoRegimeError,
    base_of,
    lowered,
    segments_of,
)
from ...core.interest import (
    CustomerKind,
    Debt,
    MissingDayRateError,
    MissingLawError,
    Reduction,
    UnknownInterestError,
)
from ...core.lifecycle import Reminder
from ...core.money import ZERO
from ..base.amounts import exact, quantum
from ..base.said import Label, SaidText, say
from .claims_kept import WorkedOut
from .queries import COSTS_BEFORE


class Owed(NamedTuple):
    """An open line, the id of its receivable, and what is owed of it."""

    line: models.BaseModel
    item: int
    debt: Debt


class Asks(NamedTuple):
    """What a reminder asks beside its debts: of what kind of customer, and of which of them.

    ``billed`` is what was billed of receivables, of :meth:`UpominkyReminder._billed_of`.
    """

    charges: Charges
    kind: CustomerKind
    owed: list[Owed]
    billed: dict[int, Billed]

    def costs(self, before):
        """Return the flat cost of each line: what was asked of it before stays.

        :param dict before: of :meth:`UpominkyReminder._costs_before`
        :rtype: dict[upominky.reminder.line, Decimal]
        """
        if not self.charges or not (self.charges.flat_cost or before):
            return {}
        return {
            line: self.charges.cost(self.kind, before.get(item, ZERO))
            for line, item, _debt in self.owed
            if not self.billed.get(item, NOT_BILLED).cost
        }


class UpominkyReminderLine(models.Model):
    _inherit = "upominky.reminder.line"

    interest_ids = fields.One2many("upominky.reminder.interest", "line_id", readonly=True)
    flat_cost = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        aggregator=False,
        help="The cost of recovery that is asked of it, once, whatever the number of reminders.",
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Currency of the Company"
    )

    def _is_of_interest(self):
        """Say whether it is an invoice of interest: neither interest nor costs are asked on it."""
        # sudo: what an invoice bills decides what is asked on it, whoever sends.
        return self.sudo().move_id.upominky_is_interest


class UpominkyReminder(models.Model):
    """Interest and costs of a reminder: worked out at the issue and before it goes out, then fixed.

    What cannot be worked out, as the rate of a half-year is missing, is said in ``claim_error``;
    the reminder does not go out until it is there.
    """

    _inherit = "upominky.reminder"

    interest_ids = fields.One2many(
        "upominky.reminder.interest", "reminder_id", string="Calculation of Interest", readonly=True
    )
    claim_totals = fields.Json(
        string="Claim",
        readonly=True,
        copy=False,
        help="All that is claimed, by currency: principal, interest, costs and total.",
    )
    claim_terms = fields.Json(
        string="Terms of Interest",
        readonly=True,
        copy=False,
        help="How interest was asked, at what agreed rate, and by which law: invoices of interest "
        "ask it the same way, whatever the level says later.",
    )
    claim_error = SaidText(
        string="Why Interest Is Not Known",
        readonly=True,
        copy=False,
        help="What is missing to work out its interest, and what to do.",
    )
    claim_text = fields.Char(
        string="Whole Claim",
        compute="_compute_claim_texts",
        help="Principal, interest and costs, by currency.",
    )
    interest_text = fields.Char(string="Interest", compute="_compute_claim_texts")
    costs_text = fields.Char(string="Costs", compute="_compute_claim_texts")

    @api.depends("claim_totals")
    @api.depends_context("lang")
    def _compute_claim_texts(self):
        currencies = {currency.name: currency for currency in self._currencies()}
        parts = {"claim_text": "total", "interest_text": "interest", "costs_text": "costs"}
        for reminder in self:
            totals = (reminder.claim_totals or {}).items()
            for name, part in parts.items():
                reminder[name] = " · ".join(
                    currencies[code].format(amounts[part])
                    for code, amounts in totals
                    if amounts[part] and code in currencies
                )

    # EXTENDS 'upominky.reminder'
    @api.depends("claim_error")
    def _compute_why_text(self):
        result = super()._compute_why_text()
        for reminder in self.filtered("claim_error"):
            if not reminder._is_claim_fixed():
                reminder.why_text = reminder.why_text or reminder.claim_error
        return result

    def write(self, vals):
        if {"claim_totals", "claim_terms"} & vals.keys():
            self._refuse_fixed_claim()
        return super().write(vals)

    def _is_claim_fixed(self):
        """Say whether somebody has it, or may have it, or it is over: then its claim stays."""
        return self.state == Reminder.CANCELLED or self._is_fixed()

    def _refuse_fixed_claim(self):
        """Refuse to change the calculation of a reminder that went out, whoever wants to.

        :raises UserError: naming the reminder
        """
        for reminder in self:
            if reminder._is_claim_fixed():
                raise UserError(say(self.env, "claim_is_fixed", reminder=reminder.name))

    def _refuse_unknown_claim(self):
        """Refuse reminders whose interest is not known: it is never guessed.

        :raises UserError: with what is missing
        """
        for reminder in self:
            if reminder.claim_error and not reminder._is_claim_fixed():
                raise UserError(reminder.claim_error)

    # ------------------------------------------------------------- working out

    def _work_out_charges(self, until):
        """Work out interest and costs of those that ask for any and did not go out yet.

        :param date until: the last day that counts
        """
        asking = self.filtered(
            lambda r: (r.claim_totals or r.claim_error or r._charges()) and not r._is_claim_fixed()
        )
        for company, mine in asking.grouped("company_id").items():
            mine._work_out_claims(company, until)

    def _charges(self):
        """Return what the level of the reminder asks beside the debt.

        :rtype: core.charges.Charges
        """
        # sudo: what the level says is asked, whoever sends.
        return self.level_id.sudo()._charges()

    def _work_out_claims(self, company, until):
        """Work out the claims of reminders of a company, all of them together.

        :param date until: the last day that counts
        """
        # Read once for each level: a run has hundreds of reminders of one.
        charges = {mine.level_id: mine[0]._charges() for mine in self.grouped("level_id").values()}
        by_law = any(asked.interest is Asked.STATUTORY for asked in charges.values())
        terms = company._upominky_legal_terms(by_law)
        before = self._costs_before()
        # sudo: what was billed, as what was paid, is read whole, whoever sends.
        lines = self.sudo().line_ids
        bills = lines.move_id.filtered("upominky_is_interest")
        exempt = set(lines.filtered(lambda line: line.move_id in bills).ids) if bills else set()
        billed = self._billed_of(lines.move_line_id.ids)
        found = []
        for reminder, owed in self._owed().items():
            asks = Asks(
                charges[reminder.level_id],
                reminder.partner_id._upominky_effective_kind(),
                [each for each in owed if each.line.id not in exempt],
                billed,
            )
            segments, error = reminder._segments(asks, terms, until)
            costs = {} if error else asks.costs(before)
            found.append(WorkedOut(reminder, asks.charges, segments, costs, error))
        self._keep_claims(found, terms)

    @api.model
    def _billed_of(self, item_ids, *, drafts=False):
        """Return what was billed of receivables: by another room, nothing here.

        What lies in a draft nobody was asked for: a reminder goes on claiming it.

        :param bool drafts: whether what drafts bill counts too
        :rtype: dict[int, core.charges.Billed]
        """
        return {}

    def _segments(self, asks, terms, until):
        """Return the interest on each line, or a sentence about what is missing.

        What was billed is owed by its invoice.

        :param Asks asks: what the level asks of whom, and of what
        :return: segments by line, and the sentence
        :rtype: tuple[dict, str | None]
        """
        found = {}
        for line, item, debt in asks.owed:
            done = asks.billed.get(item, NOT_BILLED)
            options = {"until": until, "quantum": quantum(line.currency_id), "billed": done}
            try:
                found[line] = segments_of(debt, asks.charges, asks.kind, terms, **options)
            except UnknownInterestError as error:
                company, partner = self.company_id, self.partner_id
                return {}, self._missing_text(error, terms, asks.kind, company, partner)
        return found, None

    @api.model
    def _missing_text(self, error, terms, kind, company, partner):
        """Return what is missing to work out the interest, and what to do."""
        if isinstance(error, NoRegimeError):
            return say(self.env, "no_interest_law", company=company.name)
        if isinstance(error, MissingLawError):
            return say(
                self.env,
                "no_interest_law_for",
                customer=partner.name,
                kind=Label("res.partner", "upominky_kind", kind.value),
                law=Label("res.company", "upominky_regime", terms.regime.value),
            )
        whose = Label("upominky.rate", "regime", base_of(terms, kind))
        is_day = isinstance(error, MissingDayRateError)
        code = "no_day_rate" if is_day else "no_base_rate"
        return say(self.env, code, day=error.day, whose=whose)

    # ----------------------------------------------------------------- reading

    def _owed(self):
        """Return what interest is asked on: each line's debt, less what is deducted of it.

        :rtype: dict[upominky.reminder, list[Owed]]
        """
        reader = self.env["upominky.reader"]
        # sudo: balances are read whole; what is shown is the reminder's own.
        debts = reader._debts(self.sudo().line_ids.move_line_id.ids)
        days = reader._credit_days(self.sudo().credit_ids.move_line_id.ids)
        found = {}
        for reminder in self:
            mine = found[reminder] = []
            for line, credits in reminder._credits_of_lines(days):
                item = line.move_line_id.id
                debt = debts.get(item) or _made_up(line)
                mine.append(Owed(line, item, lowered(debt, credits) if credits else debt))
        return found

    def _credits_of_lines(self, days):
        """Yield each open line with the open credits that are deducted of it, from their days.

        :param dict days: of :meth:`UpominkyReader._credit_days`
        """
        if not self.credit_ids:
            yield from ((line, []) for line in self._open_lines())
            return
        unknown = Booked(self.issue_date)
        by_id = {credit.id: days.get(credit.move_line_id.id, unknown) for credit in self.credit_ids}
        credits = self.credit_ids.grouped(_block_of)
        for block, mine in self._open_lines().grouped(_block_of).items():
            shares = self._shared_credits(mine, credits.get(block, self.credit_ids.browse()))
            for line in mine:
                yield (
                    line,
                    [
                        Reduction(by_id[share.credit_id].day_for(line.move_id.id), share.amount)
                        for share in shares.get(line.id, ())
                    ],
                )

    def _costs_before(self):
        """Return the flat costs that were asked of receivables by reminders that went out.

        :rtype: dict[int, Decimal]
        """
        # sudo: what was asked before is read whole, whoever sends.
        return self._costs_of_items(self.sudo().line_ids.move_line_id.ids)

    def _costs_of_items(self, items):
        """Return the flat costs that were asked of receivables by others than these reminders.

        :param items: ids of receivables
        :rtype: dict[int, Decimal]
        """
        self.env["upominky.reminder.line"].flush_model()
        self.env["upominky.reminder"].flush_model()
        query = SQL(COSTS_BEFORE, items=items, reminders=self.ids)
        return {item: Decimal(cost) for item, cost in self.env.execute_query(query)}


def _made_up(line):
    """Return the debt of a line that was made up for a preview: it has no journal item."""
    return Debt(line.due_date, exact(line.amount_due, line.currency_id))


def _block_of(record):
    """Return what tells the blocks of a letter apart: a currency, and the account to pay to."""
    return record.currency_id, record.partner_bank_id
