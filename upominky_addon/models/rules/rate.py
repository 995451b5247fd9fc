from datetime import date
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from ...core.interest import half_year, next_half_year
from ..base.dates import day_text
from .queries import BASE_RATES

#: What a base rate has ever been, with room on both sides; a mistyped one is none.
LEAST, MOST = -10, 50


class UpominkyRate(models.Model):
    """A base rate of a half-year, on which a law puts its points; see :mod:`core.interest`.

    It is what a bank published, the same for all companies. A half-year that is missing is an
    error where it is asked for, never the one before.
    """

    _name = "upominky.rate"
    _description = "Base Rate of Interest for Late Payment"
    _inherit = ["upominky.input"]
    _order = "regime, date_from desc"

    regime = fields.Selection(
        [
            ("cz", "Czech Republic: two-week repo rate of the ČNB"),
            ("sk", "Slovakia: main refinancing rate of the ECB"),
            ("de", "Germany: base rate of the Bundesbank"),
            ("pl", "Poland: reference rate of the NBP"),
        ],
        string="Whose Rate",
        required=True,
    )
    date_from = fields.Date(
        string="Half-year From", required=True, help="The first day: 1 January or 1 July."
    )
    percent = fields.Float(
        string="Rate in %",
        digits=(6, 3),
        required=True,
        aggregator=False,
        help="The published rate alone; what the law adds to it is added when interest is worked "
        "out.",
    )
    source = fields.Char(help="Where the rate was published, and who says so.")
    checked = fields.Boolean(
        help="Somebody compared it with its source. Readiness tells of rates that are in use and "
        "were not checked."
    )

    _half_year_unique = models.Constraint(
        "UNIQUE (regime, date_from)",
        "There is a rate for this half-year already: correct that one.",
    )

    @api.depends("regime", "date_from")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["regime"]._description_selection(self.env))
        for rate in self:
            day = rate.date_from and day_text(self.env, rate.date_from)
            rate.display_name = ", ".join(filter(None, [labels.get(rate.regime), day]))

    @api.constrains("date_from")
    def _check_date_from(self):
        for rate in self:
            first = half_year(rate.date_from)
            if rate.date_from != first:
                raise ValidationError(
                    self.env._(
                        "A half-year begins on 1 January or on 1 July, not on %(day)s. Enter "
                        "%(first)s.",
                        day=day_text(self.env, rate.date_from),
                        first=day_text(self.env, first),
                    )
                )

    @api.constrains("percent")
    def _check_percent(self):
        for rate in self:
            if not LEAST <= rate.percent <= MOST:
                raise ValidationError(
                    self.env._(
                        "A base rate of %(percent)s %% is none that a bank publishes: enter one "
                        "from %(least)s to %(most)s.",
                        percent=f"{rate.percent:g}",
                        least=LEAST,
                        most=MOST,
                    )
                )

    # ----------------------------------------------------------------- CRUD

    @api.model_create_multi
    def create(self, vals_list):
        self._check_may_change()
        return super().create(vals_list)

    def write(self, vals):
        self._check_may_change()
        return super().write(vals)

    def unlink(self):
        self._check_may_change()
        return super().unlink()

    @api.model
    def _check_may_change(self):
        """Refuse managers of some companies: all of them ask interest by these rates.

        :raises AccessError: with whom to ask
        """
        if not self.env["res.company"]._upominky_may_change_jobs():
            raise AccessError(
                self.env._(
                    "All companies ask interest by these rates, so only an administrator, or a "
                    "manager of all companies, changes them."
                )
            )

    # -------------------------------------------------------------- actions

    def action_copy_forward(self):
        """Give each the half-year after it, with the same rate, to be checked.

        :raises UserError: if there is one already
        """
        self.check_access("read")
        self._check_may_change()
        copies = self.browse()
        for rate in self:
            following = next_half_year(rate.date_from)
            if self.search_count([("regime", "=", rate.regime), ("date_from", "=", following)]):
                day = day_text(self.env, following)
                raise UserError(
                    self.env._("There is a rate for the half-year from %s already.", day)
                )
            values = {"regime": rate.regime, "date_from": following, "percent": rate.percent}
            source = self.env._("Copied from the half-year before: compare it with its source")
            copies += self.create({**values, "source": source, "checked": False})
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    # ------------------------------------------------------------- business

    @api.model
    def _base_rates(self):
        """Return all rates in percent, by whose they are and by the first day of the half-year.

        :rtype: dict[str, dict[date, Decimal]]
        """
        self.flush_model()
        found: dict[str, dict[date, Decimal]] = {}
        for regime, day, percent in self.env.execute_query(SQL(BASE_RATES)):
            found.setdefault(regime, {})[day] = Decimal(percent)
        return found
