"""What the reader knows of a company, as plain values."""

from dataclasses import dataclass
from decimal import Decimal

from odoo.tools import SQL

from ...core.plan import Company
from ...core.schedule import Rule
from ..rules.cover import Cover


@dataclass(frozen=True, slots=True)
class Covering:
    """A rule as the choice between rules needs it, and as the core knows it."""

    sequence: int
    id: int
    core: Rule


@dataclass(frozen=True, slots=True)
class Facts:
    """What all customers of a company share, as plain values: a commit empties the ORM's cache.

    Read once for each call of job 1, and anew when ``terms`` are another word: each chunk works by
    the rules and the mode of its own snapshot. ``covers`` are by event, ``exclusions`` queries of
    what rules leave out, by their ids, ``currencies`` names by id,
    ``senders`` ids of users by level: who answers for it, whoever the customer is. ``archived``
    says whether archived rules serve as well.
    """

    company: Company
    accounts: tuple[int, ...]
    covers: dict[str, Cover]
    exclusions: dict[int, SQL]
    languages: "Languages"
    currencies: dict[int, str]
    senders: dict[int, int | None]
    archived: bool
    terms: str

    @property
    def has_filters(self):
        """Say whether rules cover customers by what a filter finds."""
        return any(cover.filters for cover in self.covers.values())

    def rules(self, event):
        """Return the rules that may cover somebody for an event, as the core knows them."""
        found = self.covers[event].rules()
        return {covering.id: covering.core for covering in found}.values()


class Languages(dict):
    """Languages that Odoo can write in, by the wanted one: itself, else the company's."""

    def __init__(self, company):
        super().__init__()
        self.installed = [code for code, _name in company.env["res.lang"].get_installed()]
        self.own = company.partner_id.lang
        self.fallbacks = (self.own, "en_US", *self.installed)

    def __missing__(self, lang):
        self[lang] = next(code for code in (lang, *self.fallbacks) if code in self.installed)
        return self[lang]


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
