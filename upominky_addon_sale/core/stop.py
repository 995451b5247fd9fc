"""Whether what a customer owes stops an order (SPEC rule 44).

The banner on a quotation and what confirming it does ask :func:`overdue_of` and :func:`effect_of`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from odoo.addons.upominky_addon.core.money import open_credits, payable, share_credits
from odoo.addons.upominky_addon.core.plan import Customer
from odoo.addons.upominky_addon.core.reasons import untouchable
from odoo.addons.upominky_addon.core.schedule import Receivable, Terms, decide, is_overdue


class Policy(StrEnum):
    """What a company has chosen: ``res.company.upominky_stop``."""

    NONE = "none"
    WARN = "warn"
    BLOCK = "block"


class Effect(StrEnum):
    """What a quotation meets with: nothing, a banner alone, or more when it is confirmed."""

    NONE = "none"
    SHOW = "show"
    WARN = "warn"
    BLOCK = "block"
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class Overdue:
    """What a customer owes from overdue invoices that were reminded.

    ``level`` is the highest order reached, ``since`` the earliest due date, ``totals`` what is left
    to pay by currency, less open credits; ``moves`` are ids of the invoices.
    """

    customer: int
    level: int
    since: date
    totals: Mapping[int, Decimal]
    moves: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """What of an order bears on its release: ids, and its total with taxes.

    ``payer`` is whom it is invoiced to, as ``customer`` a commercial partner. A manager of one
    company releases nothing for another: an order may move between them until it is confirmed.
    """

    company: int
    customer: int
    payer: int
    currency: int
    amount: Decimal


def overdue_of(customer: Customer, reached: Mapping[int, int], today: date) -> Overdue | None:
    """Return what a customer owes that was reminded, None if nothing of it is left to pay.

    What no reminder may touch today stops no order either: a dispute, a hold, an exclusion, a block
    and whatever add-ons know of. Open credits are the customer's money, so they are deducted first,
    shared as reminders share them, whatever the rule does with credits.

    :param reached: the highest order of the counted lines of each receivable that has any
    """
    overdue = [r for r in customer.receivables if is_overdue(r, today) and _counts(r, today)]
    credits = open_credits(customer.credits, customer.offsets)
    shares = share_credits(overdue, reached, credits)
    owed = [r for r in overdue if r.id in reached and payable((r,), shares)]
    if not owed:
        return None
    return Overdue(
        customer=customer.id,
        level=max(reached[r.id] for r in owed),
        since=min(r.due for r in owed),
        totals=payable(owed, shares),
        moves=tuple(sorted({r.move_id for r in owed})),
    )


def _counts(receivable: Receivable, today: date) -> bool:
    """Say whether a reminder may touch a receivable today, by the reasons of the preview."""
    return not untouchable(decide(receivable, None, None, Terms(today)).blockers)


def is_within(order: Order, released: Order | None) -> bool:
    """Say whether an order still is what was released: for whom it was, and for no more.

    >>> released = Order(company=1, customer=7, payer=7, currency=1, amount=Decimal(1000))
    >>> is_within(Order(1, 7, 7, 1, Decimal(900)), released)
    True
    >>> is_within(Order(1, 7, 7, 1, Decimal(1001)), released), is_within(released, None)
    (False, False)
    >>> is_within(Order(1, 8, 7, 1, Decimal(900)), released)
    False
    >>> is_within(Order(1, 7, 7, 2, Decimal(900)), released)
    False
    """
    if released is None or order.amount > released.amount:
        return False
    return replace(order, amount=released.amount) == released


def reaches(debts: Iterable[Overdue], from_level: int) -> bool:
    """Say whether any of the debts was reminded at a level, or above it.

    >>> debt = Overdue(7, 3, date(2026, 5, 1), {1: Decimal(100)}, (5,))
    >>> reaches([debt], 3), reaches([debt], 4), reaches([], 1)
    (True, False, False)
    """
    return any(debt.level >= from_level for debt in debts)


def effect_of(
    policy: str, from_level: int, debts: tuple[Overdue, ...], *, is_released: bool
) -> Effect:
    """Say what a quotation of somebody who owes so much meets with.

    >>> debts = (Overdue(7, 3, date(2026, 5, 1), {1: Decimal(100)}, (5,)),)
    >>> str(effect_of("block", 3, debts, is_released=False))
    'block'
    >>> str(effect_of("block", 3, debts, is_released=True))
    'released'
    >>> [str(effect_of(policy, 4, debts, is_released=False)) for policy in ("none", "warn")]
    ['none', 'show']
    """
    if policy == Policy.NONE or not debts:
        return Effect.NONE
    if not reaches(debts, from_level):
        return Effect.SHOW
    if is_released:
        return Effect.RELEASED
    return Effect.BLOCK if policy == Policy.BLOCK else Effect.WARN
