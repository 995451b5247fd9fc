from datetime import date
from decimal import Decimal
from itertools import pairwise

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from ...core.interest import BY_DAY, DayRate, half_year, next_half_year
from ..base.dates import day_text
from .queries import BASE_RATES, DAY_RATES

#: What a base rate has ever been, in percent, with room on both sides; a mistyped one is none.
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
            ("sk_day", "Slovakia: rate of the ECB on the first day of the delay"),
            ("de", "Germany: base rate of the Bundesbank"),
            ("pl", "Poland: reference rate of the NBP"),
        ],
        string="Whose Rate",
        required=True,
    )
    date_from = fields.Date(
        string="Half-year From",
        required=True,
        help="The first day: 1 January or 1 July. Of rates of days the first day that it held on.",
    )
    date_to = fields.Date(
        string="Known Until",
        help="For rates of days: the last day on which it is known to have held, empty for its own "
        "day alone. A day that no row covers is never guessed.",
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

    @api.constrains("regime", "date_from", "date_to")
    def _check_date_to(self):
        """Refuse days that have two rates, and an end of what is a half-year anyway."""
        for rate in self.filtered("date_to"):
            if rate.regime != BY_DAY or rate.date_to < rate.date_from:
                raise ValidationError(
                    self.env._(
                        "“Known Until” is for rates of days, and not before their first day. Leave "
                        "it empty, or correct it."
                    )
                )
        known = self.search([("regime", "=", BY_DAY)], order="date_from")
        for before, after in pairwise(known):
            if (before.date_to or before.date_from) >= after.date_from:
                raise ValidationError(
                    self.env._(
                        "There are two rates for %s. Correct until when the earlier one is known.",
                        day_text(self.env, after.date_from),
                    )
                )

    @api.constrains("regime", "date_from")
    def _check_date_from(self):
        for rate in self.filtered(lambda rate: rate.regime != BY_DAY):
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

    # EXTENDS 'base'
    @api.model
    def _load_records_create(self, vals_list):
        """Adopt what people entered before we shipped it: theirs stays as it is."""
        mine = {(rate.regime, rate.date_from): rate.id for rate in self.search([])}
        keys = [(vals["regime"], fields.Date.to_date(vals["date_from"])) for vals in vals_list]
        pairs = zip(keys, vals_list, strict=True)
        fresh = {key: vals for key, vals in pairs if key not in mine}
        made = super()._load_records_create(list(fresh.values()))
        mine |= dict(zip(fresh, made.ids, strict=True))
        return self.browse([mine[key] for key in keys])

    # -------------------------------------------------------------- actions

    def action_copy_forward(self):
        """Give each the half-year after it, with the same rate, to be checked.

        :raises UserError: if there is one already
        """
        self.check_access("read")
        self._check_may_change()
        if BY_DAY in self.mapped("regime"):
            raise UserError(
                self.env._(
                    "Rates of days are not copied to a half-year. Enter until when the last one is "
                    "known, or add the next one."
                )
            )
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

    def _covers(self, day):
        """Say whether a rate of days is known to have held on one.

        :param date day: the day
        """
        return self.date_from <= day <= (self.date_to or self.date_from)

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

    @api.model
    def _day_rates(self):
        """Return what is known of days, for laws that ask for the rate of one.

        :rtype: tuple[DayRate, ...]
        """
        self.flush_model()
        rows = self.env.execute_query(SQL(DAY_RATES))
        return tuple(DayRate(first, last, Decimal(percent)) for first, last, percent in rows)
