"""SPEC rule 38: what is asked beside a debt, by which law, and what is claimed altogether."""

from datetime import date, timedelta
from decimal import Decimal
from unittest import TestCase

from ...core.charges import (
    FROM_THE_START,
    Asked,
    Charges,
    LegalTerms,
    NoRegimeError,
    base_of,
    claim_totals,
    lowered,
    rates_of,
    segments_of,
)
from ...core.interest import (
    BASES,
    LAWS,
    CustomerKind,
    Debt,
    MissingLawError,
    MissingRateError,
    Reduction,
    Regime,
    half_years,
    law_of,
    next_half_year,
    total,
)
from ...core.money import Credit, rounded
from ...core.plan import Company, Customer, credits_today
from ...core.schedule import Receivable

BUSINESS, CONSUMER = CustomerKind.BUSINESS, CustomerKind.CONSUMER
HALER = Decimal("0.01")
COST = Decimal(1200)
BY_LAW = Charges(Asked.STATUTORY)
AGREED = Charges(Asked.CONTRACTUAL, Decimal(12))
RATES = {"cz": {date(2026, 1, 1): Decimal("3.5")}, "de": {date(2026, 1, 1): Decimal("1.27")}}
DUE = date(2026, 3, 31)


def terms(regime, **options):
    return LegalTerms(regime, bases=RATES, **options)


class TestCharges(TestCase):
    def test_rule_38_which_rate_is_asked_of_whom(self):
        first = date(2026, 4, 1)
        for charges, regime, kind, wanted in (
            (BY_LAW, Regime.CZ, BUSINESS, "11.5"),
            (BY_LAW, Regime.CZ, CONSUMER, "11.5"),
            (BY_LAW, Regime.DE, BUSINESS, "10.27"),
            (BY_LAW, Regime.DE, CONSUMER, "6.27"),
            (AGREED, Regime.DE, CONSUMER, "12"),
            (AGREED, None, BUSINESS, "12"),
        ):
            with self.subTest(charges=charges, regime=regime, kind=kind):
                rates = rates_of(charges, kind, terms(regime))
                self.assertEqual(rates.on(first), Decimal(wanted))

    def test_rule_38_what_is_not_known_is_an_error_and_never_a_guess(self):
        debt = Debt(DUE, Decimal(100))
        for regime, kind, error in (
            (None, BUSINESS, NoRegimeError),
            (Regime.PL, CONSUMER, MissingLawError),
            (Regime.PL, BUSINESS, MissingRateError),
            (Regime.SK, BUSINESS, MissingRateError),
        ):
            with self.subTest(regime=regime, kind=kind), self.assertRaises(error):
                segments_of(
                    debt, BY_LAW, kind, terms(regime), until=date(2026, 5, 31), quantum=HALER
                )

    def test_rule_38_the_half_year_that_is_missing_is_named(self):
        with self.assertRaises(MissingRateError) as caught:
            segments_of(Debt(date(2026, 6, 30), Decimal(1)), BY_LAW, BUSINESS, terms(Regime.CZ),
                        until=date(2026, 7, 1), quantum=HALER)  # fmt: skip
        self.assertEqual(caught.exception.day, date(2026, 7, 1))

    def test_rule_38_nothing_is_asked_where_nothing_is_set(self):
        debt = Debt(DUE, Decimal(100))
        self.assertEqual(
            segments_of(debt, Charges(), BUSINESS, terms(None), until=DUE, quantum=HALER), ()
        )
        self.assertFalse(Charges())

    def test_rule_38_costs_once_for_a_debt_and_never_from_consumers(self):
        for charges, kind, before, wanted in (
            (Charges(flat_cost=COST), BUSINESS, 0, COST),
            (Charges(flat_cost=COST), CustomerKind.PUBLIC, 0, COST),
            (Charges(flat_cost=COST), CONSUMER, 0, 0),
            (Charges(flat_cost=COST), CONSUMER, COST, 0),
            (Charges(flat_cost=Decimal(1500)), BUSINESS, COST, COST),
            (BY_LAW, BUSINESS, COST, COST),
            (BY_LAW, BUSINESS, 0, 0),
        ):
            with self.subTest(charges=charges, kind=kind, before=before):
                self.assertEqual(charges.cost(kind, Decimal(before)), Decimal(wanted))

    def test_rule_38_a_credit_note_lowers_a_debt_from_its_start(self):
        debt = lowered(Debt(DUE, Decimal(1000)), [Reduction(FROM_THE_START, Decimal(400))])
        (row,) = segments_of(
            debt, AGREED, BUSINESS, terms(None), until=date(2026, 4, 30), quantum=HALER
        )
        self.assertEqual((row.balance, row.days), (Decimal(600), 30))
        paid = lowered(Debt(DUE, Decimal(1000)), [Reduction(date(2026, 4, 10), Decimal(400))])
        rows = segments_of(
            paid, AGREED, BUSINESS, terms(None), until=date(2026, 4, 30), quantum=HALER
        )
        self.assertEqual([(r.balance, r.days) for r in rows], [(1000, 10), (600, 20)])
        self.assertEqual(total(rows), Decimal("7.23"))  # (1000×10 + 600×20) × 12 % / 365

    def test_rule_38_currencies_and_parts_of_a_claim_are_told_apart(self):
        ten, one = Decimal(10), Decimal(1)
        found = claim_totals({"CZK": ten, "EUR": one}, {"EUR": one}, {"CZK": COST})
        self.assertEqual(
            found,
            {
                "CZK": {"principal": ten, "interest": 0, "costs": COST, "total": ten + COST},
                "EUR": {"principal": one, "interest": one, "costs": 0, "total": one * 2},
            },
        )


