"""SPEC rule 38: interest by the balance of each day, exact, rounded once for each debt."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from ...core.interest import (
    Basis,
    CustomerKind,
    DayRate,
    Debt,
    MissingDayRateError,
    MissingLawError,
    MissingRateError,
    Reduction,
    Regime,
    contractual,
    interest,
    law_of,
    statutory,
    total,
)

HALER = Decimal("0.01")
#: The Czech National Bank's repo rate, in percent, on the first day of each half-year.
REPO = {
    date(2023, 7, 1): Decimal("7.00"),
    date(2024, 1, 1): Decimal("6.75"),
    date(2024, 7, 1): Decimal("4.75"),
    date(2025, 1, 1): Decimal("4.00"),
    date(2025, 7, 1): Decimal("3.50"),
    date(2026, 1, 1): Decimal("3.50"),
    date(2026, 7, 1): Decimal("3.75"),
}
ECB = {date(2023, 1, 1): Decimal("2.50"), date(2023, 7, 1): Decimal("4.00")}
CZECH = statutory(law_of(Regime.CZ, CustomerKind.BUSINESS), REPO)


def owed(amount, due, *reductions):
    taken = tuple(Reduction(day, Decimal(paid)) for day, paid in reductions)
    return Debt(due, Decimal(amount), taken)


def asked(debt, until, rates=CZECH, **options):
    return interest(debt, rates, until, **{"quantum": HALER} | options)


def day_by_day(debt, rates, until, quantum=HALER, since=None):
    """Add up the interest of each day by itself, in fractions: the slow way."""
    begin, found = debt.due + timedelta(days=1), Fraction(0)
    day = max(begin, since or begin)
    while day <= until:
        balance = debt.amount - sum(r.amount for r in debt.reductions if r.on < day)
        if balance > 0:
            percent = rates.on(begin if rates.is_fixed else day)
            year = (date(day.year + 1, 1, 1) - date(day.year, 1, 1)).days
            found += Fraction(balance) * Fraction(percent) / (100 * year)
        day += timedelta(days=1)
    exact = Decimal(found.numerator) / Decimal(found.denominator)
    return (exact / quantum).quantize(Decimal(1), ROUND_HALF_UP) * quantum


class TestInterest(TestCase):
    def test_rule_38_worked_sums_come_out_to_the_haler(self):
        part = owed(10_000, date(2026, 3, 31), (date(2026, 4, 30), 4_000))
        for debt, until, rates, options, wanted in (
            (owed(100_000, date(2026, 5, 14)), date(2026, 11, 24), CZECH, {}, "6112.33"),
            (owed(12_100, date(2026, 6, 30)), date(2026, 7, 31), CZECH, {}, "120.75"),
            (owed(10_000, date(2023, 12, 31)), date(2024, 12, 31), CZECH, {}, "1475.00"),
            (
                owed(10_000, date(2023, 12, 31)),
                date(2024, 12, 31),
                CZECH,
                {"basis": Basis.FIXED_365},
                "1479.04",
            ),
            (part, date(2026, 5, 31), contractual(Decimal(12)), {}, "159.78"),
        ):
            with self.subTest(wanted=wanted):
                self.assertEqual(total(asked(debt, until, rates, **options)), Decimal(wanted))

    def test_rule_38_the_rate_is_that_of_the_half_year_in_which_the_delay_began(self):
        for due, percent in (
            (date(2026, 6, 29), "11.50"),
            (date(2026, 6, 30), "11.75"),  # the delay begins on 1 July
            (date(2026, 12, 30), "11.75"),
        ):
            with self.subTest(due=due):
                found = asked(owed(100, due), due + timedelta(days=400))
                self.assertEqual({row.percent for row in found}, {Decimal(percent)})

    def test_rule_38_where_rates_change_with_the_half_year_the_segments_do(self):
        slovak = statutory(law_of(Regime.SK, CustomerKind.BUSINESS), ECB)
        found = asked(owed(1_000, date(2023, 6, 20)), date(2023, 7, 10), slovak)
        self.assertEqual(
            [(row.first, row.last, row.percent) for row in found],
            [
                (date(2023, 6, 21), date(2023, 6, 30), Decimal("10.50")),
                (date(2023, 7, 1), date(2023, 7, 10), Decimal("12.00")),
            ],
        )
        days = [DayRate(date(2023, 5, 10), date(2023, 6, 20), Decimal("3.75")),
                DayRate(date(2023, 6, 21), date(2023, 8, 1), Decimal("4.00"))]  # fmt: skip
        fixed = statutory(law_of(Regime.SK_FIXED, CustomerKind.BUSINESS), ECB, days)
        found = asked(owed(1_000, date(2023, 6, 20)), date(2023, 7, 10), fixed)
        # That of 21 June, not that of 1 January: 2.50 would make 11.50.
        self.assertEqual([row.percent for row in found], [Decimal("13.00")])
        consumer = statutory(law_of(Regime.SK, CustomerKind.CONSUMER), ECB, days)
        found = asked(owed(1_000, date(2023, 6, 19)), date(2023, 7, 10), consumer)
        self.assertEqual([row.percent for row in found], [Decimal("8.75")])

    def test_rule_38_a_day_that_no_rate_is_known_to_cover_is_named_and_never_guessed(self):
        days = [DayRate(date(2023, 5, 10), date(2023, 6, 20), Decimal("3.75")),
                DayRate(date(2023, 8, 2), date(2023, 8, 2), Decimal("4.25"))]  # fmt: skip
        fixed = statutory(law_of(Regime.SK_FIXED, CustomerKind.BUSINESS), ECB, days)
        for due, missing in ((date(2023, 6, 19), None), (date(2023, 6, 20), date(2023, 6, 21)),
                             (date(2023, 8, 1), None), (date(2023, 8, 2), date(2023, 8, 3)),
                             (date(2023, 5, 8), date(2023, 5, 9))):  # fmt: skip
            with self.subTest(due):
                if missing is None:
                    asked(owed(1, due), date(2023, 9, 1), fixed)
                    continue
                with self.assertRaises(MissingDayRateError) as caught:
                    asked(owed(1, due), date(2023, 9, 1), fixed)
                self.assertEqual(caught.exception.day, missing)

    def test_rule_39_only_the_days_that_were_billed_are_left_out(self):
        debt = owed(1_000, date(2026, 3, 31))
        june = (date(2026, 6, 1), date(2026, 6, 30))
        found = asked(debt, date(2026, 7, 31), without=[june])
        self.assertEqual(
            [(str(row.first), str(row.last)) for row in found],
            [("2026-04-01", "2026-05-31"), ("2026-07-01", "2026-07-31")],
        )
        self.assertEqual(sum(row.days for row in found), 61 + 31)
        self.assertEqual({row.percent for row in found}, {Decimal("11.50")})

    def test_rule_38_a_half_year_that_is_missing_is_named_and_never_guessed(self):
        for due, until, rates, missing in (
            (date(2023, 6, 30), date(2023, 7, 1), CZECH, None),
            (date(2023, 6, 29), date(2023, 7, 1), CZECH, date(2023, 1, 1)),
            (date(2026, 12, 31), date(2027, 1, 1), CZECH, date(2027, 1, 1)),
            (
                date(2023, 12, 1),
                date(2024, 1, 1),
                statutory(law_of(Regime.DE, CustomerKind.CONSUMER), ECB),
                date(2024, 1, 1),
            ),
        ):
            with self.subTest(due=due, until=until):
                if missing is None:
                    asked(owed(1, due), until, rates)
                    continue
                with self.assertRaises(MissingRateError) as caught:
                    asked(owed(1, due), until, rates)
                self.assertEqual(caught.exception.day, missing)

    def test_rule_38_a_law_that_is_not_known_is_an_error_and_never_another_one(self):
        with self.assertRaises(MissingLawError):
            law_of(Regime.PL, CustomerKind.CONSUMER)
        for kind, margin in (("public", 10), ("public_medical", 8)):
            with self.subTest(kind=kind):
                self.assertEqual(law_of(Regime.PL, CustomerKind(kind)).margin, margin)

    def test_rule_38_what_is_not_late_bears_none(self):
        debt = owed(100, date(2026, 5, 14))
        for until in (date(2026, 5, 13), date(2026, 5, 14), date(2020, 1, 1)):
            with self.subTest(until=until):
                self.assertEqual(asked(debt, until), ())
        self.assertEqual(asked(debt, date(2026, 5, 15))[0].days, 1)

    def test_rule_38_the_day_of_a_payment_counts_with_what_was_owed_before_it(self):
        due, percent = date(2026, 3, 31), contractual(Decimal("36.5"))
        for paid, wanted in (
            (date(2026, 3, 1), "0.00"),  # before it was due
            (due, "0.00"),
            (date(2026, 4, 1), "1.00"),
            (date(2026, 4, 10), "10.00"),
            (date(2026, 4, 30), "30.00"),
            (date(2026, 5, 1), "30.00"),  # after the last day
        ):
            with self.subTest(paid=paid):
                found = asked(owed(1_000, due, (paid, 1_000)), date(2026, 4, 30), percent)
                self.assertEqual(total(found), Decimal(wanted))

    def test_rule_38_an_overpayment_takes_nothing_back(self):
        debt = owed(100, date(2026, 1, 10), (date(2026, 1, 20), 500))
        rows = asked(debt, date(2026, 12, 31))
        self.assertEqual([row.balance for row in rows], [100])

    def test_rule_39_days_that_were_asked_for_already_are_left_out_at_the_rate_of_the_delay(self):
        debt, last = owed(50_000, date(2026, 6, 10)), date(2026, 10, 31)
        cut = date(2026, 8, 15)
        before, after = asked(debt, cut), asked(debt, last, without=[(date.min, cut)])
        self.assertEqual({row.percent for row in (*before, *after)}, {Decimal("11.50")})
        self.assertEqual(after[0].first, cut + timedelta(days=1))
        days = sum(row.days for row in (*before, *after))
        self.assertEqual(days, sum(row.days for row in asked(debt, last)))

    def test_rule_38_currencies_are_rounded_as_they_are(self):
        debt = owed(100_000, date(2026, 5, 14))
        for quantum, wanted in (("1", "6112"), ("0.001", "6112.329"), ("0.05", "6112.35")):
            with self.subTest(quantum=quantum):
                found = asked(debt, date(2026, 11, 24), quantum=Decimal(quantum))
                self.assertEqual(total(found), Decimal(wanted))

    def test_rule_38_ends_of_time_are_days_too(self):
        debt = owed(1, date(1, 1, 1))
        self.assertTrue(asked(debt, date(9999, 12, 31), contractual(Decimal(1))))


DAYS = st.dates(date(2023, 7, 1), date(2026, 12, 31))
AMOUNTS = st.decimals(min_value=0, max_value=10**7, places=2)
PAYMENTS = st.lists(st.tuples(DAYS, AMOUNTS), max_size=5)
TABLES = st.sampled_from(
    [
        CZECH,
        statutory(law_of(Regime.DE, CustomerKind.BUSINESS), REPO),
        contractual(Decimal("18.25")),
    ]
)


class TestInterestProperties(TestCase):
    @given(AMOUNTS, DAYS, PAYMENTS, DAYS, TABLES)
    def test_rule_38_segments_are_the_sum_of_their_days(self, amount, due, paid, until, rates):
        debt = owed(amount, due, *paid)
        try:
            found = asked(debt, until, rates)
        except MissingRateError:
            self.assertGreaterEqual(due, date(2026, 12, 31))
            return
        self.assertEqual(total(found), day_by_day(debt, rates, until))

    @given(AMOUNTS, DAYS, PAYMENTS, DAYS)
    def test_rule_38_the_order_of_payments_does_not_matter(self, amount, due, paid, until):
        rates = contractual(Decimal(12))
        found = asked(owed(amount, due, *paid), until, rates)
        self.assertEqual(found, asked(owed(amount, due, *reversed(paid)), until, rates))

    @given(AMOUNTS, DAYS, PAYMENTS, DAYS, TABLES)
    def test_rule_38_no_day_counts_twice_and_nothing_is_negative(
        self, amount, due, paid, until, rates
    ):
        if due >= date(2026, 12, 31):
            return
        found = asked(owed(amount, due, *paid), until, rates)
        days = [row.first + timedelta(days=n) for row in found for n in range(row.days)]
        self.assertEqual(len(days), len(set(days)))
        self.assertTrue(all(due < day <= until for day in days))
        self.assertTrue(all(row.amount >= 0 and row.balance > 0 for row in found))

    @given(AMOUNTS, DAYS, PAYMENTS, DAYS, DAYS)
    def test_rule_39_asked_for_in_two_parts_it_differs_by_the_rounding_alone(
        self, amount, due, paid, cut, until
    ):
        rates = contractual(Decimal("11.5"))
        debt, cut = owed(amount, due, *paid), min(cut, until)
        before = asked(debt, cut, rates)
        after = asked(debt, until, rates, without=[(date.min, cut)])
        whole = total(asked(debt, until, rates))
        self.assertLessEqual(abs(total(before) + total(after) - whole), HALER)
