"""Interest on what is paid late, day by day of the balance that was open.

Interest runs from the day after the due date to the last day asked for, both included. Each payment
lowers the balance from the day after it: on its own day the debt was still owed (we found no Czech
text about that day; Business Central counts it so). The balance is cut where it changes, where the
rate changes and at the turn of the year, because a day is a 365th or a 366th of a year; nothing is
rounded but the sum.

Statutory rates are a published base rate and a margin:

- Czech Republic: Government Regulation 351/2013 Coll., § 2: the repo rate of the first day of the
  half-year in which the delay **began** and 8 percentage points, the same for all of the delay.
- Slovakia: Government Regulation 21/2013 Coll.: the ECB's rate of the first day of each half-year
  of the delay and 8 points, or, if the creditor chooses so, of the first day of the delay and 9;
  from consumers (87/1995 Coll., § 3) of the first day and 5. The ECB changes its rate inside
  half-years, so what is known of days is kept apart from what is known of half-years.
- Germany: BGB § 288: the base rate of each half-year and 9 points, from consumers 5.
- Poland: the Act of 8 March 2013 on commercial transactions: the reference rate of each half-year
  and 10 points, from public medical entities 8. Consumers are not under it.
"""

from bisect import bisect_left, bisect_right
from calendar import isleap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal, localcontext
from enum import StrEnum
from itertools import accumulate, pairwise

from .money import rounded

#: Digits that are kept of a quotient before the sum is rounded.
PRECISION = 50
_DAY = timedelta(days=1)
_ZERO = Decimal(0)


class Regime(StrEnum):
    """By which law statutory interest is asked."""

    CZ = "cz"
    SK = "sk"
    SK_FIXED = "sk_fixed"
    DE = "de"
    PL = "pl"


class CustomerKind(StrEnum):
    """What a customer is, as the laws tell customers apart."""

    BUSINESS = "business"
    CONSUMER = "consumer"
    PUBLIC = "public"
    PUBLIC_MEDICAL = "public_medical"


#: Customers of commercial transactions.
_NO_CONSUMERS = frozenset(CustomerKind) - {CustomerKind.CONSUMER}


class Basis(StrEnum):
    """Of how many days a year is."""

    ACTUAL = "actual"
    FIXED_365 = "365"


@dataclass(frozen=True, slots=True)
class Statutory:
    """How a law makes a rate: percentage points on the base rate, and whether it stays the same.

    ``base``: whose base rate it is, a code of :data:`BASES`.
    """

    base: str
    margin: Decimal
    is_fixed: bool


def _law(base: str, margin: int, *, is_fixed: bool) -> Statutory:
    return Statutory(base, Decimal(margin), is_fixed)


#: Whose base rates there are: of the Czech National Bank, the European Central Bank as Slovak law
#: takes it, by half-years and by days, the Deutsche Bundesbank and the National Bank of Poland.
BASES = ("cz", "sk", "sk_day", "de", "pl")
#: Those that are known by days: the law asks for that of the very day on which the delay began.
BY_DAY = "sk_day"
#: Where a company's own country says by which law it asks.
REGIMES_OF_COUNTRIES = {"CZ": Regime.CZ, "SK": Regime.SK, "DE": Regime.DE, "PL": Regime.PL}
#: By regime and kind of customer; what is not here is not known.
LAWS: Mapping[tuple[Regime, CustomerKind], Statutory] = {
    **{(Regime.CZ, kind): _law("cz", 8, is_fixed=True) for kind in CustomerKind},
    **{(Regime.SK, kind): _law("sk", 8, is_fixed=False) for kind in _NO_CONSUMERS},
    **{(Regime.SK_FIXED, kind): _law(BY_DAY, 9, is_fixed=True) for kind in _NO_CONSUMERS},
    (Regime.SK, CustomerKind.CONSUMER): _law(BY_DAY, 5, is_fixed=True),
    (Regime.SK_FIXED, CustomerKind.CONSUMER): _law(BY_DAY, 5, is_fixed=True),
    **{(Regime.DE, kind): _law("de", 9, is_fixed=False) for kind in _NO_CONSUMERS},
    (Regime.DE, CustomerKind.CONSUMER): _law("de", 5, is_fixed=False),
    (Regime.PL, CustomerKind.BUSINESS): _law("pl", 10, is_fixed=False),
    (Regime.PL, CustomerKind.PUBLIC): _law("pl", 10, is_fixed=False),
    (Regime.PL, CustomerKind.PUBLIC_MEDICAL): _law("pl", 8, is_fixed=False),
}


class UnknownInterestError(LookupError):
    """Interest cannot be worked out: something is not known, and nothing is guessed."""


class MissingLawError(UnknownInterestError):
    """It is not known what a law asks from such a customer."""


