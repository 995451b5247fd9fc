"""Who gets which reminder, of how much."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from .contacts import lang_of, recipients
from .left_out import LeftOut, why_left_out
from .lifecycle import No, mode_stops
from .money import (
    ZERO,
    Credit,
    Offset,
    Share,
    merge_shares,
    open_credits,
    payable,
    rounded,
    share_credits,
)
from .reasons import Code, untouchable
from .recipient import Recipient
from .schedule import (
    Decision,
    Level,
    Past,
    Receivable,
    Rule,
    Terms,
    decide,
)

#: What is issued; a reminder without an address is issued and will fail, where people see it.
ISSUED = frozenset({Code.DUE, Code.NO_EMAIL})


@dataclass(frozen=True, slots=True)
class Customer:
    """All that is read about one customer: every receivable, every open credit, and the rest.

    ``left_out`` are those ``offsets`` that a person might want to have reminded.
    """

    id: int
    rule: Rule | None
    receivables: tuple[Receivable, ...]
    past: Mapping[int, Past] = field(default_factory=dict)
    credits: tuple[Credit, ...] = ()
    offsets: tuple[Offset, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class Company:
    """What of a company bears on its reminders.

    ``rates`` turn one unit of a currency into the company's currency, as of today.
    """

    today: date
    start: date | None = None
    mode: str = "live"
    pilots: frozenset[int] = frozenset()
    rates: Mapping[int, Decimal] = field(default_factory=dict)
    quantum: Decimal = Decimal("0.01")

    def convert(self, amount: Decimal, currency: int) -> Decimal:
        """Return ``amount`` in the company's currency, rounded to its ``quantum``."""
        return rounded(amount * self.rates[currency], self.quantum)

    def terms(self, by_hand: bool) -> Terms:
        """Return what :func:`schedule.decide` needs of the company."""
        return Terms(self.today, self.start, by_hand)

    def stop(self, customer_id: int) -> Code | None:
        """Return why the mode keeps a customer from being reminded, None if it does not."""
        stopped = mode_stops(self.mode, customer_id in self.pilots)
        return stopped and {No.NOT_PILOT: Code.PILOT, No.MODE_OFF: Code.MODE_OFF}[stopped]


@dataclass(frozen=True, slots=True)
class Line:
    """One receivable in a reminder, at its own level."""

    receivable: Receivable
    level: Level


@dataclass(frozen=True, slots=True)
class Group:
    """Due lines that go to the same people in the same language at the same level."""

    level: Level
    recipients: tuple[Recipient, ...]
    lang: str | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder to issue. ``totals`` are lines less credits, per currency."""

    level: Level
    recipients: tuple[Recipient, ...]
    lang: str | None
    lines: tuple[Line, ...]
    credits: tuple[Share, ...]
    totals: Mapping[int, Decimal]


@dataclass(frozen=True, slots=True)
class Plan:
    """Reminders to issue for one customer, and the reason for each receivable.

    ``left_out`` are the reasons for what is owed and is no receivable.
    """

    reminders: tuple[Reminder, ...]
    decisions: Mapping[int, Decision]
    left_out: Mapping[int, Decision] = field(default_factory=dict)


def is_below(totals: Mapping[int, Decimal], minimum: Decimal, company: Company) -> bool:
    """Say whether the total to pay, converted at today's rates, is below ``minimum``."""
    if minimum <= ZERO:
        return False
    return sum((company.convert(total, cur) for cur, total in totals.items()), ZERO) < minimum


def credit_shares(
    customer: Customer, touchable: Iterable[Receivable], orders: Mapping[int, int]
) -> dict[int, list[Share]]:
    if customer.rule is None or customer.rule.credit_policy != "deduct" or not customer.credits:
        return {}
    return share_credits(touchable, orders, open_credits(customer.credits, customer.offsets))


