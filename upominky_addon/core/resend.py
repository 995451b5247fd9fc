"""RESEND: a summary of what a customer was already reminded of and has not paid."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from .contacts import lang_of, recipients, unique
from .money import merge_shares, payable
from .plan import (
    ISSUED,
    Company,
    Customer,
    Line,
    Reminder,
    credit_shares,
    held_currencies,
    touchable,
    verdict,
)
from .reasons import Code
from .schedule import Level, Receivable, decide, is_overdue, later


def is_time(level: Level, last_mail: date | None, today: date) -> bool:
    """Say whether the days of ``level`` have passed since the customer's last mail.

    >>> level = Level(1, 1, 14)
    >>> is_time(level, date(2026, 5, 1), date(2026, 5, 15)), is_time(level, None, date(2026, 5, 15))
    (True, False)
    """
    return last_mail is not None and today >= later(last_mail, timedelta(days=level.days))


def plan_resend(
    customer: Customer,
    company: Company,
    mailed: Collection[int],
    last_mail: date | None,
    by_hand: bool = False,
) -> tuple[Reminder | None, Code | None]:
    """Decide whether a customer gets a summary today.

    :param customer: with the rule of event resend that covers it
    :param mailed: ids of its receivables that were mailed a reminder
    :param last_mail: when it last got a message of either event
    :return: the summary, or None and why there is none (None as well when it is not time yet)
    """
    if customer.rule is None or not customer.rule.levels:
        return None, Code.NO_RULE
    if customer.rule.broken:
        return None, Code.RULE_BROKEN
    level = customer.rule.levels[0]
    if not by_hand and not is_time(level, last_mail, company.today):
        return None, None
    overdue = [r for r in customer.receivables if is_overdue(r, company.today)]
    return summarise(customer, company, overdue, mailed, by_hand)


def summarise(
    customer: Customer,
    company: Company,
    asked: Iterable[Receivable],
    wanted: Collection[int],
    by_hand: bool = False,
) -> tuple[Reminder | None, Code | None]:
    """Make the one message of a rule with one level, of what may be touched.

    :param customer: with its rule
    :param asked: what the recheck will ask for too: credits are shared over it
    :param wanted: ids of those that the message lists
    :return: the message, or None and why there is none
    """
    level = customer.rule.levels[0]
    lines, shares = _lines(customer, company, asked, wanted)
    totals = payable((line.receivable for line in lines), shares)
    lines = tuple(line for line in lines if line.receivable.currency in totals)
    if not lines:
        return None, Code.COVERED_BY_CREDITS
    used = merge_shares(share for line in lines for share in shares.get(line.receivable.id, ()))
    to = _everybody(lines, level)
    lang = lang_of(to, lines[0].receivable.lang)
    summary = Reminder(level, to, lang, lines, used, totals)
    code = verdict(summary, customer, company, by_hand)
    return (summary if code in ISSUED else None), code


def _lines(
    customer: Customer, company: Company, asked: Iterable[Receivable], wanted: Collection[int]
):
    """Return the lines of the summary, and the shares of credits as job 1 would give them."""
    terms = company.terms(by_hand=False)
    asked = sorted(asked, key=lambda r: r.id)
    decisions = {r.id: decide(r, customer.rule, customer.past.get(r.id), terms) for r in asked}
    claims = touchable(asked, decisions)
    orders = {i: past.order for i, past in customer.past.items()}
    shares = credit_shares(customer, claims, orders)
    held = held_currencies(customer)
    mine = [r for r in claims if r.id in wanted and r.currency not in held]
    return tuple(Line(receivable, customer.rule.levels[0]) for receivable in mine), shares


def _everybody(lines: tuple[Line, ...], level: Level):
    """Return the contacts of all lines, each once: a customer gets one summary."""
    return unique(r for line in reversed(lines) for r in recipients(line.receivable, level))
