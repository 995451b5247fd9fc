"""SPEC rule 40: what a final notice must contain, and who may approve it."""

from dataclasses import replace
from unittest import TestCase

from ...core.final_notice import Debt, Party, accounts_lacking, is_too_short, may_approve
from ...core.lifecycle import may_become

WHOLE = Party("27082440", "Dlouhá 1", "Praha", "110 00", "Česko")


class TestFinalNotice(TestCase):
    def test_rule_40_a_party_has_a_number_and_a_seat(self):
        self.assertEqual(WHOLE.lacks(), ())
        for name in ("number", "street", "city", "zip", "country"):
            for nothing in ("", "  "):
                with self.subTest(name, nothing=nothing):
                    self.assertEqual(replace(WHOLE, **{name: nothing}).lacks(), (name,))
        self.assertEqual(
            Party().lacks(), ("number", "street", "city", "zip", "country"), "in their order"
        )

    def test_rule_40_a_person_has_no_number_and_some_countries_no_postal_codes(self):
        self.assertEqual(replace(WHOLE, number="", is_private=True).lacks(), ())
        self.assertEqual(replace(WHOLE, zip="", has_zip=False).lacks(), ())

    def test_rule_40_a_debt_has_a_ground_a_due_date_and_a_reference(self):
        for debt, expected in (
            (Debt("FA 1", True, "20260001"), ()),
            (Debt("FA 1", True, ""), ()),  # the number names the payment too
            (Debt("FA 1", False, "1"), ("due_date",)),
            (Debt("", True, "1"), ("ground",)),
            (Debt("", False, ""), ("ground", "due_date", "reference")),
        ):
            with self.subTest(debt):
                self.assertEqual(debt.lacks(), expected)

    def test_rule_40_each_currency_has_an_account(self):
        blocks = [("CZK", "1/0100"), ("EUR", ""), ("EUR", ""), ("USD", "")]
        self.assertEqual(accounts_lacking(blocks), ("EUR", "USD"))

    def test_rule_34_a_final_notice_gives_seven_days_at_least(self):
        self.assertEqual(
            [is_too_short(days) for days in (0, 3, 6, 7, 14)], [True] * 3 + [False] * 2
        )

    def test_rule_40_four_eyes(self):
        for issuer, approver, four_eyes, expected in (
            (1, 1, True, False),
            (1, 2, True, True),
            (None, 1, True, True),
            (1, 1, False, True),
        ):
            with self.subTest(issuer=issuer, approver=approver, four_eyes=four_eyes):
                self.assertEqual(may_approve(issuer, approver, four_eyes), expected)

    def test_rule_40_what_is_approved_may_go_back_and_what_is_sent_may_not(self):
        for state, expected in (
            ("issued", True),
            ("failed", True),
            ("sent", False),
            ("cancelled", False),
        ):
            with self.subTest(state):
                self.assertEqual(may_become(state, "to_approve"), expected)