def credits_today(customer: Customer, company: Company) -> dict[int, list[Share]]:
    """Return how open credits are shared over what a customer owes, as its plan of today does.

    Without a rule nobody is reminded, and yet a credit is the customer's money: it is deducted.
    """
    decisions = {
        r.id: decide(r, customer.rule, customer.past.get(r.id), company.terms(by_hand=False))
        for r in customer.receivables
    }
    overdue = [r for r in customer.receivables if r.due < company.today]
    if customer.rule is None:
        left = open_credits(customer.credits, customer.offsets)
        return share_credits(overdue, orders_of(customer, decisions), left)
    orders = orders_of(customer, decisions)
    return credit_shares(customer, touchable(overdue, decisions), orders)


def held_currencies(customer: Customer) -> frozenset[int]:
    if customer.rule is None or customer.rule.credit_policy != "hold":
        return frozenset()
    left = open_credits(customer.credits, customer.offsets)
    return frozenset(credit.currency for credit in left)


def _groups(lines: Iterable[Line], grouping: str) -> list[Group]:
    """Put the due lines of a customer together: by level, recipients and language.

    ``highest_level`` puts all that need no approval under the highest level due among them.
    """
    lines = tuple(lines)
    mergeable = [line.level for line in lines if not line.level.approval]
    highest = max(mergeable, key=lambda level: level.order, default=None)
    groups: dict[tuple, tuple[Level, tuple[Recipient, ...], str | None, list[Line]]] = {}
    for line in lines:
        merges = grouping == "highest_level" and not line.level.approval
        level = highest if merges else line.level
        to = recipients(line.receivable, level)
        lang = lang_of(to, line.receivable.lang)
        key = (level.order, tuple(recipient.key for recipient in to), lang or "")
        groups.setdefault(key, (level, to, lang, []))[-1].append(line)
    found = (groups[key] for key in sorted(groups))
    return [Group(level, to, lang, tuple(mine)) for level, to, lang, mine in found]


def _build(
    group: Group, shares: Mapping[int, list[Share]], totals: Mapping[int, Decimal]
) -> Reminder:
    """Make a reminder of a group, every currency of which is left with something to pay."""
    used = merge_shares(
        share for line in group.lines for share in shares.get(line.receivable.id, ())
    )
    return Reminder(group.level, group.recipients, group.lang, group.lines, used, totals)


def _uncovered(
    lines: tuple[Line, ...], grouping: str, shares: Mapping[int, list[Share]]
) -> list[tuple[Group, dict[int, Decimal]]]:
    """Return the groups left when every currency that its group's credits cover is taken out.

    Each comes with its totals. Taking lines out may lower the highest level due, so groups are made
    anew until nothing changes.
    """
    while True:
        groups = [
            (group, payable((line.receivable for line in group.lines), shares))
            for group in _groups(lines, grouping)
        ]
        left = tuple(
            line
            for group, totals in groups
            for line in group.lines
            if line.receivable.currency in totals
        )
        if len(left) == len(lines):
            return groups
        lines = left


def verdict(reminder: Reminder, customer: Customer, company: Company, by_hand: bool) -> Code:
    """Decide about one reminder: too small, stopped by the mode, or issued."""
    minimum = customer.rule.minimum if customer.rule and not by_hand else ZERO
    if is_below(reminder.totals, minimum, company):
        return Code.BELOW_MINIMUM
    if stop := company.stop(customer.id):
        return stop
    return Code.NO_EMAIL if reminder.level.send and not reminder.recipients else Code.DUE


def touchable(
    receivables: Iterable[Receivable], decisions: Mapping[int, Decision]
) -> list[Receivable]:
    """Return those that credits are shared over: overdue and neither excluded nor held."""
    return [r for r in receivables if not untouchable(decisions[r.id].blockers)]