class MissingRateError(UnknownInterestError):
    """There is no rate of a half-year; ``day`` is its first day."""

    def __init__(self, day: date):
        super().__init__(f"No rate from {day.isoformat()}")
        self.day = day


class MissingDayRateError(MissingRateError):
    """There is no rate of a day, ``day``, on which a delay began."""


@dataclass(frozen=True, slots=True)
class DayRate:
    """A base rate that is known to have held on all days from ``first`` to ``last``, in percent."""

    first: date
    last: date
    percent: Decimal


@dataclass(frozen=True, slots=True)
class InterestRates:
    """What a year's interest is of a hundred, in percent: from each day of ``changes`` on.

    ``is_fixed``: the rate of the first day of the delay is that of all its days.
    """

    changes: tuple[tuple[date, Decimal], ...]
    is_fixed: bool = True

    def on(self, day: date) -> Decimal:
        """Return the rate of a day, in percent a year.

        :raises MissingRateError: if none is known
        """
        place = bisect_right(self.changes, day, key=lambda change: change[0])
        if not place:
            raise MissingRateError(half_year(day))
        return self.changes[place - 1][1]


@dataclass(frozen=True, slots=True)
class Reduction:
    """What took something off a debt, and on which day; in the debt's currency."""

    on: date
    amount: Decimal

    @property
    def lowers_from(self) -> date:
        """Return the first day that it lowers the balance of; see the head of this module.

        There is none after the end of time.
        """
        return self.on + _DAY if self.on < date.max else date.max


@dataclass(frozen=True, slots=True)
class Debt:
    """What was owed on the due date, and what took something off it, before or after."""

    due: date
    amount: Decimal
    reductions: tuple[Reduction, ...] = ()


@dataclass(frozen=True, slots=True)
class Segment:
    """Days, the first and the last included, on which balance, rate and length of year stay.

    ``percent`` is a year's; ``amount`` is rounded, so that those of a debt add up to its interest.
    """

    first: date
    last: date
    balance: Decimal
    percent: Decimal
    amount: Decimal

    @property
    def days(self) -> int:
        """Return of how many days it is."""
        return (self.last - self.first).days + 1


def half_year(day: date) -> date:
    """Return the first day of the half-year of a day.

    >>> half_year(date(2026, 6, 30)), half_year(date(2026, 7, 1))
    (datetime.date(2026, 1, 1), datetime.date(2026, 7, 1))
    """
    return date(day.year, 1 if day.month < 7 else 7, 1)


def next_half_year(first: date) -> date:
    """Return the first day of the half-year after one.

    >>> next_half_year(date(2026, 1, 1)), next_half_year(date(2026, 7, 1))
    (datetime.date(2026, 7, 1), datetime.date(2027, 1, 1))
    """
    return date(first.year, 7, 1) if first.month < 7 else date(first.year + 1, 1, 1)


def half_years(law: Statutory, begin: date, until: date) -> Iterator[date]:
    """Yield the first days of the half-years whose base rate a delay asks for.

    Of a law that asks for the rate of a day it is that day.

    :param begin: the first day of the delay

    >>> changing = law_of(Regime.DE, CustomerKind.BUSINESS)
    >>> [str(day) for day in half_years(changing, date(2025, 9, 1), date(2026, 7, 1))]
    ['2025-07-01', '2026-01-01', '2026-07-01']
    """
    day = begin if law.base == BY_DAY else half_year(begin)
    yield day
    while not law.is_fixed and (day := next_half_year(day)) <= until:
        yield day


def law_of(regime: Regime, kind: CustomerKind) -> Statutory:
    """Return how a law makes its rate.

    :raises MissingLawError: if that is not known

    >>> law_of(Regime.CZ, CustomerKind.CONSUMER).margin
    Decimal('8')
    """
    if (regime, kind) not in LAWS:
        raise MissingLawError(f"{regime}, {kind}")
    return LAWS[regime, kind]


def statutory(
    law: Statutory, base: Mapping[date, Decimal], days: Iterable[DayRate] = ()
) -> InterestRates:
    """Return the rates that a law makes of base rates.

    :param base: percent by the first day of each half-year; one that is missing is an error, never
        that of the half-year before
    :param days: what is known of days, where the law asks for the rate of one
    """
    if law.base == BY_DAY:
        known = (replace(rate, percent=rate.percent + law.margin) for rate in days)
        return RatesOfDays((), law.is_fixed, tuple(known))
    changes = tuple(sorted((day, percent + law.margin) for day, percent in base.items()))
    return StatutoryRates(changes, law.is_fixed)


