"""A second, deliberately naive statement of the rules: what both jobs should do, in plain loops.

Written from the rules alone and sharing no code with ``core/``: where the two differ, one of them
is wrong. It works on plain values (see ``oracle_facts``) and remembers what it decided itself, so
that a product that forgets or doubles a reminder cannot lead it astray.
"""

from copy import deepcopy
from datetime import timedelta
from decimal import Decimal

STALE_DAYS = 7  # rule 17
MOST_ATTEMPTS = 6  # rule 22
# „Growing pauses“ (rule 22) leaves their length open; these are the product's.
PAUSES = [
    timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6),
    timedelta(days=1),
]  # fmt: skip


# ------------------------------------------------------------------ rules that remember nothing


def in_company_currency(facts, totals):
    """Rule 11: at today's rates."""
    return sum((facts["convert"](amount, name) for name, amount in totals.items()), Decimal(0))


def rule_of(facts, customer):
    """Rule 4."""
    by_customer, by_tag, for_all = [], [], []
    for rule in facts["rules"]:
        if not rule["active"]:
            continue
        if customer["id"] in rule["partners"]:
            by_customer.append(rule)
        if any(tag in customer["tags"] for tag in rule["tags"]):
            by_tag.append(rule)
        if not rule["partners"] and not rule["tags"]:
            for_all.append(rule)
    for found in (by_customer, by_tag, for_all):
        if found:
            return min(found, key=lambda rule: (rule["sequence"], rule["id"]))
    return None


def is_held(thing, today):
    """Rule 12, for an invoice or a customer."""
    if thing["hold_until"]:
        return today <= thing["hold_until"]
    return bool(thing["hold_reason"])


def is_remindable(facts, debt):
    """Rule 2."""
    customer = facts["customers"][debt["customer"]]
    if debt["no_followup"] or debt["blocked"] or customer["excluded"]:
        return False
    return not is_held(debt, facts["today"]) and not is_held(customer, facts["today"])


def debts_of(facts, customer):
    return [debt for debt in facts["debts"].values() if debt["customer"] == customer["id"]]


def credits_of(facts, customer):
    """Rule 13: what offsets leave of the customer's credits, the oldest being used up first."""
    credits = [dict(one) for one in facts["credits"] if one["customer"] == customer["id"]]
    credits.sort(key=lambda credit: (credit["on"], credit["id"]))
    for offset in facts["offsets"]:
        if offset["customer"] != customer["id"]:
            continue
        rest = offset["amount"]
        for credit in credits:
            if credit["currency"] == offset["currency"]:
                part = min(rest, credit["amount"])
                credit["amount"] -= part
                rest -= part
    return [credit for credit in credits if credit["amount"] > 0]


def deadline(reminder, sent):
    """Rule 34: days to pay are counted from the day of sending."""
    days = reminder["level"]["deadline"]
    return sent + timedelta(days=days) if days else None


# ------------------------------------------------------------------ rules that need the past


