"""Who gets which reminder, of how much: rules 9–11, 13, 15, 16, 18, 28."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from unittest import TestCase

from ...core.contacts import recipients
from ...core.plan import is_below, plan
from ...core.recipient import EMAIL, Recipient
from ...core.schedule import Hold, Level
from .test_core_common import (
    ACCOUNTS,
    BUYER,
    COMPANY,
    CZK,
    EUR,
    LEVELS,
    TODAY,
    codes,
    company,
    credit,
    customer,
    issued,
    reached,
    receivable,
    rule,
)

PAST = reached()
JUNE_1 = TODAY


class TestGrouping(TestCase):
    def test_rule_09_one_reminder_of_all_due_receivables_in_all_their_currencies(self):
        found = issued(customer(receivable(1), receivable(2), receivable(3, 480, currency=EUR)))
        self.assertEqual(found, [(1, [1, 2, 3], {CZK: 200, EUR: 480})])

    def test_rule_09_one_reminder_per_level(self):
        mixed = customer(receivable(1), receivable(2), past={2: PAST})
        self.assertEqual(issued(mixed), [(1, [1], {CZK: 100}), (2, [2], {CZK: 100})])

    def test_rule_09_highest_level_merges_and_each_line_keeps_its_own(self):
        highest = rule(LEVELS[0], replace(LEVELS[1], contact="order"), grouping="highest_level")
        both = [receivable(i, order_to=(BUYER,)) for i in (1, 2)]
        (reminder,) = plan(customer(*both, rule=highest, past={2: PAST}), COMPANY).reminders
        self.assertEqual((reminder.level.order, reminder.recipients), (2, (BUYER,)))
        self.assertEqual(
            {line.receivable.id: line.level.order for line in reminder.lines}, {1: 1, 2: 2}
        )

    def test_rule_09_levels_with_approval_never_merge(self):
        second, third = replace(LEVELS[1], approval=True), replace(LEVELS[2], days=30)
        highest = rule(LEVELS[0], second, third, grouping="highest_level")
        past = {2: PAST, 3: reached(2, 21, date(2026, 5, 20))}
        mixed = customer(*(receivable(i) for i in (1, 2, 3)), rule=highest, past=past)
        self.assertEqual(issued(mixed), [(2, [2], {CZK: 100}), (3, [1, 3], {CZK: 200})])
        # Alone with a level of approval, the others stay under their own highest.
        mixed = customer(*(receivable(i) for i in (1, 2)), rule=highest, past=past)
        self.assertEqual(issued(mixed), [(1, [1], {CZK: 100}), (2, [2], {CZK: 100})])

    def test_rule_09_recipients_and_language_split_a_reminder(self):
        german = replace(ACCOUNTS, lang="de_DE")
        cases = (
            ("same", {}, 1),
            (
                "same, written otherwise",
                {"invoice_to": (Recipient(EMAIL, "Accounts@Customer.cz", "cs_CZ"),)},
                1,
            ),
            ("other address", {"invoice_to": (BUYER,)}, 2),
            ("one address more", {"invoice_to": (ACCOUNTS, BUYER)}, 2),
            ("other language", {"invoice_to": (german,)}, 2),
            ("no address", {"invoice_to": ()}, 2),
            ("order contact is not asked", {"order_to": (BUYER,)}, 1),
        )
        for grouping in ("per_level", "highest_level"):
            for name, values, count in cases:
                with self.subTest(name, grouping=grouping):
                    both = [receivable(1), receivable(2, **values)]
                    found = issued(customer(*both, rule=rule(grouping=grouping)))
                    self.assertEqual(len(found), count)

    def test_rule_20_language_of_the_recipient_else_of_the_customer(self):
        unknown = replace(ACCOUNTS, lang=None)
        cases = (
            ((ACCOUNTS,), "cs_CZ"),
            ((unknown,), "fr_FR"),
            ((unknown, BUYER), "en_US"),
            ((), "fr_FR"),
        )
        for invoice_to, lang in cases:
            with self.subTest(invoice_to=invoice_to):
                invoice = receivable(invoice_to=invoice_to, lang="fr_FR")
                self.assertEqual(plan(customer(invoice), COMPANY).reminders[0].lang, lang)

    def test_rule_18_contacts(self):
        both = {
            "invoice_to": (ACCOUNTS,),
            "order_to": (BUYER, replace(BUYER, address="BUYER@customer.cz")),
        }
        cases = (
            ("invoice", both, (ACCOUNTS,)),
            ("order", both, (BUYER,)),
            ("both", both, (ACCOUNTS, BUYER)),
            ("order", both | {"order_to": ()}, (ACCOUNTS,)),
            ("both", both | {"order_to": ()}, (ACCOUNTS,)),
            ("both", both | {"order_to": (ACCOUNTS,)}, (ACCOUNTS,)),
            ("both", both | {"invoice_to": ()}, (BUYER,)),
            ("invoice", both | {"invoice_to": ()}, ()),
        )
        for contact, values, expected in cases:
            with self.subTest(contact=contact, **values):
                level = Level(1, 1, 7, contact=contact)
                self.assertEqual(recipients(receivable(**values), level), expected)


class TestMoney(TestCase):
    def test_rule_11_minimum_is_converted_to_company_currency(self):
        cases = (
            # CZK, EUR at 25, minimum, issued
            (1000, None, 1000, True),
            (999, None, 1000, False),
            (None, 40, 1000, True),
            (None, 39, 1000, False),
            (500, 20, 1000, True),
            (499, 20, 1000, False),
            (1, None, 0, True),
        )
        for czk, eur, minimum, expected in cases:
            with self.subTest(czk=czk, eur=eur, minimum=minimum):
                owed = [receivable(1, czk)] if czk else []
                owed += [receivable(2, eur, currency=EUR)] if eur else []
                debtor = customer(*owed, rule=rule(minimum=Decimal(minimum)))
                self.assertEqual(bool(issued(debtor)), expected)
                self.assertEqual(
                    set(codes(debtor).values()), {"due" if expected else "below_minimum"}
                )

    def test_rule_11_the_minimum_is_for_each_reminder_and_after_credits(self):
        strict = rule(minimum=Decimal(150))
        levels = customer(receivable(1), receivable(2), rule=strict, past={2: PAST})
        self.assertEqual(codes(levels), {1: "below_minimum", 2: "below_minimum"})
        together = customer(receivable(1), receivable(2), rule=strict, credits=[credit(1, 51)])
        self.assertEqual(codes(together), {1: "below_minimum", 2: "below_minimum"})
        self.assertEqual(len(issued(replace(together, credits=(credit(1, 50),)))), 1)

    def test_rule_11_conversion_rounds_as_the_company_currency(self):
        rates = company(rates={EUR: Decimal("0.3333")}, quantum=Decimal("0.05"))
        for amount, expected in (
            ("0.30", "0.10"),
            ("0.20", "0.05"),
            ("0.375", "0.10"),
            ("1", "0.35"),
        ):
            with self.subTest(amount=amount):
                self.assertEqual(rates.convert(Decimal(amount), EUR), Decimal(expected))
        half = company(rates={EUR: Decimal(1)}, quantum=Decimal(1))
        self.assertEqual(half.convert(Decimal("2.5"), EUR), 3)
        self.assertTrue(is_below({EUR: Decimal("0.4")}, Decimal("0.1"), half))

    def test_rule_13_deduct(self):
        older, newer = receivable(1), receivable(2, due=date(2026, 5, 2))
        euro = receivable(3, currency=EUR)
        cases = (
            ([], [(1, [1, 2, 3], {CZK: 200, EUR: 100})]),
            ([credit(1, 130)], [(1, [1, 2, 3], {CZK: 70, EUR: 100})]),
            ([credit(1, 200)], [(1, [3], {EUR: 100})]),
            ([credit(1, 999), credit(2, 100, EUR)], []),
            ([credit(1, 30, EUR)], [(1, [1, 2, 3], {CZK: 200, EUR: 70})]),
        )
        for credits, expected in cases:
            with self.subTest(credits=credits):
                self.assertEqual(issued(customer(older, newer, euro, credits=credits)), expected)

    def test_rule_13_credits_used_are_listed_and_no_others(self):
        debtor = customer(
            receivable(1, 100),
            receivable(2, 100, due=date(2026, 5, 2)),
            receivable(3, 100, currency=EUR),
            credits=[credit(1, 150), credit(2, 10), credit(3, 999, EUR)],
        )
        (reminder,) = plan(debtor, COMPANY).reminders
        used = {share.credit_id: (share.currency, int(share.amount)) for share in reminder.credits}
        self.assertEqual(used, {1: (CZK, 150), 2: (CZK, 10)})

    def test_rule_13_what_credits_cover_does_not_raise_the_level_of_the_rest(self):
        highest = rule(replace(LEVELS[0], contact="order"), LEVELS[1], grouping="highest_level")
        debtor = customer(
            receivable(1, order_to=(ACCOUNTS,)),
            receivable(2, order_to=(BUYER,), due=date(2026, 5, 2)),
            receivable(3, currency=EUR),
            rule=highest,
            past={3: PAST},
            credits=[credit(1, 100), credit(2, 100, EUR)],
        )
        # Without 3, the rest is at level 1, whose contacts split it: then 1 is covered, too.
        self.assertEqual(issued(debtor), [(1, [2], {CZK: 100})])

    def test_rule_13_shares_go_to_the_order_being_issued(self):
        debtor = customer(
            receivable(1, due=date(2026, 4, 1)),
            receivable(2, due=date(2026, 5, 10)),
            past={1: reached(on=date(2026, 5, 30)), 2: reached(on=date(2026, 5, 18))},
            credits=[credit(1, 60)],
        )
        # Both have reached 1; 2 is being issued at level 2, 1 still waits.
        self.assertEqual(issued(debtor), [(2, [2], {CZK: 40})])

    def test_rule_13_shares_of_lines_not_in_the_reminder_are_not_deducted(self):
        waiting = reached(2, on=date(2026, 5, 31))
        debtor = customer(receivable(1), receivable(2), past={2: waiting}, credits=[credit(1, 130)])
        self.assertEqual(issued(debtor), [(1, [1], {CZK: 70})])

    def test_rule_13_what_may_not_be_touched_or_is_not_overdue_takes_no_credit(self):
        first = {"due": date(2026, 4, 1)}
        cases = (
            first | {"excluded": True},
            first | {"no_followup": True},
            first | {"blocked": True},
            first | {"holds": (Hold(JUNE_1),)},
            {"due": JUNE_1},
            {"due": date(2026, 6, 2)},
        )
        for values in cases:
            with self.subTest(**values):
                past = {2: reached(3)}
                debtor = customer(
                    receivable(1), receivable(2, **values), past=past, credits=[credit(1, 60)]
                )
                self.assertEqual(issued(debtor), [(1, [1], {CZK: 40})])

    def test_rule_13_hold_issues_nothing_in_the_currency_and_ignore_ignores(self):
        both, note = [receivable(1), receivable(2, currency=EUR)], [credit(1, 1, EUR)]
        hold = customer(*both, rule=rule(credit_policy="hold"), credits=note)
        self.assertEqual(issued(hold), [(1, [1], {CZK: 100})])
        self.assertEqual(codes(hold), {1: "due", 2: "credit_open"})
        self.assertEqual(codes(hold, by_hand=[1, 2]), {1: "due", 2: "credit_open"})
        ignore = customer(*both, rule=rule(credit_policy="ignore"), credits=note)
        self.assertEqual(issued(ignore), [(1, [1, 2], {CZK: 100, EUR: 100})])

    def test_what_was_chosen_of_all_customers_is_asked_and_not_gone_through(self):
        class Chosen:
            """As many as there are: to go through them for each customer would never end."""

            def __contains__(self, item):
                return item != 2

        debtor = customer(receivable(1), receivable(2), receivable(3))
        self.assertEqual(codes(debtor, by_hand=Chosen()), {1: "due", 3: "due"})

    def test_rule_26_what_something_else_keeps_back_has_no_day_on_which_it_follows(self):
        note = [credit(1, 100)]
        for code, debtor, place in (
            ("covered_by_credits", customer(receivable(1), credits=note), COMPANY),
            (
                "credit_open",
                customer(receivable(1), rule=rule(credit_policy="hold"), credits=note),
                COMPANY,
            ),
            ("below_minimum", customer(receivable(1), rule=rule(minimum=101)), COMPANY),
            ("mode_off", customer(receivable(1)), company(mode="off")),
        ):
            with self.subTest(code):
                found = plan(debtor, place).decisions[1]
                self.assertEqual((found.code, found.next_date), (code, None))
        self.assertLess(plan(customer(receivable(1)), COMPANY).decisions[1].next_date, TODAY)