@dataclass(frozen=True, slots=True)
class StatutoryRates(InterestRates):
    """Rates of half-years, each with a row of its own."""

    def on(self, day: date) -> Decimal:
        """Return the rate of a day's half-year, in percent a year.

        :raises MissingRateError: if it is not known
        """
        first = half_year(day)
        place = bisect_left(self.changes, first, key=lambda change: change[0])
        if place == len(self.changes) or self.changes[place][0] != first:
            raise MissingRateError(first)
        return self.changes[place][1]


@dataclass(frozen=True, slots=True)
class RatesOfDays(InterestRates):
    """Rates of days: of one that no row is known to cover there is none."""

    known: tuple[DayRate, ...] = ()

    def on(self, day: date) -> Decimal:
        """Return the rate of a day, in percent a year.

        :raises MissingDayRateError: if it is not known
        """
        for rate in self.known:
            if rate.first <= day <= rate.last:
                return rate.percent
        raise MissingDayRateError(day)


def contractual(percent: Decimal) -> InterestRates:
    """Return the one rate that was agreed on, in percent a year."""
    return InterestRates(((date.min, percent),))


def interest(
    debt: Debt,
    rates: InterestRates,
    until: date,
    *,
    quantum: Decimal,
    basis: Basis = Basis.ACTUAL,
    without: Sequence[tuple[date, date]] = (),
) -> tuple[Segment, ...]:
    """Return the interest on a debt, in segments whose amounts add up to it.

    :param until: the last day that counts
    :param quantum: what the currency is rounded to; the sum is rounded once, half up
    :param without: first and last days that do not count, as they were billed already; the rate is
        that of the whole delay
    :raises MissingRateError: if the rate of a half-year is missing

    >>> paid = Reduction(date(2026, 4, 30), Decimal(4_000))
    >>> debt = Debt(date(2026, 3, 31), Decimal(10_000), (paid,))
    >>> rows = interest(debt, contractual(Decimal(12)), date(2026, 5, 31), quantum=Decimal("0.01"))
    >>> [(row.days, str(row.balance), str(row.amount)) for row in rows]
    [(30, '10000', '98.63'), (31, '6000', '61.15')]
    >>> str(sum(row.amount for row in rows))
    '159.78'
    """
    begin = debt.due + _DAY
    edges = {day for first, last in without for day in (first, last + _DAY)}
    spans = [
        (start, last, balance)
        for start, last in _spans(debt, rates, begin, until, edges)
        if (balance := _balance(debt, start)) > _ZERO
        and not any(first <= start <= last for first, last in without)
    ]
    priced = [(*span, rates.on(begin if rates.is_fixed else span[0])) for span in spans]
    with localcontext(prec=PRECISION):
        amounts = _rounded([_exact(*each, basis) for each in priced], quantum)
    return tuple(Segment(*each, amount) for each, amount in zip(priced, amounts, strict=True))


def _spans(
    debt: Debt, rates: InterestRates, first: date, until: date, edges: Iterable[date] = ()
) -> Iterator[tuple[date, date]]:
    """Yield the first and last days between which nothing changes."""
    if until < first:
        return
    changes = {reduction.lowers_from for reduction in debt.reductions} | set(edges)
    changes |= {date(year, 1, 1) for year in range(first.year + 1, until.year + 1)}
    if not rates.is_fixed:
        changes |= {date(year, 7, 1) for year in range(first.year, until.year + 1)}
        changes |= {day for day, _percent in rates.changes}
    starts = sorted({first, *(day for day in changes if first < day <= until)})
    lasts = [start - _DAY for start in starts[1:]]
    yield from zip(starts, [*lasts, until], strict=True)


def _balance(debt: Debt, day: date) -> Decimal:
    """Return what was open on a day."""
    lowered = (r.amount for r in debt.reductions if r.lowers_from <= day)
    return debt.amount - sum(lowered, _ZERO)


def _exact(first: date, last: date, balance: Decimal, percent: Decimal, basis: Basis) -> Decimal:
    is_leap = basis is Basis.ACTUAL and isleap(first.year)
    days = (last - first).days + 1
    return balance * percent * days / (100 * (366 if is_leap else 365))


def _rounded(exact: Sequence[Decimal], quantum: Decimal) -> list[Decimal]:
    """Round a sum once, and its parts so that they add up to it: none is below nothing for it.

    >>> [str(part) for part in _rounded([Decimal("0.006")] * 3, Decimal("0.01"))]
    ['0.01', '0.00', '0.01']
    """
    sums = [rounded(part, quantum) for part in accumulate(exact, initial=_ZERO)]
    return [after - before for before, after in pairwise(sums)]


def total(segments: Iterable[Segment]) -> Decimal:
    """Return the interest of segments, in their currency."""
    return sum((segment.amount for segment in segments), _ZERO)
