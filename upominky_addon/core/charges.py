"""What is asked beside a debt: interest on what is paid late, and a flat cost of recovery.

The laws are :mod:`.interest`. Amounts are ``Decimal``: interest in the currency of its debt, costs
in the company's; currencies are never added together.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from .interest import (
    Basis,
    CustomerKind,
    DayRate,
    Debt,
    InterestRates,
    Reduction,
    Regime,
    Segment,
    UnknownInterestError,
    contractual,
    interest,
    law_of,
    statutory,
)
from .money import ZERO

#: The day of what lowers a debt from its start: a credit note says that so much of the invoice that
#: it reverses was never owed. One for other goods lowers it from its own day, as a payment does.
#: (Our choice, as we found no text about it; Business Central counts all from the day of booking.)
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

    ``bases``: percent by whose rate it is and by the first day of the half-year; ``days``: what is
    known of days, for laws that ask for the rate of one. ``made`` are the rates that were made of
    them already: a run asks thousands of debts by the same ones.
    """

    regime: Regime | None = None
    basis: Basis = Basis.ACTUAL
    bases: Mapping[str, Mapping[date, Decimal]] = field(default_factory=dict)
    days: tuple[DayRate, ...] = ()
    made: dict[tuple[Regime, CustomerKind], InterestRates] = field(
        default_factory=dict, compare=False, repr=False
    )


class NoRegimeError(UnknownInterestError):
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
    key = terms.regime, kind
    if key not in terms.made:
        law = law_of(terms.regime, kind)
        terms.made[key] = statutory(law, terms.bases.get(law.base, {}), terms.days)
    return terms.made[key]


def base_of(terms: LegalTerms, kind: CustomerKind) -> str:
    """Return whose base rate a law asks for, nothing where no law is known."""
    return law_of(terms.regime, kind).base if terms.regime else ""


@dataclass(frozen=True, slots=True)
class Booked:
    """When a credit was booked, and which invoice it reverses; None for what is no credit note."""

    day: date
    reverses: int | None = None

    def day_for(self, move: int) -> date:
        """Return the day by which it was booked, for what is owed on an invoice.

        >>> note = Booked(date(2026, 6, 1), reverses=7)
        >>> note.day_for(7) == FROM_THE_START, str(note.day_for(8))
        (True, '2026-06-01')
        """
        return FROM_THE_START if self.reverses == move else self.day


def lowered(debt: Debt, credits: Iterable[Reduction]) -> Debt:
    """Return a debt from which open credits are deducted, each from its own day."""
    return replace(debt, reductions=(*debt.reductions, *credits))


@dataclass(frozen=True, slots=True)
class Billed:
    """What was billed of a debt: the days of its interest, and whether its cost.

    ``days`` are first and last ones. There may be days between them that were not billed: a bill
    that was credited leaves a gap, which is billed anew.
    """

    days: tuple[tuple[date, date], ...] = ()
    cost: bool = False


#: Of a debt of which nothing was.
NOT_BILLED = Billed()


def days_but(days: Iterable[tuple[date, date]]) -> Billed:
    """Return a debt as billed until the last of some days, but for these: they count alone then.

    :param days: first and last ones, none of them in two pairs

    >>> april, june = ((date(2026, month, 1), date(2026, month, 30)) for month in (4, 6))
    >>> [f"{first} {last}" for first, last in days_but([june, april]).days]
    ['0001-01-01 2026-03-31', '2026-05-01 2026-05-31']
    """
    found, first = [], date.min
    for begin, end in sorted(days):
        if first < begin:
            found.append((first, begin - timedelta(days=1)))
        first = end + timedelta(days=1)
    return Billed(tuple(found))


def segments_of(
    debt: Debt,
    charges: Charges,
    kind: CustomerKind,
    terms: LegalTerms,
    *,
    until: date,
    quantum: Decimal,
    billed: Billed = NOT_BILLED,
) -> tuple[Segment, ...]:
    """Return the interest on a debt to a day, none where none is asked.

    :param until: the last day that counts
    :param quantum: what the debt's currency is rounded to
    :param billed: what was billed already and does not count any more
    :raises NoRegimeError, MissingLawError, MissingRateError: if it is not known, never a guess
    """
    if charges.interest is Asked.NONE:
        return ()
    rates = rates_of(charges, kind, terms)
    options = {"quantum": quantum, "basis": terms.basis, "without": billed.days}
    return interest(debt, rates, until, **options)


def runs(segments: Iterable[Segment]) -> Iterator[list[Segment]]:
    """Yield segments that follow each other without a day between them, together.

    >>> one = Decimal(1)
    >>> days = [(1, 3), (4, 9), (11, 12)]
    >>> rows = [Segment(date(2026, 5, a), date(2026, 5, b), one, one, one) for a, b in days]
    >>> [[row.first.day for row in run] for run in runs(rows)]
    [[1, 4], [11]]
    """
    run: list[Segment] = []
    for segment in segments:
        if run and segment.first != run[-1].last + timedelta(days=1):
            yield run
            run = []
        run.append(segment)
    if run:
        yield run


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
