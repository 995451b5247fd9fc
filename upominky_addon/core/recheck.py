"""What is left of an issued reminder when it is read again, to be approved or sent."""

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from .left_out import LeftOut, why_left_out
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
from .reasons import Code, untouchable
from .schedule import Decision, Receivable, decide, is_overdue


class Left(StrEnum):
    """Why a line drops out of an unmailed reminder, where :mod:`.reasons` has no reason."""

    PAID = "paid"
    IN_PAYMENT = "in_payment"
    UNPOSTED = "unposted"
    REVERSED = "reversed"
    CURRENCY = "currency"
    MOVED = "moved"
    NO_RECEIVABLE = "no_receivable"
    #: Of a notice: its due date has passed, or was moved further away than the rule tells of.
    NOT_AHEAD = "not_ahead"
    NOT_SOON = "not_soon"
    #: Of thanks: not paid, or not lately; something else is open; the customer is left alone.
    UNTHANKED = "unthanked"
    OWES_OTHERS = "owes_others"
    LEFT_ALONE = "left_alone"


#: A code of :mod:`.reasons`, or one of :class:`Left`.
Why = str


@dataclass(frozen=True, slots=True)
class Missing:
    """What became of a receivable that its customer does not owe any more.

    ``payment`` is the payment state of its invoice, None where it is no invoice's.
    """

    posted: bool
    same_customer: bool
    payment: str | None = None

    @property
    def is_reversed(self) -> bool:
        """Say whether its invoice was credited in full: nobody paid it."""
        return self.payment == "reversed"

    def why(self) -> Left:
        """Return the reason, the one that explains most first.

        >>> Missing(posted=True, same_customer=False).why()
        <Left.MOVED: 'moved'>
        """
        reasons = (
            (not self.posted, Left.UNPOSTED),
            (self.is_reversed, Left.REVERSED),
            (self.payment == "in_payment", Left.IN_PAYMENT),
            (not self.same_customer, Left.MOVED),
        )
        return next((reason for applies, reason in reasons if applies), Left.NO_RECEIVABLE)


@dataclass(frozen=True, slots=True)
class Rechecked:
    """What is left of a reminder that was issued and not mailed yet.

    ``kept`` are receivables with today's balances, ``gone`` ids of those that drop out with the
    state that they take, and ``why`` with the reason. ``reason`` is set when nothing may be sent.
    """

    kept: tuple[Receivable, ...]
    gone: Mapping[int, str]
    credits: tuple[Share, ...]
    totals: Mapping[int, Decimal]
    reason: str | None = None
    why: Mapping[int, Why] = field(default_factory=dict)


def recheck(
    lines: Iterable[int],
    paid: Iterable[int],
    customer: Customer,
    company: Company,
    by_hand: bool = False,
    *,
    missing: Mapping[int, Missing] | None = None,
    asks: Callable[[Receivable, date], bool] = is_overdue,
) -> Rechecked:
    """Read an issued reminder again before it is approved or sent.

    ``lines`` are the ids of its receivables that are still open in it, ``paid`` those of them
    without a balance, ``missing`` all that the customer does not owe now; ``customer`` carries
    its own rule. No minimum binds what was issued ``by_hand``. ``asks``: may it be, on that day?
    """
    terms = company.terms(by_hand=False)
    asked = [r for r in customer.receivables if asks(r, company.today)]
    decisions = {r.id: decide(r, customer.rule, customer.past.get(r.id), terms) for r in asked}
    claims = touchable(asked, decisions)
    # What is due today and was not issued, as too small, claims its credits as it did then.
    shares = credit_shares(customer, claims, orders_of(customer, decisions))
    missing = missing or {}
    held, wanted = held_currencies(customer), set(lines)
    settled = {i for i in paid if i not in missing or not missing[i].is_reversed}
    mine = [r for r in claims if r.id in wanted and r.currency not in held]
    totals = payable(mine, shares)
    kept = tuple(r for r in mine if r.currency in totals)
    out = wanted - {r.id for r in kept}
    gone = {i: "paid" if i in settled else "dropped" for i in sorted(out)}
    why = _reasons(gone, customer, decisions, missing)
    used = merge_shares(share for r in kept for share in shares.get(r.id, ()))
    minimum = customer.rule.minimum if customer.rule and not by_hand else ZERO
    reason = None
    if not kept:
        reason = "paid" if out and out <= settled else "nothing_left"
    elif is_below(totals, minimum, company):
        reason = "below_minimum"
        why |= {r.id: Code.BELOW_MINIMUM for r in kept}
    return Rechecked(kept, gone, used, totals, reason, why)


def asks_for_more(
    asked: Mapping[int, Decimal], used: Mapping[int, Decimal], now: Rechecked
) -> bool:
    """Say whether what a reminder asks for is more than is left of it now.

    ``asked`` are amounts by receivable, ``used`` the credits taken off them, by currency.

    >>> from datetime import date
    >>> left = Receivable(7, 1, 3, date(2026, 5, 1), Decimal(90))
    >>> now = Rechecked((left,), {}, (Share(9, 7, 3, Decimal(10)),), {3: Decimal(80)})
    >>> ten = {3: Decimal(10)}
    >>> asks_for_more({7: Decimal(90)}, ten, now), asks_for_more({7: Decimal(100)}, ten, now)
    (False, True)
    >>> asks_for_more({7: Decimal(90)}, {}, now), asks_for_more({7: Decimal(90), 8: ZERO}, ten, now)
    (True, True)
    """
    left = {receivable.id: receivable.residual for receivable in now.kept}
    if any(item not in left or left[item] < amount for item, amount in asked.items()):
        return True
    credited: dict[int, Decimal] = {}
    for share in now.credits:
        credited[share.currency] = credited.get(share.currency, ZERO) + share.amount
    return any(amount > used.get(currency, ZERO) for currency, amount in credited.items())


def _reasons(
    gone: Mapping[int, str],
    customer: Customer,
    decisions: Mapping[int, Decision],
    missing: Mapping[int, Missing],
) -> dict[int, Why]:
    """Say why each line drops out."""
    owed = {receivable.id: receivable for receivable in customer.receivables}
    left_out = {item.id: item for item in customer.left_out}
    held = held_currencies(customer)
    return {
        i: Left.PAID
        if state == "paid"
        else _why_left_out(left_out[i], customer)
        if i in left_out
        else missing[i].why()
        if i in missing
        else _why(owed.get(i), decisions.get(i), held)
        for i, state in gone.items()
    }


def _why_left_out(item: LeftOut, customer: Customer) -> Why:
    """Say why something that is owed is no receivable any more, a person's act first."""
    own = (Code.NO_FOLLOWUP, Code.NO_DUE_DATE)
    reasons = why_left_out(item, customer.rule).blockers
    return next((reason for reason in reasons if reason in own), reasons[0])


def _why(receivable: Receivable | None, decision: Decision | None, held: Container[int]) -> Why:
    """Say why a receivable with a balance may not be asked for: the first reason that applies.

    Without a decision it may not be asked for yet; ``held`` are currencies that wait for a credit.
    """
    if receivable is None:
        return Left.NO_RECEIVABLE
    if decision is None:
        return Code.NOT_DUE_YET
    stops = untouchable(decision.blockers)
    if stops:
        return stops[0]
    return Code.CREDIT_OPEN if receivable.currency in held else Code.COVERED_BY_CREDITS
