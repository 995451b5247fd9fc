"""What the reader knows of a company, as plain values."""

from dataclasses import dataclass
from decimal import Decimal

from ..core.plan import Company
from ..core.schedule import Rule


@dataclass(frozen=True, slots=True)
class Covering:
    """A rule as the choice between rules needs it, and as the core knows it."""

    sequence: int
    id: int
    core: Rule


@dataclass(frozen=True, slots=True)
class Facts:
    """What all customers of a company share, as plain values: a commit empties the ORM's cache.

    Read once for each call of job 1, which ends after some ten seconds and is called again: no
    chunk works by rules or a mode older than that. ``covers`` are by event.
    """

    company: Company
    accounts: tuple[int, ...]
    covers: dict[str, tuple]

    def rules(self, event):
        """Return the rules that may cover somebody for an event, as the core knows them."""
        by_partner, by_category, general = self.covers[event]
        found = {**by_partner, **by_category}.values()
        return {c.id: c.core for c in (*found, general) if c}.values()


class Rates(dict):
    """Rates to the company's currency, read when first asked for."""

    def __init__(self, company, today):
        super().__init__()
        self.company, self.today = company, today

    def __missing__(self, currency_id):
        Currency = self.company.env["res.currency"]
        rate = Currency._get_conversion_rate(
            Currency.browse(currency_id), self.company.currency_id, self.company, self.today
        )
        self[currency_id] = Decimal(str(rate))
        return self[currency_id]
