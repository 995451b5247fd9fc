"""What is asked beside debts, stated a second time: interest day by day, costs, codes to pay by.

As the oracle it shares no code with ``core/``: rates are typed here, balances are read from journal
items, and each day is added up by itself.
"""

from collections import defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext

from .oracle import Oracle, deadline, share_of

ONE_DAY = timedelta(days=1)
#: Base rates in percent, by the first day of the half-year: made up, so that each is told apart.
RATES = {
    "cz": {date(2025, 7, 1): "3.50", date(2026, 1, 1): "3.75"},
    "sk": {date(2025, 7, 1): "2.15", date(2026, 1, 1): "2.40"},
    "de": {date(2025, 7, 1): "1.27", date(2026, 1, 1): "-0.88"},
}
#: Rates of days for Slovak law: of which days, first and last.
DAY_RATES = {
    (date(2025, 6, 1), date(2026, 1, 14)): "2.05",
    (date(2026, 1, 15), date(2026, 12, 31)): "2.65",
}
#: Invoices of a block with a code each (rule 37).
MOST_CODES = 6


def set_rates(env):
    """Have the product know the same rates and no others of those days."""
    rates = env["upominky.rate"].sudo()
    rates.search([("regime", "=", "sk_day")]).unlink()
    rates.search([("date_from", ">=", "2025-07-01")]).unlink()
    for regime, mine in RATES.items():
        for day, percent in mine.items():
            rates.create({"regime": regime, "date_from": day, "percent": float(percent)})
    for (first, last), percent in DAY_RATES.items():
        rates.create(
            {"regime": "sk_day", "date_from": first, "date_to": last, "percent": float(percent)}
        )


# ------------------------------------------------------------------ what is read


def read_charge_facts(env, company):
    """Return what the rules of interest, costs and codes ask about a company, as plain values."""
    env = env(su=True, context={"active_test": False, "lang": "en_US"})
    company = env["res.company"].browse(company.id)
    items = env["account.move.line"].search(
        [
            ("company_id", "=", company.id),
            ("account_id.account_type", "=", "asset_receivable"),
            ("amount_currency", ">", 0),
        ]
    )
    customers = items.partner_id.commercial_partner_id
    levels = env["upominky.level"].search([("rule_id.company_id", "=", company.id)])
    return {
        "own_currency": company.currency_id.name,
        "law": company.upominky_regime or {"CZ": "cz"}[company.country_id.code],
        "basis": company.upominky_day_basis,
        "kinds": {customer.id: customer.upominky_kind or "business" for customer in customers},
        "owed": {item.id: read_owed(item) for item in items},
        "marks": {item.id: read_mark(item.move_id) for item in items},
        "charges": {level.id: read_level(level) for level in levels},
    }


def read_level(level):
    return {
        "interest": level.interest,
        "percent": Decimal(str(level.interest_percent)),
        "cost": Decimal(str(level.flat_cost)),
        "code": level.payment_code,
        "letter": level.attach_letter,
    }


def read_owed(item):
    """Return what a receivable came to, and what took something off it when.

    A credit note of the very invoice says that so much was never owed: it has no day. What rates
    made of a payment counts with that payment.
    """
    taken = []
    for match in item.matched_credit_ids:
        other = match.credit_move_id
        caused = item.matched_credit_ids.filtered(
            lambda m, o=other: m.exchange_move_id == o.move_id
        )
        day = max(caused.credit_move_id.mapped("date"), default=other.date)
        reversed_move = other.move_id.reversed_entry_id
        is_own = other.move_id.move_type == "out_refund" and reversed_move == item.move_id
        day = None if is_own else day
        taken.append((day, Decimal(str(match.debit_amount_currency))))
    amount = Decimal(str(item.amount_currency))
    return {"due": item.date_maturity, "amount": amount, "taken": taken}


def read_mark(move):
    """Return by which number a debt is known, and the variable symbol of its payment."""
    reference = move.payment_reference or ""
    return move.name, reference if reference.isdigit() and len(reference) <= 10 else ""


# ------------------------------------------------------------------ the rules


def _day_of(credit, line):
    """Return the day from which an open credit lowers a line, None: it was never owed."""
    is_own = credit["is_note"] and credit["reverses"] and credit["reverses"] == line["move"]
    return None if is_own else credit["on"]


def percent_on(facts, level, kind, begin, day):
    """Return the rate of a day of a delay, in percent a year.

    :param begin: the first day of the delay
    """
    if level["interest"] == "contractual":
        return level["percent"]
    law = facts["law"]
    if law == "cz":
        return of_half_year("cz", begin) + 8
    if law == "de":
        return of_half_year("de", day) + (5 if kind == "consumer" else 9)
    if kind == "consumer":
        return of_day(begin) + 5
    return of_day(begin) + 9 if law == "sk_fixed" else of_half_year("sk", day) + 8


def of_half_year(bank, day):
    return Decimal(RATES[bank][date(day.year, 1 if day.month < 7 else 7, 1)])


def of_day(day):
    for (first, last), percent in DAY_RATES.items():
        if first <= day <= last:
            return Decimal(percent)
    raise LookupError(day)


