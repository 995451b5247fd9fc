from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models

from ...core.charges import Charges, claim_totals
from ...core.money import ZERO
from ..base.amounts import exact
from ..base.said import kept

#: What is kept of the days of a calculation.
ROW = ("line_id", "currency_id", "date_from", "date_to", "days", "base", "percent", "amount")


class WorkedOut(NamedTuple):
    """What was found of a reminder: interest and costs by line, or what is missing to know them."""

    reminder: models.BaseModel
    charges: Charges
    segments: dict
    costs: dict
    error: str | None


class UpominkyReminder(models.Model):
    """Keeps the claims that were worked out, those of many reminders in a statement each.

    Job 1 writes thousands of them: one by one through the ORM they took longer than all the rest.
    """

    _inherit = "upominky.reminder"

    def _keep_claims(self, found, terms):
        """Write what changed of the claims of reminders whose claim is not fixed.

        :param list[WorkedOut] found: of each of them
        :param LegalTerms terms: by which law
        """
        self._keep_interest([row for each in found for row in _interest_rows(each)])
        self._keep_costs({line.id: cost for each in found for line, cost in each.costs.items()})
        self._keep("upominky.reminder", [self._claim_row(each, terms) for each in found])

    def _keep(self, model, rows):
        """Update rows and forget what was read of them.

        :param list[dict] rows: a value for each column, the id among them
        """
        changed = self.env[model].browse(self.env["upominky.writer"]._update(model, rows))
        names = rows[0].keys() - {"id"} if changed else ()
        changed.invalidate_recordset(names, flush=False)
        changed.modified(names)

    def _keep_interest(self, rows):
        """Replace the calculations of reminders, if any of them changed."""
        before = self.interest_ids
        if before and _comparable(rows) == _comparable(before):
            return
        before.unlink()
        self.env["upominky.writer"]._insert("upominky.reminder.interest", rows)
        for model in ("upominky.reminder", "upominky.reminder.line"):
            self.env[model].invalidate_model(["interest_ids"])

    def _keep_costs(self, costs):
        """Write the flat cost of each line, nothing where none is asked.

        :param dict[int, Decimal] costs: by line
        """
        rows = [
            {"id": line.id, "flat_cost": costs.get(line.id, ZERO)}
            for line in self.line_ids
            if line.flat_cost or costs.get(line.id)
        ]
        self._keep("upominky.reminder.line", rows)

    @api.model
    def _claim_row(self, found, terms):
        """Return what is claimed in each currency, nothing where it is not known or not asked."""
        is_claimed = found.charges and not found.error
        return {
            "id": found.reminder.id,
            "claim_totals": found.reminder._totals_of(found) if is_claimed else None,
            "claim_terms": _terms(found.charges, terms) if is_claimed else None,
            "claim_error": kept(found.error) if found.error else None,
        }

    def _totals_of(self, found):
        interests, costs = defaultdict(Decimal), defaultdict(Decimal)
        for line, mine in found.segments.items():
            interests[line.currency_id.name] += sum((s.amount for s in mine), ZERO)
        currency = self.company_id.currency_id
        if asked := sum(found.costs.values(), ZERO):
            costs[currency.name] = exact(asked, currency)
        principal = {n: Decimal(str(a)) for n, a in (self.currency_totals or {}).items()}
        return {
            name: {part: float(amount) for part, amount in amounts.items()}
            for name, amounts in claim_totals(principal, interests, costs).items()
        }


def _interest_rows(found):
    """Return the rows of a calculation."""
    reminder = found.reminder.id
    company = found.reminder.company_id.id
    currencies = {line: line.currency_id.id for line in found.segments}
    return [
        {
            "reminder_id": reminder,
            "company_id": company,
            "line_id": line.id,
            "currency_id": currencies[line],
            "date_from": segment.first,
            "date_to": segment.last,
            "days": segment.days,
            "base": segment.balance,
            "percent": segment.percent,
            "amount": segment.amount,
        }
        for line, mine in found.segments.items()
        for segment in mine
    ]


def _comparable(rows):
    """Return rows so that what is to be written compares with what is in the database."""
    return sorted(tuple(_plain(row[name]) for name in ROW) for row in rows)


def _plain(value):
    """Return a value of a row so that it compares with what is in the database."""
    if isinstance(value, models.BaseModel):
        return value.id
    return float(value) if isinstance(value, Decimal) else value


def _terms(charges, terms):
    """Return on what terms interest is asked: an invoice of interest asks on the same ones."""
    return {
        "interest": charges.interest.value,
        "percent": str(charges.percent),
        "regime": terms.regime and terms.regime.value,
    }
