from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...core import lifecycle
from ...core.ages import AGES
from ..base.dates import day_text
from ..base.empty import nothing_of_these
from ..base.names import as_given
from ..base.slices import next_slice
from ..books.receivables import receivables, unpaid_invoices
from .overview import WAITING

#: The day of who looks, as the browser works it out; in domains that actions keep as text.
TODAY = "context_today().strftime('%Y-%m-%d')"


class UpominkyOverview(models.AbstractModel):
    """The list behind each figure: what it counts, no more and no less."""

    _inherit = "upominky.overview"

    @api.model
    def action_open_figure(self, figure, company_id=None, currency_id=None, age=None, go_on=False):
        """Open the list behind a figure.

        :param str figure: its name, as in :meth:`retrieve_dashboard`
        :param int company_id: the company, for figures of one
        :param int currency_id: for what is overdue
        :param int age: the index of one of :data:`AGES`, None for all of them
        :param bool go_on: whether it is the next slice of what is decided for a list
        """
        self.env["upominky.reminder"]._check_user_may()
        figure = str(figure)
        company = self.env.companies.filtered(lambda c: c.id == company_id)
        if figure in WAITING:
            return self._open_reminders(WAITING[figure], figure)
        if figure in (others := self._figures()):
            return others[figure]()
        if figure == "calendar":
            return self._action("action_upominky_coming")
        if figure == "readiness":
            return self.env["upominky.readiness"].with_company(company).action_open()
        if figure == "first_steps":
            return self.env["upominky.first.steps"].with_company(company).action_open()
        if not company:
            raise UserError(self.env._("Switch to that company to see its reminders."))
        openers = {
            "overdue": lambda: self._open_overdue(company, currency_id, age),
            "issued": lambda: self._last_run(company, "generate").action_open_reminders(),
            "sent": lambda: self._open_deliveries(company, lifecycle.ACCEPTED),
            "not_sent": lambda: self._open_deliveries(company, lifecycle.REFUSED),
            "next": lambda: self._open_next(company, figure, go_on),
            "troubles": lambda: self._open_troubles(company),
            "no_email": lambda: self._open_next(company, figure, go_on),
        }
        if figure not in openers:
            raise UserError(self.env._("The overview has no figure “%s”.", as_given(figure)))
        return openers[figure]()

    def _figures(self):
        """Return what opens the figures of all companies together, by name.

        :rtype: dict
        """
        return {"hold_ends": self._open_hold_ends, "letters": self._open_letters}

    def _action(self, name, **values):
        action = self.env["ir.actions.act_window"]._for_xml_id(f"upominky_addon.{name}")
        return {**action, "context": {}, **values}

    def _open_reminders(self, domain, figure):
        titles = {
            "to_approve": self.env._("To Approve"),
            "failed": self.env._("Sending failed"),
            "uncertain": self.env._("Uncertain"),
            "alleged_bounces": self.env._("Unverified Bounces"),
            "no_address": self.env._("No E-mail Address"),
        }
        return self.env["upominky.reminder"]._open_book(
            Domain(domain) & self._of_companies(), display_name=titles[figure]
        )

    def _open_hold_ends(self):
        return self._action("action_hold_ends", domain=list(self._hold_ends()))

    def _open_letters(self):
        return self._action("action_upominky_letters", domain=list(self._letters()))

    def _open_overdue(self, company, currency_id, age, customer=None):
        """Open the receivables that :data:`OVERDUE` counts in a cell."""
        if age is not None and age not in range(len(AGES)):
            raise UserError(self.env._("The overview has no age “%s”.", as_given(age)))
        currencies = self.env["res.currency"].with_context(active_test=False)
        if currency_id not in currencies.search([]).ids:
            raise UserError(self.env._("There is no currency “%s”.", as_given(currency_id)))
        start, end = AGES[age] if age is not None else (1, None)
        today = company._upominky_today()
        domain = Domain(
            [
                ("company_id", "=", company.id),
                ("currency_id", "=", currency_id),
                ("partner_id", "!=", False),
                ("date_maturity", "<=", today - timedelta(days=start)),
            ]
        )
        domain &= receivables()
        if end is not None:
            domain &= Domain("date_maturity", ">=", today - timedelta(days=end))
        if customer:
            domain &= Domain("partner_id.commercial_partner_id", "=", customer.id)
        return self._action("action_overdue", domain=list(domain))

    def _open_deliveries(self, company, states):
        runs = self._last_night(company)
        domain = [("run_id", "in", runs.ids), ("state", "in", sorted(states))]
        return self._action(
            "action_upominky_delivery", domain=domain, help=nothing_of_these(self.env)
        )

    def _open_troubles(self, company):
        """Open what went wrong: the run, or the list of them."""
        runs = self.env["upominky.run"]._troubles(company)
        action = self._action("action_upominky_run", domain=[("id", "in", runs.ids)])
        if len(runs) != 1:
            return action
        return {**action, "res_id": runs.id, "view_mode": "form", "views": [(False, "form")]}

    def _open_next(self, company, figure, go_on):
        """Open the preview of the next run, or go on deciding it."""
        day = self._next_day(company)
        preview = self.env["upominky.preview.line"]
        if left := preview._decide({company: day}, go_on):
            words = preview._progress_words(*left)
            again = {"figure": figure, "company_id": company.id, "go_on": True}
            return next_slice(self, "action_open_figure", *left, **words, **again)
        wanted = ["no_email"] if figure == "no_email" else ["due", "no_email"]
        return {
            **preview._opened(),
            "domain": [("reason", "in", wanted)],
            "context": {},
            "display_name": self.env._("Preview for %s", day_text(self.env, day)),
            "help": nothing_of_these(self.env),
        }

    # What the actions keep for whoever opens a list past the overview: the data files ask for it.

    @api.model
    def _all_waiting(self):
        """Return the domain of all that waits for a person, as text."""
        return str(list(Domain.OR(map(Domain, WAITING.values()))))

    @api.model
    def _all_overdue(self):
        """Return the domain of all that is overdue, as text."""
        return f"[('date_maturity', '<', {TODAY}), {str(list(receivables()))[1:]}"

    @api.model
    def _all_hold_ends(self):
        """Return the domain of unpaid invoices whose own hold ends, as text."""
        return f"[('upominky_hold_until', '=', {TODAY}), {str(list(unpaid_invoices()))[1:]}"
