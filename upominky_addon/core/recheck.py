"""What is left of an issued reminder when it is read again, to be approved or sent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from .money import ZERO, Share, merge_shares, payable
from .plan import (
    Company,
    Customer,
    credit_shares,
    held_currencies,
    is_below,
    orders_of,
    touchable,
)
from .schedule import Receivable, decide


@dataclass(frozen=True, slots=True)
class Rechecked:
    """What is left of a reminder that was issued and not mailed yet.

    ``kept`` are receivables with today's balances, ``gone`` ids of those that drop out with the
    state that they take. ``reason`` is set when nothing may be sent.
    """

    kept: tuple[Receivable, ...]
    gone: Mapping[int, str]
    credits: tuple[Share, ...]
    totals: Mapping[int, Decimal]
    reason: str | None = None


def recheck(
    lines: Iterable[int],
    paid: Iterable[int],
    customer: Customer,
    company: Company,
    by_hand: bool = False,
) -> Rechecked:
    """Read an issued reminder again before it is approved or sent.

    ``lines`` are the ids of its receivables that are still open in it, ``paid`` those of them
    without a balance; ``customer`` carries the reminder's own rule. The minimum does not bind what
    was issued ``by_hand``.
    """
    terms = company.terms(by_hand=False)
    past = customer.past
    overdue = [r for r in customer.receivables if r.due < company.today]
    decisions = {r.id: decide(r, customer.rule, past.get(r.id), terms) for r in overdue}
    claims = touchable(overdue, decisions)
    # What is due today and was not issued, as too small, claims its credits as it did then.
    shares = credit_shares(customer, claims, orders_of(customer, decisions))
    held, wanted, settled = held_currencies(customer), set(lines), set(paid)
    mine = [r for r in claims if r.id in wanted and r.currency not in held]
    totals = payable(mine, shares)
    kept = tuple(r for r in mine if r.currency in totals)
    out = wanted - {r.id for r in kept}
    gone = {i: "paid" if i in settled else "dropped" for i in sorted(out)}
    used = merge_shares(share for r in kept for share in shares.get(r.id, ()))
    minimum = customer.rule.minimum if customer.rule and not by_hand else ZERO
    reason = None
    if not kept:
        reason = "paid" if out and out <= settled else "nothing_left"
    elif is_below(totals, minimum, company):
        reason = "below_minimum"
    return Rechecked(kept, gone, used, totals, reason)
