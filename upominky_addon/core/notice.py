"""NOTICE: what of a customer's will be due, told before it is (SPEC rule 32)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from .plan import Company, Customer, Reminder
from .recheck import Left, Missing, Rechecked, recheck
from .resend import summarise
from .schedule import Level, Receivable, Rule, later

#: From a year before the due date to the due date itself.
NOTICE_DAYS = (-366, 0)


def last_due(level: Level, today: date) -> date:
    """Return the last due date that is told today: what is due later is told later.

    >>> last_due(Level(1, 1, -3), date(2026, 5, 1)), last_due(Level(1, 1, 0), date(2026, 5, 1))
    (datetime.date(2026, 5, 4), datetime.date(2026, 5, 1))
    """
    return later(today, timedelta(days=-level.days))


def is_ahead(receivable: Receivable, today: date) -> bool:
    """Say whether it is due today or later: what is overdue is reminded, and not told any more."""
    return receivable.due >= today


def earliest(rules: Iterable[Rule]) -> int | None:
    """Return how many days before a due date any of the rules tells it, None if none does.

    >>> earliest([Rule(1, (Level(1, 1, -3),)), Rule(2, (Level(2, 1, -7, auto=False),))])
    3
    """
    levels = filter(None, map(automatic_level, rules))
    return max((-level.days for level in levels), default=None)


def automatic_level(rule: Rule | None) -> Level | None:
    """Return the one level of a rule, None where nothing is issued by itself or it is broken.

    >>> automatic_level(None), automatic_level(Rule(1, (Level(1, 1, -3, auto=False),)))
    (None, None)
    >>> automatic_level(Rule(1, (Level(1, 1, -3),), broken=True))
    """
    level = rule.levels[0] if rule and rule.levels and not rule.broken else None
    return level if level and level.auto else None


def tells(rule: Rule | None, due: date, today: date) -> bool:
    """Say whether a rule tells today of what is due on a day.

    >>> rule, today = Rule(1, (Level(1, 1, -3),)), date(2026, 5, 1)
    >>> [tells(rule, date(2026, 5, day), today) for day in (1, 4, 5)], tells(None, today, today)
    ([True, True, False], False)
    """
    level = automatic_level(rule)
    return level is not None and today <= due <= last_due(level, today)


def plan_notice(customer: Customer, company: Company, untold: Collection[int]) -> Reminder | None:
    """Decide whether a customer gets a notice today, and of what: all of it in one message.

    Credits are shared over what is overdue first, as its due dates are the earlier ones.

    :param customer: with the rule of event notice that covers it
    :param untold: ids of receivables that no notice told with the due date that they have now
    """
    level = automatic_level(customer.rule)
    if level is None:
        return None
    today, until = company.today, last_due(level, company.today)
    asked = [r for r in customer.receivables if r.due <= until]
    wanted = {
        r.id
        for r in asked
        if r.id in untold and is_ahead(r, today) and not (company.start and r.due < company.start)
    }
    notice, _code = summarise(customer, company, asked, wanted) if wanted else (None, None)
    return notice


def recheck_notice(
    lines: Iterable[int],
    paid: Iterable[int],
    customer: Customer,
    company: Company,
    by_hand: bool = False,
    *,
    missing: Mapping[int, Missing] | None = None,
) -> Rechecked:
    """Read an issued notice again before it is sent; see :func:`.recheck.recheck`.

    What became overdue meanwhile drops out, for a notice speaks of what is still to come, and so
    does what is due later than the rule tells of by now: its due date was moved.
    """
    level = customer.rule.levels[0] if customer.rule and customer.rule.levels else None
    until = last_due(level, company.today) if level else date.max
    lines = tuple(lines)
    why = {
        r.id: Left.NOT_AHEAD if r.due <= until else Left.NOT_SOON
        for r in customer.receivables
        if r.id in lines and not (is_ahead(r, company.today) and r.due <= until)
    }
    found = recheck(
        [item for item in lines if item not in why],
        paid,
        customer,
        company,
        by_hand,
        missing=missing,
        asks=lambda receivable, _today: receivable.due <= until,
    )
    gone = dict(found.gone) | dict.fromkeys(why, "dropped")
    reason = "nothing_left" if why and found.reason == "paid" else found.reason
    return replace(found, gone=gone, why={**found.why, **why}, reason=reason)
