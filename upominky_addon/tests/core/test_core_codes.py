"""SPEC rule 37: which payments of a block have codes, and that they come to its total."""

import time
from dataclasses import replace
from datetime import date
from decimal import Decimal
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from ...core.payment_codes import MOST_CODES, Account, Payment, code_of, codes, payments
from ...core.payment_order import NoCodeError
from .test_core_strategies import repeatable

CZECH = Account("CZ5508000000001234567899", "Dopravce s.r.o.", "GIBACZPX", "1234567899/0800")
SLOVAK = Account("SK9611000000002918599669", "Dopravca s.r.o.")
GERMAN = Account("DE33100205000001194700", "Spedition Süd")
ONE = Payment("FA 1", Decimal(5), "1")


def claims(count):
    return [Payment(f"FA {n}", Decimal(n), f"{n}") for n in range(1, count + 1)]


claim = st.builds(
    Payment,
    number=st.sampled_from(("FA 1", "FA 2", "FA 3", "")),
    amount=st.integers(0, 50_000).map(lambda cents: Decimal(cents).scaleb(-2)),
    symbol=st.sampled_from(("", "1", "2")),
    due=st.none() | st.just(date(2026, 6, 5)),
)


class TestPayments(TestCase):
    def test_rule_37_a_code_each_up_to_six_invoices_else_one_for_all(self):
        for count, wanted in ((0, 0), (1, 1), (MOST_CODES, 6), (7, 1), (60, 1)):
            with self.subTest(count=count):
                asked = claims(count)
                total = sum((c.amount for c in asked), Decimal(0))
                found = codes(CZECH, "CZK", asked, total, "UP/7")
                self.assertEqual(len(found), wanted)
                self.assertEqual(sum(c.values["amount"] for c in found), total)
        self.assertEqual((found[0].number, found[0].values["message"]), ("", "UP/7"))
        self.assertIn("MSG:UP/7", found[0].payload)
        self.assertNotIn("X-VS", found[0].payload)

    def test_rule_37_what_differs_from_the_sum_is_asked_at_once(self):
        for total in (Decimal(4), Decimal(9), Decimal("11.01")):
            (found,) = payments([ONE, replace(ONE, number="FA 2", symbol="2")], total, "UP/7")
            self.assertEqual((found.number, found.amount), ("", total))
        self.assertEqual(payments([ONE], Decimal(0), "UP/7"), ())
        self.assertEqual(payments([ONE], Decimal(-1), "UP/7"), ())

    def test_rule_37_parts_of_an_invoice_are_paid_at_once(self):
        soon = replace(ONE, due=date(2026, 6, 5))
        later = replace(ONE, due=date(2026, 7, 5))
        for parts, due in (((soon, later), soon.due), ((soon, ONE), None), ((ONE, later), None)):
            (found,) = payments(parts, Decimal(10), "UP/7")
            self.assertEqual((found.number, found.amount, found.due), ("FA 1", 10, due))

    @repeatable
    @given(st.lists(claim, max_size=9), st.booleans(), st.sampled_from((CZECH, SLOVAK, GERMAN)))
    def test_rule_37_codes_come_to_the_total_and_no_more(self, asked, whole, account):
        total = sum((c.amount for c in asked), Decimal(0)) if whole else Decimal("77.77")
        self.assertEqual(sum(p.amount for p in payments(asked, total, "UP/7")), total)
        found = codes(account, "EUR", asked, total, "UP/7")
        self.assertLessEqual(sum(c.values["amount"] for c in found), total)
        self.assertLessEqual(len(found), MOST_CODES)
        self.assertTrue(all(c.values["amount"] > 0 for c in found))


class TestOneCode(TestCase):
    def test_rule_37_what_is_written_is_what_is_encoded(self):
        due = date(2026, 6, 5)
        for account, claim, wanted, inside in (
            (
                CZECH,
                replace(ONE, due=due),
                ("1234567899/0800", Decimal(5), "1", "FA 1", due),
                ("AM:5.00", "X-VS:1", "MSG:FA 1", "DT:20260605"),
            ),
            (
                GERMAN,
                replace(ONE, reference="RE 9"),
                ("DE33100205000001194700", Decimal(5), "", "1 RE 9", None),
                ("EUR5.00", "\n1 RE 9"),
            ),
            (
                GERMAN,
                replace(ONE, symbol="", reference="RF18 5390 0754 7034"),
                ("DE33100205000001194700", Decimal(5), "", "RF18 5390 0754 7034", None),
                ("\nRF18539007547034",),
            ),
        ):
            code = code_of(account, "EUR", claim)
            self.assertEqual(tuple(code.values.values()), wanted)
            for part in inside:
                self.assertIn(part, code.payload)

    def test_rule_37_no_code_where_there_is_none(self):
        foreign = replace(CZECH, iban="TR330006100519786457841326")
        for account, currency, claim, reason in (
            (replace(CZECH, iban=""), "CZK", ONE, "no_iban"),
            (replace(CZECH, iban="1234567899/0800"), "CZK", ONE, "no_iban"),
            (replace(CZECH, iban="CZ61080000001234567899"), "CZK", ONE, "no_iban"),
            (SLOVAK, "CZK", ONE, "wrong_currency"),
            (GERMAN, "CZK", ONE, "wrong_currency"),
            (foreign, "EUR", ONE, "wrong_country"),
            (CZECH, "A*B", ONE, "wrong_currency"),
            (CZECH, "CZK", replace(ONE, symbol=""), "no_symbol"),
            (CZECH, "CZK", replace(ONE, symbol="", reference="FA 1"), "no_symbol"),
            (SLOVAK, "EUR", replace(ONE, symbol=""), "no_symbol"),
            (CZECH, "CZK", replace(ONE, amount=Decimal(10**7)), "amount_too_long"),
            (CZECH, "CZK", replace(ONE, amount=Decimal("1.005")), "amount_too_fine"),
            (replace(SLOVAK, payee=" "), "EUR", ONE, "no_payee"),
        ):
            with self.subTest(reason=reason, account=account, currency=currency):
                with self.assertRaises(NoCodeError) as caught:
                    code_of(account, currency, claim)
                self.assertEqual(str(caught.exception.code), reason)
                self.assertEqual(codes(account, currency, [claim], claim.amount, "UP/7"), ())

    def test_rule_37_a_text_of_60_kilobytes_costs_no_time(self):
        long = replace(ONE, number="ě😀\ud83d*%" * 12_000)
        for account in (CZECH, SLOVAK, GERMAN):
            start = time.perf_counter()
            code = code_of(replace(account, payee="ž" * 60_000), "EUR", long)
            self.assertLess(time.perf_counter() - start, 0.5)
            self.assertLess(len(code.payload.encode()), 600)
