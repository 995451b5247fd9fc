"""Money of one customer: credits shared over receivables, and totals per currency.

Amounts are ``Decimal`` in the currency of their receivable; currencies are never added together.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from .schedule import Receivable

ZERO = Decimal(0)


def rounded(amount: Decimal, quantum: Decimal) -> Decimal:
    """Return an amount rounded, half up, to what its currency is rounded to.

    >>> [str(rounded(Decimal(amount), Decimal("0.05"))) for amount in ("1.02", "1.025", "-1.03")]
    ['1.00', '1.05', '-1.05']
    """
    return (amount / quantum).quantize(Decimal(1), ROUND_HALF_UP) * quantum


@dataclass(frozen=True, slots=True)
class Credit:
    """An open negative item of the customer. ``amount`` is positive, in ``currency``.

    ``on`` is the day on which it was booked.
    """

    id: int
    currency: int
    amount: Decimal
    reverses: int | None = None
    on: date = date.min


@dataclass(frozen=True, slots=True)
class Offset:
    """An open positive item that is no receivable: a refund paid out, a returned payment.

    It uses up credits, and is asked for nowhere. ``amount`` is in ``currency``.
    """

    id: int
    currency: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a credit given to one receivable, which is paid to ``account``."""

    credit_id: int
    receivable_id: int
    currency: int
    amount: Decimal
    account: int | None = None


def open_credits(credits: Iterable[Credit], offsets: Iterable[Offset]) -> tuple[Credit, ...]:
    """Return what is left of credits that offsets of their currency use up, oldest first.

    >>> paid, note = Credit(7, 1, Decimal(100), on=date(2026, 5, 2)), Credit(8, 1, Decimal(300))
    >>> [(c.id, str(c.amount)) for c in open_credits([paid, note], [Offset(9, 1, Decimal(320))])]
    [(7, '80')]
    """
    used: dict[int, Decimal] = defaultdict(Decimal)
    for offset in offsets:
        used[offset.currency] += offset.amount
    if not used:
        return tuple(credits)
    left = []
    for credit in sorted(credits, key=lambda c: (c.on, c.id)):
        part = min(credit.amount, used[credit.currency])
        used[credit.currency] -= part
        if credit.amount > part:
            left.append(replace(credit, amount=credit.amount - part))
    return tuple(left)


def share_credits(
    receivables: Iterable[Receivable], orders: Mapping[int, int], credits: Iterable[Credit]
) -> dict[int, list[Share]]:
    """Share credits over receivables of their currency, by amount.

    First over the invoice that a credit note reverses, then by highest order, due date and id.

    >>> from datetime import date
    >>> first, second = (Receivable(i, i, 1, date(2026, 5, i), Decimal(100)) for i in (1, 2))
    >>> shares = share_credits([first, second], {1: 1, 2: 2}, [Credit(9, 1, Decimal(130))])
    >>> [(r, str(s.amount)) for r, parts in sorted(shares.items()) for s in parts]
    [(1, '30'), (2, '100')]
    """
    claims = sorted(receivables, key=lambda r: (-orders.get(r.id, 0), r.due, r.id))
    room = {claim.id: claim.residual for claim in claims}
    left = {credit.id: credit for credit in sorted(credits, key=lambda c: c.id)}
    rest = {credit.id: credit.amount for credit in left.values()}
    shares: dict[int, list[Share]] = defaultdict(list)

    def give(credit: Credit, claim: Receivable) -> None:
        amount = min(rest[credit.id], room[claim.id])
        if amount > ZERO:
            rest[credit.id] -= amount
            room[claim.id] -= amount
            share = Share(credit.id, claim.id, credit.currency, amount, claim.account)
            shares[claim.id].append(share)

    for own_invoice in (True, False):
        for credit in left.values():
            for claim in claims:
                reversed_by = claim.move_id == credit.reverses
                if claim.currency == credit.currency and (reversed_by or not own_invoice):
                    give(credit, claim)
    return dict(shares)


def merge_shares(shares: Iterable[Share]) -> tuple[Share, ...]:
    """Add up the parts of one credit that lie in one block of a reminder, by its account.

    The receivable is the first's.
    """
    merged: dict[tuple[int, int | None], Share] = {}
    for share in shares:
        key = share.credit_id, share.account
        before = merged.get(key)
        merged[key] = replace(before, amount=before.amount + share.amount) if before else share
    return tuple(merged.values())


def totals(
    receivables: Iterable[Receivable], shares: Mapping[int, list[Share]]
) -> dict[int, Decimal]:
    """Return the total to pay per currency: balances less the shares of credits in them."""
    totals: dict[int, Decimal] = defaultdict(Decimal)
    for receivable in receivables:
        deducted = sum((share.amount for share in shares.get(receivable.id, ())), ZERO)
        totals[receivable.currency] += receivable.residual - deducted
    return dict(totals)


def payable(
    receivables: Iterable[Receivable], shares: Mapping[int, list[Share]]
) -> dict[int, Decimal]:
    """Return the totals of the currencies in which something is left to pay."""
    return {cur: total for cur, total in totals(receivables, shares).items() if total > ZERO}