class Oracle:
    """One company's book of reminders, as it should be."""

    def __init__(self):
        self.book = []
        self.messages = []  # addresses that should have got a message
        self.refusals = 0  # attempts that the mail server did not take

    # -------------------------------------------------------------- the past of a receivable

    def past_of(self, debt_id):
        """Return the reminder and the line with the highest order that counts, or nothing."""
        found = None
        for reminder in self.book:
            for line in reminder["lines"]:
                if line["id"] != debt_id or not line["counted"]:
                    continue
                if found is None or line["order"] > found[1]["order"]:
                    found = (reminder, line)
        return found

    def order_of(self, debt_id):
        past = self.past_of(debt_id)
        return past[1]["order"] if past else 0

    def waits_for_sending(self, debt_id):
        """Rule 7."""
        for reminder in self.book:
            for line in reminder["lines"]:
                if line["id"] == debt_id and line["counted"] and is_unsent(reminder):
                    return True
        return False

    def next_level(self, rule, debt_id):
        """Rule 5."""
        for level in rule["levels"]:
            if level["order"] > self.order_of(debt_id):
                return level
        return None

    def earliest(self, rule, level, debt):
        """Rule 6."""
        day = debt["due"] + timedelta(days=level["days"])
        past = self.past_of(debt["id"])
        if past:
            reminder, line = past
            before = reminder["sent_date"] or reminder["issue_date"]
            day = max(day, before + timedelta(days=max(1, level["days"] - line["days"])))
            if reminder["rule"] != rule["id"]:
                day = max(day, before + timedelta(days=7))
            if reminder["deadline"]:  # rule 34
                day = max(day, reminder["deadline"] + timedelta(days=1))
        return day

    def level_due(self, facts, rule, debt):
        """Return the level that job 1 issues today, or nothing."""
        if not is_remindable(facts, debt) or self.waits_for_sending(debt["id"]):
            return None
        if facts["start"] and debt["due"] < facts["start"]:
            return None
        level = self.next_level(rule, debt["id"])
        if level is None or not level["auto"]:
            return None
        if facts["today"] < self.earliest(rule, level, debt):
            return None
        return level

    # -------------------------------------------------------------- credits

    def shares(self, facts, rule, customer, due):
        """Rule 13: which parts of the customer's credits each receivable gets.

        :param due: levels being issued, by receivable
        :return: credits by receivable, each with the ``amount`` that it gives
        """
        got = {}
        if rule["policy"] != "deduct":
            return got
        pool = [
            debt
            for debt in debts_of(facts, customer)
            if is_remindable(facts, debt) and debt["due"] < facts["today"]
        ]
        left = {debt["id"]: debt["amount"] for debt in pool}

        def rank(debt):
            level = due.get(debt["id"])
            order = level["order"] if level else self.order_of(debt["id"])
            return (-order, debt["due"], debt["id"])

        pool.sort(key=rank)
        credits = [dict(credit) for credit in credits_of(facts, customer)]
        for own_invoice_only in (True, False):
            for credit in sorted(credits, key=lambda credit: credit["id"]):
                for debt in pool:
                    if debt["currency"] != credit["currency"]:
                        continue
                    if own_invoice_only and debt["move"] != credit["reverses"]:
                        continue
                    part = min(credit["amount"], left[debt["id"]])
                    credit["amount"] -= part
                    left[debt["id"]] -= part
                    if part:
                        got.setdefault(debt["id"], []).append({**credit, "amount": part})
        return got

    def held_currencies(self, facts, rule, customer):
        if rule["policy"] != "hold":
            return set()
        return {credit["currency"] for credit in credits_of(facts, customer)}

    # -------------------------------------------------------------- job 1

    def job_1(self, facts):
        """Rules 5 to 16: issue what is due today."""
        for customer in facts["customers"].values():
            if not in_mode(facts, customer["id"]):
                continue
            rule = rule_of(facts, customer)
            if rule is None:
                continue
            due = {}
            for debt in debts_of(facts, customer):
                level = self.level_due(facts, rule, debt)
                if level and debt["currency"] not in self.held_currencies(facts, rule, customer):
                    due[debt["id"]] = level
            self.issue(facts, rule, customer, due)

    def issue(self, facts, rule, customer, due):
        """Rule 9: the highest level goes first; when it is issued, the rest is looked at again."""
        shares = self.shares(facts, rule, customer, due)
        rest = dict(due)
        while rest:
            issued = self.issue_once(facts, rule, customer, self.without_covered(
                facts, rule, rest, shares), shares)  # fmt: skip
            for debt_id in issued:
                del rest[debt_id]
            if not issued or rule["grouping"] != "highest_level":
                return

    def without_covered(self, facts, rule, due, shares):
        """Leave out what credits cover; with it the highest level due may go."""
        while True:
            left = {}
            for ids in self.groups(facts, rule, due).values():
                lines = [new_line(facts, facts["debts"][one], due[one]) for one in ids]
                net_of(lines, shares)
                for line in lines:
                    if line["counted"]:
                        left[line["id"]] = due[line["id"]]
            if len(left) == len(due):
                return due
            due = left

    def issue_once(self, facts, rule, customer, due, shares):
        """Return the receivables of which reminders were issued."""
        issued = []
        for (order, addresses, lang), ids in self.groups(facts, rule, due).items():
            head = next(level for level in rule["levels"] if level["order"] == order)
            lines = [new_line(facts, facts["debts"][one], due[one]) for one in ids]
            totals, used = totals_of(lines, shares)
            if in_company_currency(facts, totals) < rule["minimum"]:
                continue
            issued += ids
            self.book.append(
                {
                    "customer": customer["id"],
                    "rule": rule["id"],
                    "order": order,
                    "issue_date": facts["today"],
                    "sent_date": None,
                    "deadline": None,
                    "approved": None,
                    "last_attempt": None,
                    "state": "to_approve" if head["approval"] else "issued",
                    "to_send": head["send"],
                    "level": head,
                    "lines": lines,
                    "totals": totals,
                    "credits": used,
                    "blocks": blocks_of(lines, shares),
                    "parts": shares,
                    "addresses": addresses,
                    "lang": lang,
                    "letters": {},
                    "mailed": False,
                }
            )
        return issued

    def groups(self, facts, rule, due):
        """Rule 9: the receivables that share a reminder."""
        groups = {}
        merging = [level["order"] for level in due.values() if not level["approval"]]
        for debt_id, level in due.items():
            head = level
            if rule["grouping"] == "highest_level" and not level["approval"]:
                head = next(one for one in rule["levels"] if one["order"] == max(merging))
            contact = facts["debts"][debt_id]["contacts"][head["contact"]]
            key = (head["order"], contact["addresses"], contact["lang"])
            groups.setdefault(key, []).append(debt_id)
        return groups

    # -------------------------------------------------------------- recheck

    def recheck(self, facts, reminder):
        """Rule 17: read everything again, for a reminder that was not mailed."""
        rule = next(rule for rule in facts["rules"] if rule["id"] == reminder["rule"])
        customer = facts["customers"].get(reminder["customer"])
        lines = [line for line in reminder["lines"] if line["state"] == "open"]
        before = [dict(line) for line in lines]
        # Shares go by the order being issued today or reached, also when read again.
        due = {}
        for debt in debts_of(facts, customer) if customer else []:
            due[debt["id"]] = self.level_due(facts, rule, debt)
        shares = self.shares(facts, rule, customer, due) if customer else {}
        for line in lines:
            debt = facts["debts"].get(line["id"])
            if debt is None:
                drop(line, "paid" if line["id"] in facts["settled"] else "dropped")
            elif not is_remindable(facts, debt) or line["currency"] in self.held_currencies(
                facts, rule, customer
            ):
                drop(line, "dropped")
            else:
                for name in ("amount", "account", "credited", "due"):
                    line[name] = debt[name]
                line["overdue"] = (facts["today"] - debt["due"]).days
        left = [line for line in lines if line["counted"]]
        net_of(left, shares)
        left = [line for line in left if line["counted"]]
        totals, used = totals_of(left, shares)
        if not left or in_company_currency(facts, totals) < rule["minimum"]:
            for line in left:
                drop(line, "dropped")
            cancel(reminder)
        else:
            reminder["totals"], reminder["credits"] = totals, used
            reminder["blocks"], reminder["parts"] = blocks_of(left, shares), shares
            self.read_addresses(facts, reminder, left)
        # What drops out, and what is cancelled, keeps the amounts that it asked for last.
        for line, old in zip(lines, before, strict=True):
            if not line["counted"]:
                for name in ("amount", "account", "credited", "due", "overdue"):
                    line[name] = old[name]

    def read_addresses(self, facts, reminder, lines):
        """Read the addresses and the language anew."""
        wanted, lang = [], None
        for line in sorted(lines, key=lambda line: line["id"]):
            contact = facts["debts"][line["id"]]["contacts"][reminder["level"]["contact"]]
            lang = lang or contact["lang"]
            for address in contact["addresses"]:
                if address not in wanted:
                    wanted.append(address)
        reminder["addresses"], reminder["lang"] = tuple(sorted(wanted)), lang

    # -------------------------------------------------------------- job 2

    def job_2(self, facts, answers):
        """Rules 16 to 18 and 22: send what waits.

        :param dict answers: what the mail server says to an address, if it does not accept it
        """
        for reminder in self.book:
            if not in_mode(facts, reminder["customer"]):
                continue
            if reminder["state"] == "issued" and reminder["to_send"]:
                if not reminder["letters"] or self.is_time(facts, reminder):
                    self.recheck(facts, reminder)
                    if reminder["state"] == "issued" and self.is_stale(facts, reminder):
                        cancel(reminder)
                    self.send(facts, reminder, answers)
            elif reminder["state"] == "sent" and self.is_time(facts, reminder):
                if self.is_owed(facts, reminder) and not self.is_stale(facts, reminder):
                    self.mail(facts, reminder, answers)
                else:
                    withhold(reminder)

    def is_owed(self, facts, reminder):
        """Rule 17: amounts of a mailed reminder stay, but nobody else gets it for nothing."""
        again = deepcopy(reminder)
        self.recheck(facts, again)
        return again["state"] != "cancelled"

    def is_stale(self, facts, reminder):
        days = [reminder["issue_date"], reminder["approved"], reminder["last_attempt"]]
        last = max(day for day in days if day)
        return (facts["today"] - last).days >= STALE_DAYS

    def is_time(self, facts, reminder):
        """Tell whether the pause of a letter that waits is over."""
        waiting = [one for one in reminder["letters"].values() if one["state"] == "waiting"]
        return any(not one["next_try"] or one["next_try"] <= facts["now"] for one in waiting)

    def send(self, facts, reminder, answers):
        if reminder["state"] == "issued":
            self.write_letters(reminder)
            self.mail(facts, reminder, answers)

    def write_letters(self, reminder):
        """One letter to each contact and each copy; none to an address that is no longer theirs."""
        wanted = reminder["addresses"]
        for address in list(reminder["letters"]):
            letter = reminder["letters"][address]
            if address not in wanted and not letter["copy"] and letter["state"] != "sent":
                del reminder["letters"][address]
        for address in wanted:
            reminder["letters"].setdefault(address, new_letter(copy=False))
        for address in reminder["level"]["copies"]:
            reminder["letters"].setdefault(address, new_letter(copy=True))

    def mail(self, facts, reminder, answers):
        contacts = [letter for letter in reminder["letters"].values() if not letter["copy"]]
        if not contacts:
            reminder["state"] = "failed"
            return
        for address, letter in reminder["letters"].items():
            if letter["state"] != "waiting":
                continue
            if letter["next_try"] and letter["next_try"] > facts["now"]:
                continue
            self.hand_over(facts, reminder, address, letter, answers.get(address))
        if any(letter["state"] == "sent" for letter in contacts):
            if not reminder["mailed"]:
                reminder["mailed"] = True
                reminder["state"] = "sent"
                reminder["sent_date"] = facts["today"]
                reminder["deadline"] = deadline(reminder, facts["today"])
        elif not any(letter["state"] == "waiting" for letter in contacts):
            reminder["state"] = "failed"

    def hand_over(self, facts, reminder, address, letter, answer):
        """Make one attempt at one address (rule 22)."""
        letter["attempts"] += 1
        self.refusals += bool(answer)
        if not is_address(address) or (answer and answer.startswith("5")):
            letter["state"] = "failed"
        elif answer:
            if letter["attempts"] < MOST_ATTEMPTS:
                letter["next_try"] = facts["now"] + PAUSES[letter["attempts"] - 1]
            else:
                letter["state"] = "failed"
        else:
            letter["state"] = "sent"
            self.messages.append(address)
        reminder["last_attempt"] = facts["today"]

    # -------------------------------------------------------------- what people do

    def approve(self, facts, reminder):
        self.recheck(facts, reminder)
        if reminder["state"] == "to_approve":
            reminder["state"] = "issued"
            reminder["approved"] = facts["today"]

    def send_now(self, facts, reminder, answers):
        """Send at once (rule 8: also what was not to be mailed), or again what failed."""
        reminder["to_send"] = True
        reminder["state"] = "issued"
        lines = [line for line in reminder["lines"] if line["id"] in facts["debts"]]
        if lines:
            self.read_addresses(facts, reminder, lines)
        self.recheck(facts, reminder)
        for letter in reminder["letters"].values():
            letter["next_try"] = None
            if letter["state"] == "failed":
                letter.update(new_letter(copy=letter["copy"]))
        self.send(facts, reminder, answers)

    def mark_sent(self, _facts, reminder, day):
        """Rule 28: it reached the customer another way."""
        reminder.update(state="sent", sent_date=day, mailed=True)
        reminder["deadline"] = deadline(reminder, day)
        for letter in reminder["letters"].values():
            if letter["state"] == "waiting":
                letter["state"] = "cancelled"

    def cancel(self, reminder):
        if reminder["mailed"]:
            reminder["state"] = "cancelled"
            for letter in reminder["letters"].values():
                if letter["state"] == "waiting":
                    letter["state"] = "cancelled"
        else:
            cancel(reminder)

    # -------------------------------------------------------------- what an invoice shows

    def summary(self, facts, item_ids):
        """Rule 26: level, number of reminders and next date of an invoice.

        :param item_ids: its receivable items
        """
        level, next_date, reminders = 0, None, []
        for item_id in item_ids:
            level = max(level, self.order_of(item_id))
            for number, reminder in enumerate(self.book):
                for line in reminder["lines"]:
                    if line["id"] == item_id and line["counted"] and number not in reminders:
                        reminders.append(number)
            if item_id in facts["debts"]:
                day = self.next_date(facts, facts["debts"][item_id])
                if day and (next_date is None or day < next_date):
                    next_date = day
        return level, len(reminders), next_date

    def next_date(self, facts, debt):
        customer = facts["customers"][debt["customer"]]
        rule = rule_of(facts, customer)
        if rule is None or customer["excluded"] or debt["no_followup"] or debt["blocked"]:
            return None
        level = self.next_level(rule, debt["id"])
        if level is None or not level["auto"] or self.waits_for_sending(debt["id"]):
            return None
        if facts["start"] and debt["due"] < facts["start"]:
            return None  # by hand only (rule 16)
        day = self.earliest(rule, level, debt)
        for thing in (debt, customer):
            if is_held(thing, facts["today"]):
                if not thing["hold_until"]:
                    return None
                day = max(day, thing["hold_until"] + timedelta(days=1))
        return day