def orders_of(
    customer: Customer, decisions: Mapping[int, Decision], chosen: Container[int] | None = None
) -> dict[int, int]:
    """Return the order of each receivable: the one being issued today, else the one reached."""
    orders = {receivable_id: past.order for receivable_id, past in customer.past.items()}
    for receivable_id, decision in decisions.items():
        if decision.code is Code.DUE and (chosen is None or receivable_id in chosen):
            orders[receivable_id] = decision.level.order
    return orders


def _issue(
    due: list[Line],
    shares: Mapping[int, list[Share]],
    customer: Customer,
    company: Company,
    by_hand: bool,
) -> tuple[list[Reminder], dict[int, Code]]:
    """Make the reminders of the due lines, and say why a due line is in none."""
    held = held_currencies(customer)
    grouping = customer.rule.grouping if customer.rule else "per_level"
    codes = {
        line.receivable.id: Code.CREDIT_OPEN for line in due if line.receivable.currency in held
    }
    rest = tuple(line for line in due if line.receivable.currency not in held)
    issued: list[Reminder] = []
    while rest:
        found, verdicts = _issue_once(rest, shares, customer, company, by_hand)
        codes |= verdicts
        issued += found
        if not found or grouping != "highest_level":
            break
        # With the highest level issued, a lower one is now the highest of what is left.
        gone = {line.receivable.id for reminder in found for line in reminder.lines}
        rest = tuple(line for line in rest if line.receivable.id not in gone)
    return issued, codes


def _issue_once(
    lines: tuple[Line, ...],
    shares: Mapping[int, list[Share]],
    customer: Customer,
    company: Company,
    by_hand: bool,
) -> tuple[list[Reminder], dict[int, Code]]:
    grouping = customer.rule.grouping if customer.rule else "per_level"
    codes = {line.receivable.id: Code.COVERED_BY_CREDITS for line in lines}
    issued = []
    for group, totals in _uncovered(lines, grouping, shares):
        reminder = _build(group, shares, totals)
        code = verdict(reminder, customer, company, by_hand)
        codes |= {line.receivable.id: code for line in reminder.lines}
        issued += [reminder] if code in ISSUED else []
    return issued, codes


def plan(customer: Customer, company: Company, by_hand: Container[int] | None = None) -> Plan:
    """Decide what one customer gets today, and why for each overdue receivable.

    ``by_hand`` are the receivables that a person chose to issue now, whatever the dates say;
    None is the job's own decision about all of them. They are those of all customers: a set, that
    is asked and never gone through.
    """
    terms = company.terms(by_hand is not None)
    receivables = sorted(customer.receivables, key=lambda r: r.id)
    all_decisions = {
        r.id: decide(r, customer.rule, customer.past.get(r.id), terms) for r in receivables
    }
    overdue = [r for r in receivables if r.due < company.today]
    wanted = overdue if by_hand is None else [r for r in receivables if r.id in by_hand]
    decisions = {r.id: all_decisions[r.id] for r in wanted}
    due = [Line(r, decisions[r.id].level) for r in wanted if decisions[r.id].code is Code.DUE]
    orders = orders_of(customer, all_decisions, by_hand)
    shares = credit_shares(customer, touchable(overdue, all_decisions), orders)
    reminders, codes = _issue(due, shares, customer, company, by_hand is not None)
    decisions |= {
        i: _verdict_of(decisions[i], code)
        for i, code in codes.items()
        if decisions[i].code is not code
    }
    return Plan(tuple(reminders), decisions, _left_out(customer, company))


def _verdict_of(decision: Decision, code: Code) -> Decision:
    """Return what was decided about a receivable once its reminder was.

    Its date has come: where something else keeps it back, no day can be told.
    """
    return replace(decision, code=code, next_date=decision.next_date if code in ISSUED else None)


def _left_out(customer: Customer, company: Company) -> dict[int, Decision]:
    """Return why each item is left out that is overdue, or would be if it had a due date."""
    return {
        item.id: why_left_out(item, customer.rule)
        for item in customer.left_out
        if item.due is None or item.due < company.today
    }
