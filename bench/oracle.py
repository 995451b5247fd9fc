"""An independent count of the letters, totals and interest that the data set must give.

Plain loops over plain rows: nothing of the add-on's core is used, nor the floor's SQL.
"""

import json
from collections import defaultdict
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from .process import DAY

FIRST_LEVEL_DAYS = 7
#: What Czech law asks of delays that began in the first half of 2026, as those of the data set did:
#: in percent a year of 365 days.
PERCENT, YEAR = Decimal("11.5"), 365

ITEMS = """
    SELECT item.partner_id, currency.name, item.amount_residual_currency::text, item.date_maturity,
           move.upominky_hold_until, move.move_type, item.date
      FROM account_move_line item
      JOIN account_move move ON move.id = item.move_id
      JOIN account_account account ON account.id = item.account_id
      JOIN res_currency currency ON currency.id = item.currency_id
     WHERE account.account_type = 'asset_receivable' AND move.state = 'posted'
       AND item.amount_residual_currency != 0
     ORDER BY item.date_maturity, item.id
"""
INTEREST = """
    SELECT currency.name, SUM(row.amount)::text
      FROM upominky_reminder_interest row
      JOIN res_currency currency ON currency.id = row.currency_id
     GROUP BY currency.name
"""
TOTALS = """
    SELECT currency, SUM(total)::text
      FROM upominky_reminder, LATERAL jsonb_each_text(currency_totals) AS part (currency, value),
           LATERAL (SELECT value::numeric AS total) AS number
     GROUP BY currency
"""


def _is_late(due):
    return due + timedelta(days=FIRST_LEVEL_DAYS) <= DAY


def _owed(env):
    """Return what customers owe who get a letter, and their credits, by customer and currency.

    :return: due dates and amounts; days and amounts of credits
    """
    owed, credits = defaultdict(list), defaultdict(list)
    env.cr.execute(ITEMS)
    for customer, currency, residual, due, hold, move_type, day in env.cr.fetchall():
        amount = Decimal(residual)
        if amount < 0:
            credits[customer, currency].append([day, -amount])
        elif move_type == "out_invoice" and (hold is None or hold < DAY) and _is_late(due):
            owed[customer, currency].append((due, amount))
    more = {key: debts for key, debts in owed.items() if _sum(debts) > _sum(credits[key])}
    return more, credits


def _sum(pairs):
    return sum(amount for _day, amount in pairs)


def expected(env):
    """Return how many letters are due, and what they ask for in each currency.

    :rtype: tuple[int, dict[str, Decimal]]
    """
    owed, credits = _owed(env)
    totals = defaultdict(Decimal)
    for key, debts in owed.items():
        totals[key[1]] += _sum(debts) - _sum(credits[key])
    return len({customer for customer, _currency in owed}), dict(totals)


def expected_interest(env):
    """Return the interest on what is due, in each currency.

    What was paid was paid before it was due. A credit takes off what is the oldest, from its day.

    :rtype: dict[str, Decimal]
    """
    owed, credits = _owed(env)
    found = defaultdict(Decimal)
    for key, debts in owed.items():
        found[key[1]] += sum(_interests(debts, credits[key]))
    return dict(found)


def _interests(debts, credits):
    """Yield the interest on each debt of a customer, rounded once."""
    for due, amount in debts:
        left, owed_days = amount, amount * (DAY - due).days
        for credit in credits:
            deducted = min(credit[1], left)
            credit[1] -= deducted
            left -= deducted
            owed_days -= deducted * (DAY - max(credit[0], due)).days
        exact = owed_days * PERCENT / (100 * YEAR)
        yield exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


def check_interest(env):
    """Return how much interest was written, if it is what must be.

    :raises SystemExit: if not
    """
    env.cr.execute(INTEREST)
    found = {currency: Decimal(amount) for currency, amount in env.cr.fetchall()}
    wanted = expected_interest(env)
    if wanted != found:
        raise SystemExit(f"Wrong interest: {found}, must be {wanted}")
    return {"interest": {name: f"{found[name]:.2f}" for name in sorted(found)}}


def written(env):
    """Return how many reminders there are, and the sum of their totals in each currency."""
    env.cr.execute("SELECT count(*) FROM upominky_reminder")
    letters = env.cr.fetchone()[0]
    env.cr.execute(TOTALS)
    return letters, {currency: Decimal(total) for currency, total in env.cr.fetchall()}


def check(env):
    """Return what was written, if it is what must be.

    :raises SystemExit: if not: speed on wrong totals is no win
    """
    wanted, found = expected(env), written(env)
    if wanted != found:
        raise SystemExit(f"Wrong letters or totals: {found}, must be {wanted}")
    letters, totals = found
    return {"letters": letters, "totals": {name: f"{totals[name]:.2f}" for name in sorted(totals)}}


ROWS = {
    "upominky_reminder": "partner_id, rule_id, level_id, level_order, event, by_hand, issue_date, "
    "state, to_send, email_to, lang, currency_totals::text, company_id, run_id IS NULL, "
    "next_try IS NULL, create_uid, recipient_langs::text, user_id, contact_note, note",
    "upominky_reminder_line": "move_line_id, move_id, (SELECT partner_id FROM upominky_reminder r "
    "WHERE r.id = reminder_id), event, level_order, level_days, due_date, days_overdue, "
    "currency_id, amount_issued::text, amount_due::text, state, counted, company_id",
    "upominky_reminder_credit": "move_line_id, name, currency_id, amount::text, company_id",
}


def rows(env):
    """Return all rows that were written, without what differs from run to run."""
    found = {}
    for table, columns in ROWS.items():
        env.cr.execute(f"SELECT {columns} FROM {table} ORDER BY 1, 2")  # noqa: S608 (constants)
        found[table] = [tuple(map(_plain, row)) for row in env.cr.fetchall()]
    return found


def _plain(value):
    """Return one spelling of a number and of an object: 12 and 12.00 are the same amount."""
    if isinstance(value, str) and value.replace(".", "", 1).isdigit():
        return Decimal(value).normalize()
    if isinstance(value, str) and value.startswith("{"):
        pairs = json.loads(value, parse_int=Decimal, parse_float=Decimal).items()
        return frozenset((name, _plain(str(part))) for name, part in pairs)
    return value
