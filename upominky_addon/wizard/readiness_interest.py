from odoo import api, models

from ..core.interest import BY_DAY, CustomerKind, MissingLawError, half_years, law_of
from ..models.base.dates import day_text

#: Half-years and customers that are named, the others are counted.
SHOWN = 4


class UpominkyReadiness(models.TransientModel):
    """Whether interest by law can be worked out for what is overdue (SPEC rule 38)."""

    _inherit = "upominky.readiness"

    @api.model
    def _levels_by_law(self):
        domain = [("interest", "=", "statutory"), ("rule_id.active", "=", True)]
        return self.env["upominky.level"].search(
            [*domain, ("rule_id.company_id", "=", self.company_id.id)]
        )

    def _check_interest(self):
        """Say which half-years are missing or to be checked, and whom no law is known for.

        :return: a state, and a sentence
        """
        company = self.company_id
        regime = company._upominky_effective_regime()
        if regime is None:
            return "missing", self.env._(
                "Interest by law is asked, but it is not known by which: the country of "
                "%(company)s has no law that is known. Choose one in the settings, or have the "
                "levels ask none.",
                company=company.name,
            )
        needed, lawless = self._half_years_needed(regime)
        missing, unchecked = self._rates_not_there(needed)
        texts = [self._missing_rates_text(missing)] if missing else []
        texts += [self._lawless_text(lawless)] if lawless else []
        state = "missing" if texts else "note"
        texts += [self._unchecked_rates_text(unchecked)] if unchecked else []
        if texts:
            return state, " ".join(texts)
        return "done", self.env._("Base rates of all half-years that are asked for are there.")

    def _half_years_needed(self, regime):
        """Return which base rates what is overdue today asks for, and whom no law is known for.

        :return: pairs of whose rate it is and the first day of its half-year, and customers
        :rtype: tuple[set[tuple[str, date]], res.partner]
        """
        company = self.company_id
        today = company._upominky_today()
        partners = self.env["res.partner"]
        # What falls due today or soon begins its delay in this half-year.
        law = law_of(regime, CustomerKind.BUSINESS)
        needed = {(law.base, next(half_years(law, today, today)))}
        lawless = partners.browse()
        for begin, customer_ids in self.env["upominky.reader"]._delays(company, today):
            customers = partners.browse(customer_ids)
            for kind, mine in customers.grouped(lambda c: c._upominky_effective_kind()).items():
                try:
                    law = law_of(regime, kind)
                except MissingLawError:
                    lawless |= mine
                    continue
                needed |= {(law.base, day) for day in half_years(law, begin, today)}
        return needed, lawless

    def _rates_not_there(self, needed):
        """Return which of the needed rates are missing, and which were not checked.

        :rtype: tuple[list, list]
        """
        rates = self.env["upominky.rate"].search([])
        known = {(r.regime, r.date_from): r.checked for r in rates}
        by_day = rates.filtered(lambda r: r.regime == BY_DAY)
        for base, day in needed:
            covering = base == BY_DAY and by_day.filtered(lambda r, day=day: r._covers(day))
            if covering:
                known[base, day] = covering.checked
        missing = sorted(key for key in needed if key not in known)
        return missing, sorted(key for key in needed if key in known and not known[key])

    def _missing_rates_text(self, missing):
        return self.env._(
            "Base rates are missing for half-years or days from %s: reminders that ask interest of "
            "them fail until they are entered under Rates of Interest.",
            self._half_years_text(missing),
        )

    def _unchecked_rates_text(self, unchecked):
        return self.env._(
            "Base rates that nobody has compared with their source are in use, for the half-years "
            "from %s: compare them, and tick them as checked.",
            self._half_years_text(unchecked),
        )

    def _lawless_text(self, customers):
        return self.env._(
            "The law says nothing of interest that these customers owe: %s. Correct the kind of "
            "customer, or have another rule ask them for what was agreed on, or for none.",
            self._names(customers),
        )

    def _half_years_text(self, needed):
        """Return half-years in words: those of this year and the last ones first."""
        days = [day_text(self.env, day) for _whose, day in sorted(needed, reverse=True)]
        return ", ".join([*days[:SHOWN], *([f"+ {len(days) - SHOWN}"] if days[SHOWN:] else [])])
