"""What is asked beside a debt: interest on what is paid late, and a flat cost of recovery.

The laws are :mod:`.interest`. Amounts are ``Decimal``: interest in the currency of its debt, costs
in the company's; currencies are never added together.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from .interest import (
    Basis,
    CustomerKind,
    Debt,
    InterestRates,
    Reduction,
    Regime,
    Segment,
    contractual,
    interest,
    law_of,
    statutory,
)
from .money import ZERO

#: The day of what lowers a debt from its start: a credit note says that so much was never owed.
#: (Our choice, as we found no text about it; Business Central counts from the day of booking.)
FROM_THE_START = date.min
#: The highest rate that may be agreed on, in percent a year: a mistyped 1,000 % is none.
MOST_PERCENT = Decimal(100)


class Asked(StrEnum):
    """By what interest is asked."""

    NONE = "none"
    STATUTORY = "statutory"
    CONTRACTUAL = "contractual"


@dataclass(frozen=True, slots=True)
class Charges:
    """What a level asks beside the debt.

    ``percent`` is what was agreed on, a year's; ``flat_cost`` in the company's currency.
    """

    interest: Asked = Asked.NONE
    percent: Decimal = ZERO
    flat_cost: Decimal = ZERO

    def __bool__(self) -> bool:
        """Say whether it asks for anything.

        >>> bool(Charges()), bool(Charges(flat_cost=Decimal(1200)))
        (False, True)
        """
        return self.interest is not Asked.NONE or self.flat_cost > ZERO

    def cost(self, kind: CustomerKind, before: Decimal = ZERO) -> Decimal:
        """Return the flat cost of one debt: what was asked of it before stays, and is not doubled.

        Consumers are asked for none: EU directive 2011/7, article 6, is of commercial transactions.

        >>> charges = Charges(flat_cost=Decimal(1200))
        >>> [str(charges.cost(kind)) for kind in (CustomerKind.BUSINESS, CustomerKind.CONSUMER)]
        ['1200', '0']
        >>> str(Charges(Asked.STATUTORY).cost(CustomerKind.BUSINESS, before=Decimal(1200)))
        '1200'
        """
        return ZERO if kind is CustomerKind.CONSUMER else before or self.flat_cost


@dataclass(frozen=True, slots=True)
class LegalTerms:
    """By which law a company asks interest, and the base rates that are known.

    ``bases``: percent by whose rate it is and by the first day of the half-year.
    """

    regime: Regime | None = None
    basis: Basis = Basis.ACTUAL
    bases: Mapping[str, Mapping[date, Decimal]] = field(default_factory=dict)


class NoRegimeError(LookupError):
    """It is not known by which law the company asks."""


def rates_of(charges: Charges, kind: CustomerKind, terms: LegalTerms) -> InterestRates:
    """Return the rates by which a customer is asked.

    :raises NoRegimeError: if the company has no law to ask by
    :raises MissingLawError: if the law says nothing of such a customer
    """
    if charges.interest is Asked.CONTRACTUAL:
        return contractual(charges.percent)
    if terms.regime is None:
        raise NoRegimeError
    law = law_of(terms.regime, kind)
    return statutory(law, terms.bases.get(law.base, {}))


def base_of(terms: LegalTerms, kind: CustomerKind) -> str:
    """Return whose base rate a law asks for, nothing where no law is known."""
    return law_of(terms.regime, kind).base if terms.regime else ""


def lowered(debt: Debt, credits: Iterable[Reduction]) -> Debt:
    """Return a debt from which open credits are deducted, each from its own day."""
    return replace(debt, reductions=(*debt.reductions, *credits))


def segments_of(
    debt: Debt,
    charges: Charges,
    kind: CustomerKind,
    terms: LegalTerms,
    *,
    until: date,
    quantum: Decimal,
    since: date | None = None,
) -> tuple[Segment, ...]:
    """Return the interest on a debt to a day, none where none is asked.

    :param until: the last day that counts
    :param quantum: what the debt's currency is rounded to
    :param since: the first day that counts, where earlier ones were billed
    :raises NoRegimeError, MissingLawError, MissingRateError: if it is not known, never a guess
    """
    if charges.interest is Asked.NONE:
        return ()
    rates = rates_of(charges, kind, terms)
    return interest(debt, rates, until, quantum=quantum, basis=terms.basis, since=since)


@dataclass(frozen=True, slots=True)
class Billed:
    """What was billed of a debt: interest up to a day, None for none, and whether its cost."""

    until: date | None = None
    cost: bool = False

    @property
    def since(self) -> date | None:
        """Return the first day that was not billed, None for all of them.

        >>> Billed(date(2026, 5, 31)).since, Billed().since
        (datetime.date(2026, 6, 1), None)
        """
        return self.until + timedelta(days=1) if self.until else None


#: Of a debt of which nothing was.
NOT_BILLED = Billed()


def claim_totals(
    principal: Mapping[str, Decimal], interests: Mapping[str, Decimal], costs: Mapping[str, Decimal]
) -> dict[str, dict[str, Decimal]]:
    """Return what is claimed in each currency: principal, interest, costs, and their total.

    >>> one = Decimal(1)
    >>> found = claim_totals({"EUR": one}, {"EUR": one}, {"CZK": one})
    >>> [(currency, str(sums["total"])) for currency, sums in found.items()]
    [('CZK', '1'), ('EUR', '2')]
    """
    found = {}
    for currency in sorted({*principal, *interests, *costs}):
        parts = {
            "principal": principal.get(currency, ZERO),
            "interest": interests.get(currency, ZERO),
            "costs": costs.get(currency, ZERO),
        }
        found[currency] = {**parts, "total": sum(parts.values(), ZERO)}
    return found
