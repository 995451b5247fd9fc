from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...core.ages import AGES
from ..books.receivables import unpaid_invoices
from .queries import OVERDUE

#: What a caller may ask for of the dashboard.
PARTS = [(None, "all of it"), ("first", "what there is at once"), ("rest", "the rest")]
#: Letters that people have in hand.
ON_PAPER = [("state", "in", ("to_print", "printed"))]
#: Reminders that wait for a person, by why. None is in two of them.
WAITING = {
    "to_approve": [("state", "=", "to_approve")],
    "failed": [
        ("state", "=", "failed"),
        "|",
        ("email_to", "not in", (False, "")),
        ("other_recipients", "!=", False),
    ],
    "uncertain": [("delivery_state", "=", "uncertain"), ("state", "in", ("issued", "sent"))],
    # Of what waits for other reasons the person who looks sees it all the same.
    "alleged_bounces": [
        ("delivery_ids.alleged_bounce_state", "=", "open"),
        ("state", "=", "sent"),
        ("delivery_state", "!=", "uncertain"),
    ],
    "no_address": [
        ("state", "in", ("issued", "failed")),
        ("to_send", "=", True),
        ("email_to", "in", (False, "")),
        ("other_recipients", "=", False),
    ],
}


class UpominkyOverview(models.AbstractModel):
    """What the first page of the app shows, of the companies that are active.

    Every figure opens the list that it counts: see :meth:`action_open_figure`.
    """

    _name = "upominky.overview"
    _description = "Overview of Payment Reminders"
    _inherit = ["upominky.context"]

    @api.model
    def retrieve_dashboard(self, part=None):
        """Return what the dashboard shows, in the reader's words.

        :param str part: ``first`` for what there is at once, ``rest`` for what is worked out of all
            that is open and that the page does not wait for; None for both in one
        :rtype: dict
        :raises UserError: if it is none of these
        """
        reminders = self.env["upominky.reminder"]
        reminders._check_user_may()
        reminders._refuse_choice(part, PARTS)
        first = {} if part == "rest" else self._first()
        rest = {} if part == "first" else self._rest()
        if part is None:
            figures = rest.pop("next")
            for job in filter(lambda job: job["next"], first["jobs"]):
                job["next"] |= figures[job["id"]]
        return {**first, **rest}

    def _first(self):
        several = len(self.env.companies) > 1
        return {
            "waiting": self._waiting(),
            "jobs": [
                {
                    "id": company.id,
                    "name": company.name if several else "",
                    **self._mode(company),
                    **self._last_runs(company),
                    **self._next_run(company),
                }
                for company in self.env.companies
            ],
        }

    def _rest(self):
        planned = self.env.companies.filtered(self._is_planned)
        return {
            "overdue": self._overdue(several=len(self.env.companies) > 1),
            "next": {
                company.id: self._next_figures(company, self._next_day(company))
                for company in planned
            },
        }

    # -------------------------------------------------------------- overdue

    def _overdue(self, several):
        """Return what is overdue: a row for each company and currency, a cell for each age."""
        rows = {}
        for company_id, currency_id, age, count, amount in self._read_overdue():
            cells = rows.setdefault((company_id, currency_id), {})
            cells[age - 1] = (count, float(amount))
        companies = {company.id: company.name for company in self.env.companies}
        Currency = self.env["res.currency"].with_context(active_test=False)
        found = [
            {
                "company_id": company_id,
                "company": companies[company_id] if several else "",
                **self._overdue_row(Currency.browse(currency_id), cells),
            }
            for (company_id, currency_id), cells in rows.items()
        ]
        return sorted(found, key=lambda row: (row["company"], row["currency"]))

    def _read_overdue(self):
        reader = self.env["upominky.reader"]
        for name in ("account.move", "account.move.line"):
            self.env[name].flush_model()
        asked = {"accounts": reader._accounts(), "starts": [start for start, _end in AGES]}
        of_companies = (
            SQL(OVERDUE, company=company.id, today=company._upominky_today(), **asked)
            for company in self.env.companies
        )
        return self.env.execute_query(SQL(" UNION ALL ").join(of_companies))

    def _overdue_row(self, currency, cells):
        ages = [
            {"age": age, "label": self._age_label(age), **self._cell(currency, cells.get(age))}
            for age in range(len(AGES))
        ]
        total = tuple(map(sum, zip(*cells.values(), strict=True)))
        return {
            "currency_id": currency.id,
            "currency": currency.name,
            "ages": ages,
            "total": self._cell(currency, total),
        }

    def _cell(self, currency, cell):
        count, amount = cell or (0, 0.0)
        return {"count": count, "amount": currency.format(amount) if count else ""}

    def _age_label(self, age):
        start, end = AGES[age]
        if end is None:
            return self.env._("over %s days", start - 1)
        return self.env._("%(start)s–%(end)s days", start=start, end=end)

    # -------------------------------------------------------------- waiting

    def _waiting(self):
        """Return how much waits for a person, by why."""
        Reminder = self.env["upominky.reminder"]
        counts = {
            figure: Reminder.search_count(Domain(domain) & self._of_companies())
            for figure, domain in WAITING.items()
        }
        counts["letters"] = self.env["upominky.delivery"].search_count(self._letters())
        counts["hold_ends"] = self.env["account.move"].search_count(self._hold_ends())
        return counts

    def _letters(self):
        """Return the domain of letters that people are to print, or to post."""
        return Domain(ON_PAPER) & self._of_companies()

    def _of_companies(self):
        return Domain("company_id", "in", self.env.companies.ids)

    def _hold_ends(self):
        """Return the domain of unpaid invoices that may be reminded again from tomorrow on."""
        return Domain.OR(
            Domain("company_id", "=", company.id)
            & unpaid_invoices()
            & (
                Domain("upominky_hold_until", "=", today)
                | Domain(
                    "commercial_partner_id.commercial_partner_id",
                    "in",
                    self._hold_ends_of(company, today),
                )
            )
            for company in self.env.companies
            for today in [company._upominky_today()]
        )

    def _hold_ends_of(self, company, today):
        """Return ids of customers whose hold by ``company`` ends today.

        As ids, for the domain is read by the browser, in the company that is active then.
        """
        partners = self.env["res.partner"].with_company(company).with_context(active_test=False)
        return partners.search([("upominky_hold_until", "=", today)]).ids
