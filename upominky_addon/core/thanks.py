"""THANKS: the last of what a customer was reminded of is paid (SPEC rule 33)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from .contacts import lang_of, recipients, unique
from .notice import automatic_level
from .plan import Company, Customer, Line, Reminder
from .recheck import Left, Missing, Rechecked
from .schedule import Level, Receivable, later

#: So many days after the payment nobody is thanked any more.
LONGEST = 7
#: How many days after the payment a rule may thank.
THANKS_DAYS = (0, LONGEST)


@dataclass(frozen=True, slots=True)
class Paid:
    """A reminded receivable that was paid, on the day of its last payment."""

    receivable: Receivable
    on: date


def first_payment(today: date) -> date:
    """Return the first day whose payments anybody is thanked for today.

    >>> first_payment(date(2026, 5, 8))
    datetime.date(2026, 5, 1)
    """
    return today - timedelta(days=LONGEST)


def owes_reminded(customer: Customer) -> bool:
    """Say whether anything that the customer was, or is about to be, reminded of is open."""
    return any(r.residual and r.id in customer.past for r in customer.receivables)


def is_left_alone(receivables: Iterable[Receivable], today: date) -> bool:
    """Say whether the customer gets no messages: excluded, or on hold itself.

    Its paid receivables carry no hold of their own: what one promised or disputed is paid.

    >>> from decimal import Decimal
    >>> from .schedule import Hold
    >>> held = Receivable(1, 1, 1, date(2026, 5, 1), Decimal(0), holds=(Hold(None, "dispute"),))
    >>> is_left_alone([held], date(2026, 5, 8)), is_left_alone([], date(2026, 5, 8))
    (True, False)
    """
    return any(r.excluded or any(hold.end(today) for hold in r.holds) for r in receivables)


def plan_thanks(customer: Customer, company: Company, paid: Iterable[Paid]) -> Reminder | None:
    """Decide whether a customer is thanked today.

    :param customer: with the rule of event thanks that covers it, and what it still owes
    :param paid: what it was reminded of and paid, and was not thanked for yet
    """
    level = automatic_level(customer.rule)
    paid = sorted(paid, key=lambda one: (one.receivable.due, one.receivable.id))
    items = tuple(one.receivable for one in paid)
    if level is None or not items:
        return None
    if owes_reminded(customer) or is_left_alone(items, company.today) or company.stop(customer.id):
        return None
    if not _is_time(level, max(one.on for one in paid), company.today):
        return None
    to = unique(to for item in reversed(items) for to in recipients(item, level))
    lines = tuple(Line(item, level) for item in items)
    return Reminder(level, to, lang_of(to, items[0].lang), lines, (), {})


def _is_time(level: Level, last: date, today: date) -> bool:
    wait, longest = timedelta(days=level.days), timedelta(days=LONGEST)
    return later(last, wait) <= today <= later(last, longest)


def recheck_thanks(
    lines: Iterable[int],
    paid: Collection[int],
    customer: Customer,
    company: Company,
    by_hand: bool = False,
    *,
    missing: Mapping[int, Missing] | None = None,
) -> Rechecked:
    """Say what is left of issued thanks before they are sent.

    ``lines`` are the ids of its receivables, ``paid`` those that are still paid, and not too long
    ago; ``customer`` carries them among its receivables, without a balance. If anything else that
    it was reminded of is open, nobody is thanked.
    """
    lines = tuple(lines)
    kept = tuple(r for r in customer.receivables if r.id in lines and r.id in paid)
    if owes_reminded(customer):
        why = dict.fromkeys(lines, Left.OWES_OTHERS)
    elif is_left_alone(kept, company.today):
        why = dict.fromkeys(lines, Left.LEFT_ALONE)
    else:
        still = {r.id for r in kept}
        why = {item: Left.UNTHANKED for item in lines if item not in still}
    left = tuple(r for r in kept if r.id not in why)
    gone = dict.fromkeys(sorted(why), "dropped")
    return Rechecked(left, gone, (), {}, None if left else "nothing_left", why)
