"""What comes: the next reminder of each receivable, on the day on which it would be issued."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from .plan import Company, Customer, Reminder, plan
from .schedule import ONE_DAY, Past, decide, later


@dataclass(frozen=True, slots=True)
class Coming:
    """A reminder that job 1 would issue on a day, if nothing changes until then."""

    customer: int
    on: date
    reminder: Reminder


def coming(customer: Customer, company: Company, first: date, until: date) -> Iterator[Coming]:
    """Yield what a customer would get, by day; of each receivable the next reminder alone.

    What follows a reminder depends on when it is sent and on what is paid by then, so it is not
    told before. A day is planned by the code that job 1 runs: on the first one, this is its plan.

    :param first: the day of the next run of job 1, before which nothing is issued
    :param until: the last day that is asked for
    """
    past = dict(customer.past)
    for day in _days(customer, company, first, until):
        made = plan(replace(customer, past=past), replace(company, today=day))
        for reminder in made.reminders:
            yield Coming(customer.id, day, reminder)
            past |= {
                line.receivable.id: _told(line.level.order, line.level.days, day, customer)
                for line in reminder.lines
            }


def _days(customer: Customer, company: Company, first: date, until: date) -> list[date]:
    """Return the days on which something of a customer comes to its turn."""
    terms = replace(company, today=first).terms(by_hand=False)
    days = {
        max(first, later(item.due, ONE_DAY), day)
        for item in customer.receivables
        if (day := decide(item, customer.rule, customer.past.get(item.id), terms).next_date)
    }
    return sorted(day for day in days if day <= until)


def _told(order: int, days: int, on: date, customer: Customer) -> Past:
    """Return a reminder after which nothing of its receivables is told: as if it waited."""
    return Past(order, days, on, customer.rule.id, pending=True)