class TestCreditsToday(TestCase):
    def test_rule_39_open_credits_are_shared_as_by_the_plan_and_without_a_rule_too(self):
        debts = tuple(Receivable(i, i, 1, DUE + timedelta(days=i), Decimal(100)) for i in (1, 2))
        customer = Customer(7, None, debts, credits=(Credit(9, 1, Decimal(130)),))
        shares = credits_today(customer, Company(date(2026, 6, 1)))
        self.assertEqual(
            {item: [str(s.amount) for s in mine] for item, mine in shares.items()},
            {1: ["100"], 2: ["30"]},
        )


class TestHalfYears(TestCase):
    def test_rule_38_every_law_takes_a_base_rate_that_has_a_table(self):
        self.assertEqual({law.base for law in LAWS.values()}, set(BASES))
        for regime in Regime:
            self.assertIn(base_of(LegalTerms(regime), BUSINESS), BASES)
        self.assertEqual(base_of(LegalTerms(), BUSINESS), "")

    def test_rule_38_a_fixed_rate_asks_for_one_half_year_and_a_changing_one_for_all(self):
        begin, until = date(2025, 3, 1), date(2026, 7, 1)
        for regime, wanted in (
            (Regime.CZ, ["2025-01-01"]),
            (Regime.SK_FIXED, ["2025-03-01"]),
            (Regime.SK, ["2025-01-01", "2025-07-01", "2026-01-01", "2026-07-01"]),
        ):
            with self.subTest(regime):
                found = half_years(law_of(regime, BUSINESS), begin, until)
                self.assertEqual([str(day) for day in found], wanted)
        self.assertEqual(next_half_year(date(2026, 7, 1)), date(2027, 1, 1))


class TestRounding(TestCase):
    def test_one_home_of_rounding_half_up_to_what_a_currency_has(self):
        for amount, quantum, wanted in (
            ("0.005", "0.01", "0.01"),
            ("0.0049", "0.01", "0"),
            ("2.5", "1", "3"),
            ("0.025", "0.05", "0.05"),
            ("-0.005", "0.01", "-0.01"),
        ):
            with self.subTest(amount=amount, quantum=quantum):
                self.assertEqual(rounded(Decimal(amount), Decimal(quantum)), Decimal(wanted))
