from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...core.charges import MOST_PERCENT
from ...core.interest import LAWS, UnknownInterestError
from ..base.trusted import trusted
from ..reminders.decided_dates import companies_searched
from ..res_company import INSIDE
from .queries import PAID_LATE_OF_MOVES, PERHAPS_PAID_LATE, SURELY_PAID_LATE

#: No law asks for less than this, in percent a year; without it nothing would ever be sure.
LEAST_PERCENT = 1.0


class AccountMove(models.Model):
    """Invoices that were paid late, and whose interest nobody billed: a list of its own."""

    _inherit = "account.move"

    upominky_paid_late = fields.Boolean(
        string="Paid Late",
        compute="_compute_upominky_paid_late",
        search="_search_upominky_paid_late",
        groups=INSIDE,
        help="It was paid in full, after its due date, and its interest was not billed. What comes "
        "to no interest, as a rest of some pennies, is not counted.",
    )

    @api.depends("payment_state", "invoice_date_due")
    def _compute_upominky_paid_late(self):
        late, perhaps = set(), {}
        for move, item, is_sure in self._upominky_ask_late(
            PAID_LATE_OF_MOVES, self.company_id, ids=self._origin.ids
        ):
            late |= {move} if is_sure else set()
            perhaps |= {} if is_sure else {item: move}
        late |= {perhaps[item] for item in self._upominky_with_interest(perhaps)}
        for move in self:
            move.upominky_paid_late = move._origin.id in late

    @api.model
    def _search_upominky_paid_late(self, operator, value):
        self._upominky_check_search("upominky_paid_late")
        if operator != "in":
            return NotImplemented
        companies = companies_searched(self)
        sure = self._upominky_late_query(SURELY_PAID_LATE, companies)
        rows = self._upominky_ask_late(PERHAPS_PAID_LATE, companies)
        small = self._upominky_with_interest([row[0] for row in rows])
        # sudo: which invoice a receivable is of; the search itself keeps the reader's rights.
        more = trusted(self.env["account.move.line"]).browse(small).move_id.ids

        def to_sql(_model, alias, _query):
            own = SQL.identifier(alias, "id")
            return SQL("(%s IN (%s) OR %s = ANY(%s))", own, sure, own, more)

        found = Domain.custom(to_sql=to_sql, predicate=lambda move: move.upominky_paid_late)
        return found if True in value else ~found

    @api.model
    def _upominky_ask_late(self, asked, companies, **scope):
        return self.env.execute_query(self._upominky_late_query(asked, companies, **scope))

    @api.model
    def _upominky_late_query(self, asked, companies, **scope):
        """Return a query for what was paid late in some companies.

        :param str asked: of :mod:`.queries`
        :rtype: SQL
        """
        self.env["upominky.reader"]._flush_reconciled()
        for name in ("upominky.billed", "upominky.reminder", "upominky.reminder.line"):
            self.env[name].flush_model()
        lowest, highest = self._upominky_rates_asked()
        return SQL(
            asked,
            companies=companies.ids,
            days=[company._upominky_today() for company in companies],
            lowest=lowest,
            highest=highest,
            **scope,
        )

    @api.model
    def _upominky_rates_asked(self):
        """Return the lowest and the highest rate that a law may ask for, in percent a year.

        :rtype: tuple[float, float]
        """
        margins = [float(law.margin) for law in LAWS.values()]
        # sudo: published rates decide what comes to nothing, whoever looks.
        rates = self.env["upominky.rate"].sudo()
        ((low, high),) = rates._read_group([], [], ["percent:min", "percent:max"])
        lowest = max(LEAST_PERCENT, low + min(margins)) if low is not None else LEAST_PERCENT
        return lowest, high + max(margins) if high is not None else float(MOST_PERCENT)

    @api.model
    def _upominky_with_interest(self, item_ids):
        """Return which receivables come to any interest; one whose rate is not known may.

        :param item_ids: of receivables of any company
        :rtype: list[int]
        """
        billing = self.env["upominky.billing"]
        # sudo: what is owed is read whole; who may read the invoice may know whether there is any.
        items = trusted(self.env["account.move.line"]).browse(item_ids)
        return [
            item.id
            for company, mine in items.grouped("company_id").items()
            for known in [billing._known(company, mine)]
            for item in mine
            if _has_interest(billing, item, known)
        ]


def _has_interest(billing, item, known):
    """Say whether a receivable comes to any interest that was not billed."""
    try:
        return bool(billing._unbilled(item, known))
    except UnknownInterestError:
        return True
