"""SPEC rule 26: invoices and the book are grouped and sorted by level and next date."""

from datetime import date, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from .common import TODAY, UpominkyCommon, smtp_inbox


class TestGrouping(UpominkyCommon):
    def setUp(self):
        super().setUp()
        self.paid, self.reminded = self.invoice(due=40), self.invoice(due=20)
        with smtp_inbox(self.env):
            self.generate()
            self.send()
        self.pay(self.paid)
        # Due on 1 June: its first reminder may follow on the 8th.
        self.fresh = self.invoice(due=date(2026, 6, 1))
        self.moves = self.paid | self.reminded | self.fresh
        self.mine = [("id", "in", self.moves.ids)]

    def groups(self, field):
        """Return what the client gets to draw groups, and what it finds in each of them."""
        found = []
        for group in self.moves.formatted_read_group(self.mine, [field], ["__count"]):
            inside = self.moves.search([*self.mine, *group["__extra_domain"]])
            self.assertEqual(len(inside), group["__count"])
            value = group[field]
            found.append((value[0] if isinstance(value, (list, tuple)) else value, inside))
        return found

    def test_rule_26_invoices_are_grouped_by_level(self):
        self.assertEqual(
            self.groups("upominky_level"), [(0, self.fresh), (1, self.paid | self.reminded)]
        )

    def test_rule_26_invoices_are_grouped_by_next_date(self):
        with self.on(TODAY):
            self.assertEqual(
                self.groups("upominky_next_date:month"),
                [("2026-06-01", self.fresh | self.reminded), (False, self.paid)],
            )
            self.assertEqual(
                self.groups("upominky_next_date:day"),
                [("2026-06-08", self.fresh), ("2026-06-12", self.reminded), (False, self.paid)],
            )

    def test_rule_26_invoices_are_sorted_by_level_and_next_date(self):
        with self.on(TODAY):
            by_date = self.moves.search(self.mine, order="upominky_next_date, id")
            self.assertEqual(by_date.ids, [self.fresh.id, self.reminded.id, self.paid.id])
            by_level = self.moves.search(self.mine, order="upominky_level, id desc")
            self.assertEqual(by_level.ids, [self.fresh.id, self.reminded.id, self.paid.id])

    def test_rule_26_both_at_once_and_along_a_path(self):
        with self.on(TODAY):
            rows = self.moves._read_group(
                self.mine, ["upominky_level", "upominky_next_date:month"], ["id:recordset"]
            )
            june = date(2026, 6, 1)
            self.assertEqual(
                rows, [(0, june, self.fresh), (1, june, self.reminded), (1, False, self.paid)]
            )
            lines = self.env["account.move.line"]._read_group(
                [("move_id", "in", self.moves.ids), ("account_type", "=", "asset_receivable")],
                ["move_id.upominky_next_date:day"],
                ["move_id:recordset"],
            )
            self.assertEqual(
                lines,
                [
                    (date(2026, 6, 8), self.fresh),
                    (date(2026, 6, 12), self.reminded),
                    (False, self.paid),
                ],
            )

    def test_views_open_without_deciding_anything(self):
        reader = type(self.env["upominky.reader"])
        with patch.object(reader, "_customers", side_effect=AssertionError("decided")):
            told = self.moves.fields_get(["upominky_level", "upominky_next_date"])
        for name, field in told.items():
            with self.subTest(field=name):
                self.assertTrue(field["groupable"])
                self.assertTrue(field["sortable"])
        self.assertFalse(told["upominky_level"].get("aggregator"))

    def test_rule_29_nobody_outside_groups_by_them(self):
        portal = new_test_user(self.env, "group_portal_user", groups="base.group_portal")
        for field in ("upominky_level", "upominky_next_date:month"):
            with self.subTest(field=field), self.assertRaises(AccessError):
                self.moves.with_user(portal).formatted_read_group([], [field], ["__count"])

    def test_a_hold_moves_an_invoice_to_another_group(self):
        with self.on(TODAY):
            self.reminded.upominky_hold_until = date(2026, 7, 30)
            self.assertEqual(
                self.groups("upominky_next_date:month"),
                [
                    ("2026-06-01", self.fresh),
                    ("2026-07-01", self.reminded),
                    (False, self.paid),
                ],
            )
            self.assertEqual(
                self.reminded.upominky_next_date, date(2026, 7, 30) + timedelta(days=1)
            )