# ------------------------------------------------------------------ small parts of a reminder


def in_mode(facts, customer_id):
    """Rule 16."""
    if facts["mode"] == "pilot":
        return customer_id in facts["pilot"]
    return facts["mode"] == "live"


def is_unsent(reminder):
    """Rule 7: a reminder that was to be sent and was not."""
    if reminder["state"] == "issued":
        return reminder["to_send"]
    return reminder["state"] in ("to_approve", "failed")


def new_line(facts, debt, level):
    return {
        "id": debt["id"],
        "currency": debt["currency"],
        "order": level["order"],
        "days": level["days"],
        "due": debt["due"],
        "overdue": (facts["today"] - debt["due"]).days,
        "issued": debt["amount"],
        "amount": debt["amount"],
        "account": debt["account"],
        "credited": debt["credited"],
        "state": "open",
        "counted": True,
    }


def is_address(text):
    return "@" in text and " " not in text


def withhold(reminder):
    """Keep the letters that wait of a mailed reminder."""
    for letter in reminder["letters"].values():
        if letter["state"] == "waiting":
            letter["state"] = "withheld"


def new_letter(copy):
    return {"copy": copy, "state": "waiting", "attempts": 0, "next_try": None}


def drop(line, state):
    line["state"] = state
    line["counted"] = False


