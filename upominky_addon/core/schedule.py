"""When a receivable is reminded, at which level, and why not yet.

The job, the preview and the next date on an invoice all ask :func:`decide`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from .reasons import Code, in_order, passes
from .recipient import EMAIL, Recipient

ONE_DAY = timedelta(days=1)
PAUSE_AFTER_RULE_CHANGE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Level:
    """One row of a rule. ``days`` count from the due date; ``order`` may have gaps.

    ``channels`` are those that it would be sent by, ``send`` whether it is; ``is_charged`` whether
    it asks for anything beside the debt.
    """

    id: int
    order: int
    days: int
    auto: bool = True
    approval: bool = False
    send: bool = True
    contact: str = "invoice"
    channels: tuple[str, ...] = (EMAIL,)
    is_charged: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """Whom a rule covers is settled before: here it is the one that applies to the customer.

    ``minimum`` is in the company's currency. ``leaves_out`` says that it leaves some invoices out:
    which, is told by stops of the receivables. Of one that is ``broken``, a filter cannot be
    evaluated any more: its customers get nothing until it is mended (SPEC rule 31).
    """

    id: int
    levels: tuple[Level, ...]
    grouping: str = "per_level"
    minimum: Decimal = Decimal(0)
    credit_policy: str = "deduct"
    leaves_out: bool = False
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Hold:
    """A stop up to and including ``until``; a reason without a date has no end."""

    until: date | None = None
    reason: str | None = None

    def end(self, today: date) -> date | None:
        """Return the last day of the hold as of ``today``, ``date.max`` if open, None if not held.

        >>> Hold(date(2026, 5, 1), "promise").end(date(2026, 5, 1))
        datetime.date(2026, 5, 1)
        >>> Hold(date(2026, 5, 1), "promise").end(date(2026, 5, 2)) is None
        True
        >>> Hold(None, "dispute").end(date(2026, 5, 2)) == date.max
        True
        """
        if self.until is None:
            return date.max if self.reason else None
        return self.until if today <= self.until else None

    def outlasts(self, other: "Hold", today: date) -> bool:
        """Say whether it is still on when the other one is over.

        >>> dispute, promise = Hold(None, "dispute"), Hold(date(2026, 5, 9), "promise")
        >>> dispute.outlasts(promise, date(2026, 5, 1)), promise.outlasts(dispute, date(2026, 5, 1))
        (True, False)
        >>> promise.outlasts(Hold(date(2026, 5, 12)), date(2026, 5, 10))
        False
        """
        mine, others = self.end(today), other.end(today)
        return mine is not None and (others is None or mine > others)


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop that a rule or an add-on knows of, by the code of its row in :mod:`.reasons`.

    ``until`` is its last day, None without an end.
    """

    code: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Receivable:
    """An open item of a posted invoice. ``residual`` is positive, in ``currency``.

    ``account`` is the bank account that the invoice names, ``credited`` what credit notes took off
    it already.
    """

    id: int
    move_id: int
    currency: int
    due: date
    residual: Decimal
    excluded: bool = False
    no_followup: bool = False
    blocked: bool = False
    holds: tuple[Hold, ...] = ()
    invoice_to: tuple[Recipient, ...] = ()
    order_to: tuple[Recipient, ...] = ()
    #: Names of the order's contact persons that cannot be written to.
    order_unreachable: tuple[str, ...] = ()
    lang: str | None = None
    account: int | None = None
    credited: Decimal = Decimal(0)
    stops: tuple[Stop, ...] = ()


@dataclass(frozen=True, slots=True)
class Past:
    """The highest counted reminder of a receivable.

    ``on`` is the day it was sent, else issued; ``pending`` says that it was to be sent and was not.
    ``deadline`` is the day by which it asks to pay, if it names one.
    """

    order: int
    level_days: int
    on: date
    rule_id: int
    pending: bool = False
    deadline: date | None = None

    def is_answerable(self, today: date) -> bool:
        """Say whether the customer still has time to pay: nothing follows until it is over.

        >>> past = Past(1, 7, date(2026, 5, 1), 1, deadline=date(2026, 5, 8))
        >>> past.is_answerable(date(2026, 5, 8)), past.is_answerable(date(2026, 5, 9))
        (True, False)
        """
        return self.deadline is not None and today <= self.deadline


@dataclass(frozen=True, slots=True)
class Terms:
    """What of a company bears on the decision about one receivable."""

    today: date
    start: date | None = None
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """A reason, the level that comes next, and the first day on which it may be issued."""

    code: str
    level: Level | None = None
    next_date: date | None = None
    blockers: tuple[str, ...] = field(default=(), compare=False)


def next_level(rule: Rule, past: Past | None) -> Level | None:
    """Return the rule's lowest level above the one reached, None after the last.

    >>> rule = Rule(1, (Level(1, 1, 7), Level(2, 5, 21)))
    >>> next_level(rule, Past(order=2, level_days=7, on=date(2026, 5, 1), rule_id=9)).order
    5
    """
    reached = past.order if past else 0
    above = [level for level in rule.levels if level.order > reached]
    return min(above, key=lambda level: level.order, default=None)


def hold_end(receivable: Receivable, today: date) -> date | None:
    """Return the last day of the longest hold or stop that is on, None when nothing is held."""
    ends = [end for hold in receivable.holds if (end := hold.end(today))]
    ends += [stop.until or date.max for stop in _active(receivable, today)]
    return max(ends, default=None)


def _active(receivable: Receivable, today: date) -> Iterator[Stop]:
    """Yield what add-ons know of that stops a receivable as of ``today``."""
    for stop in receivable.stops:
        if stop.until is None or today <= stop.until:
            yield stop


