from odoo import api, fields, models
from odoo.exceptions import UserError

from ...core.charges import (
    Charges,
    days_but,
    runs,
    segments_of,
)
from ...core.interest import UnknownInterestError, total
from ...core.money import ZERO
from ..base.amounts import exact, quantum
from ..base.trusted import trusted


class UpominkyBilling(models.AbstractModel):
    """A draft that is posted days later says what is owed by then (SPEC rule 39).

    A statement may have brought a payment of a day before, or a reminder was taken back: the draft
    would ask for what nobody owes. What a person changed in its prices is no matter of the books.
    """

    _inherit = "upominky.billing"

    @api.model
    def _refuse_outdated(self, lines):
        """Refuse to post what is not owed any more as it stands in lines of invoices.

        :param lines: of invoices, with what they bill
        :raises UserError: naming the first debt that another amount is owed on
        """
        for company, mine in lines.grouped("company_id").items():
            bills = {line: list(self._bills_now(line)) for line in mine}
            ids = {row["move_line_id"] for rows in bills.values() for row in rows}
            posted = [("id", "in", list(ids)), ("parent_state", "=", "posted")]
            posted += [("date_maturity", "!=", False)]
            # sudo: what is owed is read whole, whoever posts.
            items = trusted(self.env["account.move.line"]).search(posted)
            known, by_id = self._known(company, items), {item.id: item for item in items}
            for line, rows in bills.items():
                if rows:
                    item = by_id.get(rows[0]["move_line_id"])
                    self._refuse_outdated_line(line, rows, item, known)

    @api.model
    def _refuse_outdated_line(self, line, rows, item, known):
        """Refuse a line of an invoice.

        :param list[dict] rows: what it bills, of one receivable: its interest or its cost
        :param item: the receivable that they are of, None if it is not posted
        """
        if item is None:
            raise UserError(
                self.env._(
                    "What this invoice bills is not in the books any more, or is a draft: %s. "
                    "Delete it, and bill interest again.",
                    (line.name or "").partition("\n")[0],
                )
            )
        is_cost = rows[0]["kind"] == "cost"
        currency = item.company_id.currency_id if is_cost else item.currency_id
        said = [_row_of(row, currency) for row in rows]
        now = self._billed_anew(item, rows, currency, known)
        if said != now:
            amounts = [sum((row[-1] for row in each), ZERO) for each in (said, now)]
            before, after = (currency.format(float(amount)) for amount in amounts)
            raise UserError(
                self.env._(
                    "By what is in the books today, what this invoice bills of %(invoice)s comes "
                    "to %(after)s instead of %(before)s: something was paid, credited or taken "
                    "back since. Delete the draft, and bill interest again.",
                    invoice=item.move_id.name,
                    before=before,
                    after=after,
                )
            )

    @api.model
    def _billed_anew(self, item, rows, currency, known):
        """Return what rows of a line would bill if it were made today, of the same days.

        :param list[dict] rows: of :func:`.billing._bills`
        :rtype: list[tuple]
        """
        kind = item.partner_id._upominky_effective_kind()
        if rows[0]["kind"] == "cost":
            cost = Charges().cost(kind, before=known.costs.get(item.id, ZERO))
            return [("cost", None, None, exact(float(cost), currency))]
        days = [_days_of(row) for row in rows]
        charges, terms = known.asked[item.id]
        try:
            found = segments_of(
                known.debts[item.id],
                charges,
                kind,
                terms,
                until=max(last for _first, last in days),
                quantum=quantum(currency),
                billed=days_but(days),
            )
        except UnknownInterestError as error:
            raise UserError(self._unknown_text(item, error)) from error
        return [
            ("interest", run[0].first, run[-1].last, exact(float(total(run)), currency))
            for run in runs(found)
        ]


def _days_of(row):
    return tuple(fields.Date.to_date(row[name]) for name in ("date_from", "date_to"))


def _row_of(row, currency):
    """Return what a row of a line bills, so that it compares with what it would bill today."""
    days = (None, None) if row["kind"] == "cost" else _days_of(row)
    return row["kind"], *days, exact(row["amount"], currency)
