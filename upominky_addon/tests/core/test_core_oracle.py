"""The pure core against the oracle: 300 random customers, 20,000 by `scripts/test --long`.

UPOMINKY_SEED=17 scripts/test -k test_core_oracle     one customer again
"""

import os
import random
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from unittest import TestCase

from ...core.money import Credit, Offset
from ...core.plan import Company, Customer, plan
from ...core.recheck import recheck
from ...core.recipient import EMAIL, Recipient
from ...core.schedule import (
    Hold,
    Level,
    Past,
    Receivable,
    Rule,
    decide,
)
from ..figures import tell_figures
from ..oracle import Oracle, rule_of

SHORT, LONG = 300, 20_000
TODAY = date(2026, 6, 1)
RATES = {1: Decimal(1), 2: Decimal("24.735")}
ADDRESSES = tuple(
    Recipient(EMAIL, *who)
    for who in (("a@x.cz", "cs_CZ"), ("b@x.cz", "en_US"), ("c@x.cz",), ("b@x.cz", "cs_CZ"))
)


class Draw:
    """What is drawn for one customer; the same for the same seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def chance(self, percent):
        return self.random.random() * 100 < percent

    def pick(self, *choices):
        return self.random.choice(choices)

    def day(self, first, last):
        return TODAY + timedelta(days=self.random.randint(first, last))

    def amount(self):
        return Decimal(self.pick(1, 4_000, 5_000, 9_999, 10_000, 10_001, 30_000)).scaleb(-2)

    def rule(self):
        orders = sorted(self.random.sample(range(1, 7), self.random.randint(1, 4)))
        levels = tuple(
            Level(
                id=100 + order,
                order=order,
                days=self.random.randint(1, 25),
                auto=not self.chance(8),
                approval=self.chance(15),
                send=not self.chance(10),
                contact=self.pick("invoice", "invoice", "order", "both"),
            )
            for order in orders
        )
        return Rule(
            id=1,
            levels=levels,
            grouping=self.pick("per_level", "highest_level"),
            minimum=self.pick(Decimal(0), Decimal(0), Decimal(100), Decimal("250.5")),
            credit_policy=self.pick("deduct", "deduct", "deduct", "hold", "ignore"),
        )

    def hold(self):
        until = self.day(-5, 20) if self.chance(70) else None
        return Hold(until, self.pick(None, "promise", "dispute"))

    def receivable(self, number, excluded, hold):
        return Receivable(
            id=number,
            move_id=self.random.randint(1, 4),
            currency=self.pick(1, 1, 2),
            due=self.day(-60, 2),
            residual=self.amount(),
            excluded=excluded,
            no_followup=self.chance(4),
            blocked=self.chance(4),
            holds=(self.hold() if self.chance(8) else Hold(), hold),
            invoice_to=self.addresses(),
            order_to=self.addresses() if self.chance(40) else (),
            lang=self.pick("cs_CZ", "en_US"),
            account=self.pick(None, 31, 31, 32),
        )

    def addresses(self):
        if self.chance(60):
            return ADDRESSES[:1]
        return tuple(self.random.sample(ADDRESSES, self.random.randint(0, 2)))

    def customer(self):
        excluded, hold = self.chance(4), self.hold() if self.chance(10) else Hold()
        numbers = range(1, self.random.randint(2, 9))
        receivables = tuple(self.receivable(number, excluded, hold) for number in numbers)
        past = {number: self.past() for number in numbers if self.chance(45)}
        rule = None if self.chance(3) else self.rule()
        return Customer(7, rule, receivables, past, self.credits(40), self.offsets(15))

    def past(self):
        return Past(
            order=self.pick(1, 1, 2, 2, 3, 4, 5, 6),
            level_days=self.random.randint(1, 30),
            on=self.day(-40, 0),
            rule_id=self.pick(1, 1, 1, 2),
            pending=self.chance(6),
            deadline=self.day(-10, 10) if self.chance(30) else None,
        )

    def credits(self, percent):
        return tuple(
            Credit(
                50 + n,
                self.pick(1, 1, 2),
                self.amount(),
                self.pick(None, None, 1, 2, 3),
                self.day(-9, 0),
            )
            for n in range(self.random.randint(1, 3))
            if self.chance(percent)
        )

    def offsets(self, percent):
        return tuple(
            Offset(80 + n, self.pick(1, 1, 2), self.amount())
            for n in range(self.random.randint(1, 3))
            if self.chance(percent)
        )

    def company(self):
        start = self.day(-50, -20) if self.chance(15) else None
        mode = self.pick("live", "live", "live", "live", "pilot", "off")
        pilots = frozenset({7}) if self.chance(60) else frozenset()
        return Company(TODAY, start, mode, pilots, RATES)

    def later(self, customer):
        """Return the customer some time on: paid, held and credited since."""
        changed = []
        for receivable in customer.receivables:
            if self.chance(20):
                continue  # paid
            part = self.pick(1, 1, 2, 3)
            residual = (receivable.residual / part).quantize(Decimal("0.01"))
            changed.append(
                replace(
                    receivable,
                    residual=residual or receivable.residual,
                    no_followup=receivable.no_followup or self.chance(10),
                    blocked=receivable.blocked or self.chance(10),
                    holds=(self.hold() if self.chance(15) else Hold(), receivable.holds[1]),
                )
            )
        credits = customer.credits if self.chance(40) else self.credits(60)
        offsets = customer.offsets if self.chance(40) else self.offsets(20)
        return replace(customer, receivables=tuple(changed), credits=credits, offsets=offsets)


# ---------------------------------------------------------------- the same for the oracle


def facts_of(customer, company):
    """Return core values as the oracle reads them."""
    rule = customer.rule
    debts = {r.id: debt_of(r, customer.id) for r in customer.receivables}
    excluded = any(r.excluded for r in customer.receivables)
    hold = customer.receivables[0].holds[1] if customer.receivables else Hold()
    return {
        "today": company.today,
        "mode": company.mode,
        "pilot": list(company.pilots),
        "start": company.start,
        "debts": debts,
        "settled": [],
        "customers": {
            customer.id: {
                "id": customer.id,
                "excluded": excluded,
                "hold_until": hold.until,
                "hold_reason": hold.reason,
                "tags": set(),
            }
        },
        "credits": [
            {
                "id": credit.id,
                "customer": customer.id,
                "currency": credit.currency,
                "amount": credit.amount,
                "reverses": credit.reverses,
                "on": credit.on,
            }
            for credit in customer.credits
        ],
        "offsets": [
            {"customer": customer.id, "currency": offset.currency, "amount": offset.amount}
            for offset in customer.offsets
        ],
        "rules": [facts_of_rule(rule)] if rule else [],
        "convert": lambda amount, currency: round(amount * RATES[currency] + Decimal("1e-9"), 2),
    }


def debt_of(receivable, customer_id):
    invoice, order = receivable.invoice_to, receivable.order_to or receivable.invoice_to
    contacts = {}
    for kind, chosen in (("invoice", invoice), ("order", order), ("both", (*invoice, *order))):
        langs = {}
        for address in chosen:
            langs.setdefault(address.address, address.lang)
        emails = tuple(sorted(langs))
        lang = next((langs[email] for email in emails if langs[email]), receivable.lang)
        contacts[kind] = {"addresses": emails, "lang": lang}
    return {
        "id": receivable.id,
        "move": receivable.move_id,
        "customer": customer_id,
        "currency": receivable.currency,
        "amount": receivable.residual,
        "due": receivable.due,
        "no_followup": receivable.no_followup,
        "blocked": receivable.blocked,
        "hold_until": receivable.holds[0].until,
        "hold_reason": receivable.holds[0].reason,
        "contacts": contacts,
        "account": receivable.account,
        "credited": receivable.credited,
    }


def facts_of_rule(rule):
    return {
        "id": rule.id,
        "active": True,
        "sequence": 1,
        "partners": [],
        "tags": [],
        "grouping": rule.grouping,
        "minimum": rule.minimum,
        "policy": rule.credit_policy,
        "levels": [
            {
                "order": level.order,
                "days": level.days,
                "auto": level.auto,
                "approval": level.approval,
                "send": level.send,
                "contact": level.contact,
                "copies": [],
            }
            for level in rule.levels
        ],
    }


def oracle_with(past):
    """Return an oracle that remembers what ``past`` says."""
    oracle = Oracle()
    for debt_id, one in past.items():
        line = {"id": debt_id, "order": one.order, "days": one.level_days, "counted": True}
        oracle.book.append(
            {
                "rule": one.rule_id,
                "issue_date": one.on,
                "sent_date": None,
                "deadline": one.deadline,
                "state": "issued",
                "to_send": one.pending,
                "lines": [line],
            }
        )
    return oracle


# ---------------------------------------------------------------------------- comparing


def of_core(reminder):
    credits = defaultdict(Decimal)
    for share in reminder.credits:
        credits[share.currency] += share.amount
    return (
        reminder.level.order,
        tuple(sorted(recipient.address for recipient in reminder.recipients)),
        reminder.lang,
        sorted((line.receivable.id, line.level.order) for line in reminder.lines),
        dict(reminder.totals),
        dict(credits),
        blocks_of_core((line.receivable for line in reminder.lines), reminder.credits),
    )


def blocks_of_core(receivables, shares):
    """Return what is to be paid to each account, and deducted there, as the letter shows it."""
    blocks = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for receivable in receivables:
        blocks[receivable.currency, receivable.account][0] += receivable.residual
    for share in shares:
        blocks[share.currency, share.account][0] -= share.amount
        blocks[share.currency, share.account][1] += share.amount
    return sorted(((*place, *sums) for place, sums in blocks.items()), key=str)


def of_oracle(reminder):
    return (
        reminder["order"],
        reminder["addresses"],
        reminder["lang"],
        sorted((line["id"], line["order"]) for line in reminder["lines"]),
        reminder["totals"],
        reminder["credits"],
        reminder["blocks"],
    )


class TestCoreOracle(TestCase):
    def seeds(self):
        one = os.environ.get("UPOMINKY_SEED")
        if one:
            return [int(seed) for seed in one.split(",")]
        return range(LONG if os.environ.get("UPOMINKY_LONG") else SHORT)

    def test_rules_05_to_17_and_26_as_the_oracle_says(self):
        counts = Counter()
        for seed in self.seeds():
            draw = Draw(seed)
            customer, company = draw.customer(), draw.company()
            oracle, facts = oracle_with(customer.past), facts_of(customer, company)
            self.told = f"UPOMINKY_SEED={seed}: {customer} {company}"
            self.compare_dates(customer, company, oracle, facts)
            issued = self.compare_plans(customer, company, oracle, facts)
            counts["reminders"] += len(issued)
            for reminder, expected in issued:
                later = replace(draw.later(customer), past=self.past_after(customer, issued))
                counts[self.compare_rechecks(reminder, expected, later, company, oracle)] += 1
        tell_figures(f"pure core: {len(self.seeds())} worlds, {dict(counts)}")
        if len(self.seeds()) >= SHORT:
            self.assertGreater(min(counts[name] for name in ("reminders", "left", "gone")), 50)

    def compare_dates(self, customer, company, oracle, facts):
        rule = rule_of(facts, facts["customers"][customer.id])
        for receivable in customer.receivables:
            past = customer.past.get(receivable.id)
            decision = decide(receivable, customer.rule, past, company.terms(by_hand=False))
            expected = rule and oracle.next_date(facts, facts["debts"][receivable.id])
            # What is due has a date that has come; the date itself is what both must agree on.
            self.assertEqual(
                decision.next_date, expected, f"next date of {receivable.id}, {self.told}"
            )

    def compare_plans(self, customer, company, oracle, facts):
        before = len(oracle.book)
        found = plan(customer, company).reminders
        oracle.job_1(facts)
        expected = oracle.book[before:]
        self.assertEqual(
            sorted(map(of_core, found), key=str),
            sorted(map(of_oracle, expected), key=str),
            self.told,
        )
        return [
            (one, next(same for same in expected if of_oracle(same) == of_core(one)))
            for one in found
        ]

    def past_after(self, customer, issued):
        """Return the history with the lines that were just issued."""
        past = dict(customer.past)
        for reminder, _expected in issued:
            pending = reminder.level.send or reminder.level.approval
            for line in reminder.lines:
                past[line.receivable.id] = Past(
                    line.level.order, line.level.days, TODAY, customer.rule.id, pending
                )
        return past

    def compare_rechecks(self, reminder, expected, later, company, oracle):
        ids = [line.receivable.id for line in reminder.lines]
        paid = set(ids) - {r.id for r in later.receivables}
        found = recheck(ids, paid, later, company)
        facts = facts_of(later, company) | {"settled": list(paid)}
        # Each reminder is read again by itself: the oracle's book stays as it was issued.
        alone = Oracle()
        copy = {**expected, "lines": [dict(line) for line in expected["lines"]]}
        alone.book = [copy if one is expected else one for one in oracle.book]
        alone.recheck(facts, copy)
        if copy["state"] == "cancelled":
            self.assertTrue(found.reason, self.told)
            return "gone"
        left = [line for line in copy["lines"] if line["counted"]]
        credits = defaultdict(Decimal)
        for share in found.credits:
            credits[share.currency] += share.amount
        self.assertEqual(
            (
                found.reason,
                sorted((r.id, r.residual) for r in found.kept),
                dict(found.gone),
                dict(found.totals),
                dict(credits),
                blocks_of_core(found.kept, found.credits),
            ),
            (
                None,
                sorted((line["id"], line["amount"]) for line in left),
                {one["id"]: one["state"] for one in copy["lines"] if not one["counted"]},
                copy["totals"],
                copy["credits"],
                copy["blocks"],
            ),
            self.told,
        )
        return "left"
