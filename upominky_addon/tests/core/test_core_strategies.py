"""What the property tests of core/ draw: rules, customers with debts and credits, companies."""

import os
import tempfile
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir

from ...core.money import Credit
from ...core.plan import Company, Customer
from ...core.recipient import EMAIL, Recipient
from ...core.schedule import Hold, Level, Past, Receivable, Rule
from .test_core_common import CZK, EUR, TODAY

# Whoever runs the tests gets no .hypothesis folder where they stand.
set_hypothesis_home_dir(Path(tempfile.gettempdir()) / "hypothesis")

#: Examples are the same in each run, and no time limit makes a slow machine fail.
EXAMPLES = 1000 if os.environ.get("UPOMINKY_LONG") else 60
repeatable = settings(deadline=None, derandomize=True, database=None, max_examples=EXAMPLES)

ADDRESSES = tuple(
    Recipient(EMAIL, *who) for who in (("a@x.cz", "cs_CZ"), ("b@x.cz", "en_US"), ("c@x.cz",))
)

#: Mostly not, so that an example is not stopped by everything at once.
seldom = st.sampled_from((False,) * 7 + (True,))
often = st.sampled_from((True,) * 7 + (False,))
currencies = st.sampled_from((CZK, CZK, EUR))
amounts = st.sampled_from((1, 5_000, 9_999, 10_000, 10_001, 30_000)).map(
    lambda cents: Decimal(cents).scaleb(-2)
)
addresses = st.sampled_from(
    (ADDRESSES[:1],) * 4 + (ADDRESSES[1:2], ADDRESSES[:2], ADDRESSES[2:], ())
)


def days(first, last):
    """Return days from ``first`` to ``last`` as seen from today."""
    return st.integers(first, last).map(lambda number: TODAY + timedelta(number))


holds = st.builds(
    Hold, until=st.none() | days(-5, 20), reason=st.sampled_from((None, "promise", "dispute"))
)
kinds = st.sampled_from(("free",) * 12 + ("excluded", "no_followup", "blocked", "holds"))


@st.composite
def troubles(draw):
    """Draw what keeps a receivable from being reminded, if anything."""
    kind = draw(kinds)
    if kind == "holds":
        return {"holds": tuple(draw(st.lists(holds, min_size=1, max_size=2)))}
    return {} if kind == "free" else {kind: True}


levels = st.builds(
    Level,
    id=st.just(0),
    order=st.just(0),
    days=st.sampled_from((0, 3, 7, 14, 21, 35)),
    auto=often,
    approval=seldom,
    send=st.booleans(),
    contact=st.sampled_from(("invoice", "order", "both")),
)


@st.composite
def rules(draw, **fixed):
    """Draw a rule of one to three levels, with gaps between their orders."""
    drawn = draw(st.sampled_from((1, 2, 3, 3, 3)).flatmap(lambda n: st.tuples(*[levels] * n)))
    orders = [2 * number + draw(st.integers(0, 1)) for number in range(1, len(drawn) + 1)]
    numbered = [replace(each, id=100 + n, order=n) for each, n in zip(drawn, orders, strict=True)]
    values = {
        "id": st.sampled_from((1, 2)),
        "grouping": st.sampled_from(("per_level", "highest_level")),
        "minimum": st.sampled_from((Decimal(0), Decimal(0), Decimal(150))),
        "credit_policy": st.sampled_from(("deduct", "deduct", "deduct", "hold", "ignore")),
    }
    values = {name: draw(strategy) for name, strategy in values.items()} | fixed
    return Rule(levels=tuple(numbered), **values)


due_days = st.sampled_from((-60, -50, -45, -40, -36, -35, -30, -21, -14, -7, -1, 0, 2)).map(
    lambda number: TODAY + timedelta(number)
)


@st.composite
def receivables(draw, id):
    return Receivable(
        id=id,
        move_id=draw(st.sampled_from((10, 20, 30))),
        currency=draw(currencies),
        due=draw(due_days),
        residual=draw(amounts),
        invoice_to=draw(addresses),
        order_to=draw(addresses),
        lang="cs_CZ",
        **draw(troubles()),
    )


def credits(id):
    return st.builds(Credit, st.just(id), currencies, amounts, st.sampled_from((None, 10, 20)))


pasts = st.builds(
    Past,
    order=st.sampled_from((1, 2, 2, 3, 3, 5)),
    level_days=st.sampled_from((0, 3, 7, 14, 21, 35)),
    on=days(-40, 0),
    rule_id=st.sampled_from((1, 2)),
    pending=seldom,
    deadline=st.none() | days(-10, 10),
)


@st.composite
def several(draw, strategy, least, most):
    """Draw ``least`` to ``most`` of what ``strategy`` makes of an id."""
    count = draw(st.sampled_from(range(least, most + 1)))
    return tuple(draw(strategy(id)) for id in range(1, count + 1))


@st.composite
def customers(draw, **fixed):
    debts = draw(several(receivables, 1, 5))
    past = {debt.id: draw(pasts) for debt in debts if draw(st.booleans())}
    return Customer(7, draw(rules(**fixed)), debts, past, draw(several(credits, 0, 2)))


companies = st.builds(
    Company,
    today=st.just(TODAY),
    start=st.sampled_from((None,) * 5 + (date(2026, 5, 10),)),
    mode=st.sampled_from(("live",) * 6 + ("pilot", "off")),
    pilots=st.sampled_from((frozenset(), frozenset({7}))),
    rates=st.just({CZK: Decimal(1), EUR: Decimal(25)}),
)
