"""SPEC rule 26: invoices and the book are grouped and sorted by level and next date."""

from datetime import date, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from ..common import TODAY, UpominkyCommon, smtp_inbox


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

    def test_rule_26_more_records_than_groups_asked_for_are_counted(self):
        second = self.invoice(due=date(2026, 6, 2))
        self.moves |= second
        domain = [("id", "in", self.moves.ids)]
        with self.on(TODAY):
            for limit in (1, 2, 3):
                with self.subTest(groups=limit):
                    rows = self.moves.formatted_read_group(
                        domain, ["upominky_next_date:month"], ["__count"], limit=limit
                    )
                    self.assertEqual([row["__count"] for row in rows], [3, 1][:limit])

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


class TestBook(UpominkyCommon):
    """What the book shows of each reminder."""

    def setUp(self):
        super().setUp()
        self.move = self.invoice(due=20)
        with smtp_inbox(self.env):
            self.first = self.generate()
            self.send()
            # Paid up soon after: nothing follows for this one.
            self.other = self.new_customer("Druhý s.r.o.", "f@druhy.example")
            self.paid = self.invoice(self.other, due=20)
            self.second = self.generate()
            self.send()
            self.pay(self.paid)
        self.both = self.first | self.second
        self.next = TODAY + timedelta(days=14)

    def test_the_book_is_searched_grouped_and_sorted_by_next_date(self):
        mine = [("id", "in", self.both.ids)]
        with self.on(TODAY):
            self.assertEqual(self.first.next_date, self.next)
            self.assertFalse(self.second.next_date)
            for condition, found in (
                (("next_date", "<=", self.next), self.first),
                (("next_date", "<", self.next), self.first.browse()),
                (("next_date", "=", False), self.second),
                (("next_date", "!=", False), self.first),
                (("next_date", "<=", "today +14d"), self.first),
            ):
                with self.subTest(condition=condition):
                    self.assertEqual(self.both.search([*mine, condition]), found)
            groups = self.both._read_group(mine, ["next_date:day"], ["id:recordset"])
            self.assertEqual(groups, [(self.next, self.first), (False, self.second)])
            self.assertEqual(self.both.search(mine, order="next_date")[:1], self.first)

    def test_a_reminder_that_another_has_followed_has_no_next_date(self):
        with smtp_inbox(self.env):
            later = self.generate(self.next)
            self.send(self.next)
        self.assertEqual(later.line_ids.move_id, self.move)
        with self.on(self.next):
            self.env.invalidate_all()
            self.assertFalse(self.first.next_date)
            self.assertEqual(later.next_date, self.next + timedelta(days=14))

    def test_the_form_shows_the_e_mail_as_sent(self):
        self.assertEqual(self.first.mail_to, self.customer.email)
        self.assertIn("12,100.00", self.first.mail_body)
        self.assertEqual(self.first.mail_subject, self.first.delivery_ids.subject)

    def test_nothing_in_a_mail_breaks_the_page(self):
        message = self.first.delivery_ids.mail_message_id.sudo()
        message.body = "<p onclick='alert(1)'>Hello<script>alert(1)</script></p>"
        self.assertIn("Hello", self.first.mail_body)
        self.assertNotIn("script", self.first.mail_body)
        self.assertNotIn("onclick", self.first.mail_body)

    def test_the_book_is_exported_with_what_people_want(self):
        names = ["name", "partner_id/name", "totals_text", "state", "next_date", "line_ids/move_id"]
        with self.on(TODAY):
            ((number, customer, totals, state, day, invoice),) = self.first.export_data(names)[
                "datas"
            ]
        self.assertEqual(
            (number, customer, invoice), (self.first.name, "Odběratel s.r.o.", self.move.name)
        )
        self.assertIn("12,100.00", totals)
        self.assertEqual((state, day), ("Sent", self.next))
