"""Examples that the tests of core/ share: three levels, one overdue invoice, one day."""

from datetime import date
from decimal import Decimal

from ...core import money, plan, schedule
from ...core.recipient import EMAIL, Recipient

CZK, EUR = 1, 2
TODAY = date(2026, 6, 1)
LEVELS = (schedule.Level(1, 1, 7), schedule.Level(2, 2, 21), schedule.Level(3, 3, 35))
RULE = schedule.Rule(1, LEVELS)
ACCOUNTS = Recipient(EMAIL, "accounts@customer.cz", "cs_CZ")
BUYER = Recipient(EMAIL, "buyer@customer.cz", "en_US")


def rule(*levels, **values):
    return schedule.Rule(values.pop("id", 1), levels or LEVELS, **values)


def receivable(id=1, residual=100, due=date(2026, 5, 1), currency=CZK, **values):
    """Return what ``id`` owes; its invoice has the number 10 × id."""
    values = {"move_id": 10 * id, "invoice_to": (ACCOUNTS,), "lang": "cs_CZ"} | values
    return schedule.Receivable(
        id=id, currency=currency, due=due, residual=Decimal(residual), **values
    )


def credit(id=1, amount=100, currency=CZK, reverses=None):
    return money.Credit(id, currency, Decimal(amount), reverses)


def reached(order=1, days=7, on=date(2026, 5, 8), **values):
    return schedule.Past(order, days, on, **({"rule_id": 1} | values))


def customer(*receivables, rule=RULE, past=None, credits=(), left_out=()):
    return plan.Customer(7, rule, receivables, past or {}, tuple(credits), left_out=left_out)


def company(today=TODAY, **values):
    values = {"rates": {CZK: Decimal(1), EUR: Decimal(25)}} | values
    return plan.Company(today, **values)


def issued(customer, company=None, by_hand=None):
    """Return what of a plan is easiest to compare: level order, ids of lines, totals."""
    return [
        (
            reminder.level.order,
            sorted(line.receivable.id for line in reminder.lines),
            {currency: int(total) for currency, total in reminder.totals.items()},
        )
        for reminder in plan.plan(customer, company or COMPANY, by_hand).reminders
    ]


def codes(customer, company=None, by_hand=None):
    decisions = plan.plan(customer, company or COMPANY, by_hand).decisions
    return {id: str(decision.code) for id, decision in decisions.items()}


COMPANY = company()