def interest_on(owed, until, rate_of, basis):
    """Add up the interest of each day from the day after the due date, and round once.

    :param owed: of :func:`read_owed`
    :param rate_of: the rate of a day
    :return: the interest, and of how many days
    """
    found, days, day = defaultdict(Decimal), 0, owed["due"] + ONE_DAY
    while day <= until:
        left = owed["amount"]
        for on, amount in owed["taken"]:
            if on is None or on < day:
                left -= amount
        if left > 0:
            is_leap = basis == "actual" and (day.year % 4 == 0)
            found[366 if is_leap else 365] += left * rate_of(day)
            days += 1
        day += ONE_DAY
    with localcontext(prec=60):
        exact = sum((total / (100 * length) for length, total in found.items()), Decimal(0))
        return exact.quantize(Decimal("0.01"), ROUND_HALF_UP), days


class ChargingOracle(Oracle):
    """The book of reminders, with what each asks beside its debts."""

    def issue_once(self, facts, *arguments):
        before = len(self.book)
        issued = super().issue_once(facts, *arguments)
        for reminder in self.book[before:]:
            self.charge(facts, reminder, facts["today"])
        return issued

    def recheck(self, facts, reminder):
        result = super().recheck(facts, reminder)
        if reminder["state"] != "cancelled":
            self.charge(facts, reminder, facts["today"])
        return result

    def mark_sent(self, facts, reminder, day):
        self.charge(facts, reminder, day)
        return super().mark_sent(facts, reminder, day)

    def charge(self, facts, reminder, until):
        """Rule 38: note what is asked to a day."""
        level = facts["charges"][reminder["level"]["id"]]
        if level["interest"] == "none" and not level["cost"]:
            reminder["claim"] = no_claim()
            return
        claim = {"interest": {}, "days": {}, "costs": {}}
        totals = {name: [amount, Decimal(0), Decimal(0)] for name, amount in
                  reminder["totals"].items()}  # fmt: skip
        for line in reminder["lines"]:
            if line["state"] == "open":
                interest, days = self.interest(facts, reminder, line, until)
                cost = self.cost(facts, reminder, line)
                note(claim["interest"], line, interest)
                note(claim["days"], line, days)
                note(claim["costs"], line, cost)
                totals[line["currency"]][1] += interest
                if cost:
                    none = [Decimal(0)] * 3
                    totals.setdefault(facts["own_currency"], none)[2] += cost
        reminder["claim"] = {**claim, "totals": totals}

    def interest(self, facts, reminder, line, until):
        """Return the interest on a line, and of how many days: credits lower it from their days."""
        level = facts["charges"][reminder["level"]["id"]]
        if level["interest"] == "none":
            return Decimal(0), 0
        owed = facts["owed"].get(line["id"])
        if owed is None or not owed["due"]:  # what the reminder says is all that is known
            owed = {"due": line["due"], "amount": line["amount"], "taken": []}
        parts = reminder["parts"].get(line["id"], ())
        credits = [(_day_of(part, line), part["amount"]) for part in parts]
        owed = {**owed, "taken": owed["taken"] + credits}
        kind, begin = facts["kinds"][reminder["customer"]], owed["due"] + ONE_DAY

        def rate_of(day):
            return percent_on(facts, level, kind, begin, day)

        return interest_on(owed, until, rate_of, facts["basis"])

    def cost(self, facts, reminder, line):
        """Return the cost of a line: what was asked of it before stays, consumers pay none."""
        if facts["kinds"][reminder["customer"]] == "consumer":
            return Decimal(0)
        for other in self.book:
            is_out = other["sent_date"] and other["state"] != "cancelled"
            if other is not reminder and is_out and line["id"] in other["claim"]["costs"]:
                return other["claim"]["costs"][line["id"]]
        return facts["charges"][reminder["level"]["id"]]["cost"]


def no_claim():
    return {"interest": {}, "days": {}, "costs": {}, "totals": {}}


def note(amounts, line, amount):
    if amount:
        amounts[line["id"]] = amount


# ------------------------------------------------------------------ codes


def codes_of(facts, reminder, name):
    """Rule 37: return what the codes of a reminder ask for, sorted.

    :param name: the reminder's
    """
    blocks, found = {}, []
    # The day is counted from that of sending, which is this one if nobody got it before.
    day = reminder["deadline"] or deadline(reminder, facts["today"])
    day = day if day and day >= facts["today"] else None
    for line in reminder["lines"]:
        if line["state"] == "open":
            blocks.setdefault((line["currency"], line["account"]), []).append(line)
    for (currency, account), lines in blocks.items():
        left = {}
        for line in lines:
            mark = facts["marks"][line["id"]]
            rest = line["amount"] - share_of(reminder["parts"], line)
            left[mark] = left.get(mark, Decimal(0)) + rest
        if len(left) > MOST_CODES:
            left = {(name, None): sum(left.values())}
        for (number, symbol), amount in left.items():
            code = code_of(account, currency, number, symbol, amount)
            if amount > 0 and code:
                found.append({**code, "day": day})
    return found


def code_of(account, currency, number, symbol, amount):
    """Return what a code of a payment asks for, nothing where there is none.

    :param symbol: None if none is wanted
    """
    iban = (account or "").replace(" ", "")
    country = iban[:2]
    if country not in {"CZ", "SK", "DE"} or (country != "CZ" and currency != "EUR"):
        return None
    if country != "DE" and symbol == "":
        return None
    says = number if country != "DE" else f"{symbol or ''} {number}".strip()
    return {
        "iban": iban,
        "currency": currency,
        "amount": amount,
        "symbol": symbol or "" if country != "DE" else "",
        "says": says,
    }
