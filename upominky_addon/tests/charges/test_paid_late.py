"""SPEC rule 39: what was paid late is a list that the database makes, without what is nothing."""

from datetime import date, timedelta

from odoo.tools import SQL

from ..common import TODAY
from ..interest_case import BillingCase

DUE = date(2026, 3, 31)
MAY = date(2026, 5, 31)


def day(days):
    return DUE + timedelta(days=days)


class TestPaidLate(BillingCase):
    def paid(self, late, days, amount=1_000, **values):
        """Return an invoice of which a part was paid so many days late, the rest in time."""
        move = self.invoice(amount=amount, due=DUE, **values)
        if amount > late:
            self.pay(move, amount - late, DUE)
        self.pay(move, late, day(days))
        return move

    def listed(self, move, at=TODAY):
        """Say whether an invoice is in the list, which search and field say alike."""
        with self.on(at):
            move.invalidate_recordset(["upominky_paid_late"])
            found = move in self.paid_late()
            domain = [("upominky_paid_late", "=", False), ("id", "=", move.id)]
            self.assertEqual(bool(self.env["account.move"].search(domain)), not found)
            self.assertEqual(move.upominky_paid_late, found)
            self.assertEqual(bool(move.filtered_domain([("upominky_paid_late", "=", True)])), found)
        return found

    def test_rule_39_what_comes_to_nothing_is_left_out(self):
        # By Czech law 11.5 %: half a heller is what 15.87 crowns bear in a day.
        for late, days, wanted in (
            (1_000, 20, True),
            (1_000, 1, True),
            (0.5, 31, False),
            (0.5, 32, True),
            (0.01, 55, False),
            (15, 1, False),
            (16, 1, True),
            (40, 1, True),
        ):
            with self.subTest(late=late, days=days):
                self.assertEqual(self.listed(self.paid(late, days)), wanted)

    def test_rule_39_a_rest_that_was_written_off_is_none(self):
        move = self.invoice(amount=1_000, due=DUE)
        self.pay(move, 999.9, DUE)
        item = move.line_ids.filtered(lambda i: i.account_type == "asset_receivable")
        entry = self.entry(-0.1)
        entry.button_draft()
        entry.date = day(40)
        entry.action_post()
        rest = entry.line_ids.filtered(lambda i: i.account_id == item.account_id)
        (item + rest).reconcile()
        self.assertTrue(item.reconciled)
        self.assertFalse(self.listed(move))

    def test_rule_39_what_a_reminder_asked_for_decides(self):
        for asked, late, wanted in (
            ({"interest": "contractual", "interest_percent": 1}, 100, False),
            ({"interest": "contractual", "interest_percent": 1}, 200, True),
            ({"interest": "contractual", "interest_percent": 100}, 2, True),
            ({"interest": "none", "flat_cost": 1200}, 1_000, False),
        ):
            with self.subTest(asked, late=late):
                customer = self.new_customer(f"Z {asked} {late}", "z@z.example")
                self.level.write({"interest": "none", "flat_cost": 0, **asked})
                move = self.invoice(customer, amount=late, due=DUE)
                self.issued_to(customer, day(20))
                self.mailed(day(20))
                self.pay(move, late, day(1))
                self.assertEqual(self.listed(move), wanted)

    def test_rule_39_the_days_that_were_billed_do_not_count(self):
        move = self.invoice(amount=1_000, due=DUE)
        self.pay(move, 999.5, day(30))
        self.bill(move, day(30))
        self.pay(move, 0.5, day(31 + 30))
        self.assertFalse(self.listed(move))
        other = self.invoice(amount=1_000, due=DUE)
        self.bill(other, day(30))
        self.pay(other, day=day(33))
        self.assertTrue(self.listed(other))

    def test_rule_39_what_cannot_be_worked_out_stays_in_the_list(self):
        move = self.paid(0.5, 31)
        self.env["upominky.rate"].sudo().search([("regime", "=", "cz")]).unlink()
        self.assertTrue(self.listed(move))

    def test_rule_39_paid_on_a_day_to_come_it_is_late_until_today(self):
        move = self.invoice(amount=1_000, due=TODAY)
        self.pay(move, day=TODAY + timedelta(days=30))
        self.assertFalse(self.listed(move, TODAY))
        self.assertTrue(self.listed(move, TODAY + timedelta(days=9)))

    def test_rule_39_the_list_is_found_by_the_database_not_by_ids(self):
        for days in (1, 2, 3):
            self.paid(1_000, days)
        with self.on(TODAY):
            query = self.env["account.move"]._search([("upominky_paid_late", "=", True)])
            text = self.env.cr.mogrify(query.select()).decode()
            self.assertIn("account_partial_reconcile", text)
            self.env.execute_query(SQL("EXPLAIN %s", query.select()))