def later(day: date, pause: timedelta) -> date:
    """Return ``day`` plus ``pause``, the end of the calendar where it would run past it.

    >>> later(date(9999, 12, 31), timedelta(days=7))
    datetime.date(9999, 12, 31)
    """
    return day + min(pause, date.max - day)


def due_date(receivable: Receivable, level: Level) -> date:
    """Return the day on which ``level`` falls, counted from the due date alone."""
    return later(receivable.due, timedelta(days=level.days))


def gap(days: int, previous_days: int) -> int:
    """Return how many days a level waits after the previous reminder, whenever that was.

    :param days: of the level, after the due date
    :param previous_days: those that the level of the previous reminder had

    >>> gap(21, 7), gap(7, 7), gap(7, 21)
    (14, 1, 1)
    """
    return max(1, days - previous_days)


def after_previous(level: Level, past: Past | None, rule: Rule) -> date:
    """Return the first day that the previous reminder allows: after its deadline in any case.

    >>> rule = Rule(1, (Level(1, 1, 7), Level(2, 2, 21)))
    >>> past = Past(order=1, level_days=7, on=date(2026, 5, 1), rule_id=1)
    >>> after_previous(rule.levels[1], past, rule)
    datetime.date(2026, 5, 15)
    >>> from dataclasses import replace
    >>> after_previous(rule.levels[1], replace(past, deadline=date(2026, 5, 20)), rule)
    datetime.date(2026, 5, 21)
    """
    if past is None:
        return date.min
    pause = timedelta(days=gap(level.days, past.level_days))
    if past.rule_id != rule.id:
        pause = max(pause, PAUSE_AFTER_RULE_CHANGE)
    after_deadline = later(past.deadline, ONE_DAY) if past.deadline else date.min
    return max(later(past.on, pause), after_deadline)


def earliest_date(
    receivable: Receivable, level: Level, past: Past | None, rule: Rule, today: date
) -> date | None:
    """Return the first day on which ``level`` may be issued, None while a hold has no end."""
    held = hold_end(receivable, today)
    if held == date.max:
        return None
    after_hold = later(held, ONE_DAY) if held else date.min
    return max(due_date(receivable, level), after_previous(level, past, rule), after_hold)


def _stops(receivable: Receivable, past: Past | None, terms: Terms) -> Iterator[Code]:
    """Yield the reasons that lie in the receivable, its customer and its last reminder."""
    if receivable.excluded:
        yield Code.EXCLUDED
    if receivable.no_followup:
        yield Code.NO_FOLLOWUP
    if receivable.blocked:
        yield Code.BLOCKED
    if any(hold.end(terms.today) for hold in receivable.holds):
        yield Code.ON_HOLD
    if terms.start and receivable.due < terms.start and not terms.by_hand:
        yield Code.BEFORE_START
    if past and past.pending:
        yield Code.PREVIOUS_NOT_SENT
    for stop in _active(receivable, terms.today):
        yield stop.code


def _waits(
    receivable: Receivable, level: Level | None, past: Past | None, rule: Rule, terms: Terms
) -> Iterator[Code]:
    """Yield the reasons that lie in the levels of the rule and their dates."""
    if level is None:
        yield Code.LAST_LEVEL_REACHED
        return
    if terms.by_hand:
        if terms.today <= receivable.due:
            yield Code.NOT_DUE_YET
        return
    if not level.auto:
        yield Code.MANUAL_LEVEL
    if terms.today < due_date(receivable, level):
        yield Code.NOT_DUE_YET
    if terms.today < after_previous(level, past, rule):
        yield Code.WAITS_AFTER_PREVIOUS


def _in_place(receivable: Receivable, blockers: tuple[str, ...]) -> tuple[str, ...]:
    """Return reasons in the order of the table, where an add-on's may stand anywhere."""
    return in_order(blockers) if receivable.stops else blockers


def is_overdue(receivable: Receivable, today: date) -> bool:
    """Say whether its due date has passed.

    >>> invoice = Receivable(1, 1, 1, date(2026, 5, 1), Decimal(100))
    >>> is_overdue(invoice, date(2026, 5, 1)), is_overdue(invoice, date(2026, 5, 2))
    (False, True)
    """
    return receivable.due < today


def decide(receivable: Receivable, rule: Rule | None, past: Past | None, terms: Terms) -> Decision:
    """Say what would happen to one receivable today, and why.

    >>> rule = Rule(1, (Level(1, 1, 7), Level(2, 2, 21)))
    >>> invoice = Receivable(1, 1, 1, date(2026, 5, 1), Decimal(100))
    >>> decide(invoice, rule, None, Terms(date(2026, 5, 8))).code
    <Code.DUE: 'due'>
    >>> decide(invoice, rule, None, Terms(date(2026, 5, 7))).next_date
    datetime.date(2026, 5, 8)
    >>> decide(invoice, None, None, Terms(date(2026, 5, 8))).code
    <Code.NO_RULE: 'no_rule'>
    >>> decide(invoice, Rule(1, rule.levels, broken=True), None, Terms(date(2026, 5, 8))).code
    <Code.RULE_BROKEN: 'rule_broken'>
    """
    if rule is None:
        stops = _in_place(receivable, (Code.NO_RULE, *_stops(receivable, past, terms)))
        return Decision(Code.NO_RULE, blockers=stops)
    level = next_level(rule, past)
    broken = (Code.RULE_BROKEN,) if rule.broken else ()
    waits = _waits(receivable, level, past, rule, terms)
    blockers = _in_place(receivable, (*broken, *_stops(receivable, past, terms), *waits))
    next_date = None
    if level and passes(blockers):
        next_date = earliest_date(receivable, level, past, rule, terms.today)
    return Decision(blockers[0] if blockers else Code.DUE, level, next_date, blockers)