def cancel(reminder):
    """Cancel a reminder before it was mailed."""
    reminder["state"] = "cancelled"
    for line in reminder["lines"]:
        if line["state"] == "open":
            drop(line, "cancelled")
    for letter in reminder["letters"].values():
        if letter["state"] == "waiting":
            letter["state"] = "cancelled"


def net_of(lines, shares):
    """Rule 13: leave out the lines of a currency of which nothing is left to pay."""
    totals, _used = totals_of(lines, shares)
    for line in lines:
        if totals.get(line["currency"], Decimal(0)) <= 0:
            drop(line, "dropped")


def share_of(shares, line):
    """Return how much of credits a line gets."""
    return sum((part["amount"] for part in shares.get(line["id"], ())), Decimal(0))


def totals_of(lines, shares):
    """Return what is to be paid and what is deducted, by currency."""
    totals, used = {}, {}
    for line in lines:
        share = share_of(shares, line)
        currency = line["currency"]
        totals[currency] = totals.get(currency, Decimal(0)) + line["amount"] - share
        if share:
            used[currency] = used.get(currency, Decimal(0)) + share
    return totals, used


def blocks_of(lines, shares):
    """Rule 10: what is to be paid to each account, and deducted there, by currency."""
    blocks = {}
    for line in lines:
        place = (line["currency"], line["account"])
        total, used = blocks.get(place, (Decimal(0), Decimal(0)))
        share = share_of(shares, line)
        blocks[place] = (total + line["amount"] - share, used + share)
    return sorted(((*place, *sums) for place, sums in blocks.items()), key=str)
