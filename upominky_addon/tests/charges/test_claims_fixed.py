"""SPEC rule 38: interest is worked out anew until the reminder goes out, and then stays."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from ..common import TODAY
from ..interest_case import InterestCase, day_by_day

LATER = TODAY + timedelta(days=5)
DUE = TODAY - timedelta(days=20)


class TestWorkedOutAnew(InterestCase):
    def test_rule_38_it_runs_to_the_issue_and_then_to_the_day_of_sending(self):
        self.invoice(amount=10_000, due=DUE)
        reminder = self.generate()
        at_issue = day_by_day(10_000, DUE, [], TODAY, 11.5)
        self.assertEqual(self.interest_of(reminder), at_issue)
        self.mailed(LATER)
        self.assertEqual(reminder.state, "sent", reminder.error)
        at_sending = day_by_day(10_000, DUE, [], LATER, 11.5)
        self.assertEqual(self.interest_of(reminder), at_sending)
        self.assertEqual(max(reminder.interest_ids.mapped("date_to")), LATER)

    def test_rule_38_a_payment_before_sending_is_taken_into_account(self):
        move = self.invoice(amount=10_000, due=DUE)
        reminder = self.generate()
        paid = TODAY - timedelta(days=3)
        self.pay(move, 4_000, paid)
        self.mailed(LATER)
        wanted = day_by_day(10_000, DUE, [(paid, 4_000)], LATER, 11.5)
        self.assertEqual(self.interest_of(reminder), wanted)
        self.assertEqual(reminder.claim_totals["CZK"]["principal"], 6_000)

    def test_rule_38_a_level_that_asks_no_more_takes_it_out_of_what_waits(self):
        self.invoice(due=DUE)
        reminder = self.generate()
        self.assertTrue(reminder.interest_ids)
        self.charge(interest="none")
        self.mailed()
        self.assertEqual((reminder.state, reminder.claim_totals), ("sent", False))
        self.assertFalse(reminder.interest_ids)

    def test_rule_38_approval_works_it_out_too(self):
        self.level.requires_approval = True
        self.invoice(amount=10_000, due=DUE)
        reminder = self.generate()
        with self.on(LATER):
            reminder.action_approve()
        self.assertEqual(self.interest_of(reminder), day_by_day(10_000, DUE, [], LATER, 11.5))


class TestMarked(InterestCase):
    def test_rule_38_marked_as_sent_it_runs_to_the_day_of_sending(self):
        move = self.invoice(amount=10_000, due=DUE)
        reminder = self.generate()
        with self.on(LATER + timedelta(days=3)):
            reminder.action_mark_sent(LATER)
        self.assertEqual(reminder.state, "sent")
        self.assertEqual(reminder.line_ids.move_id, move)
        self.assertEqual(self.interest_of(reminder), day_by_day(10_000, DUE, [], LATER, 11.5))
        self.assertEqual(max(reminder.interest_ids.mapped("date_to")), LATER)

    def test_rule_38_what_is_not_known_is_not_marked_as_sent_and_asks_no_cost(self):
        self.charge(flat_cost=1200)
        self.env["upominky.rate"].sudo().search([("regime", "=", "cz")]).unlink()
        self.invoice(amount=10_000, due=DUE)
        reminder = self.generate()
        self.assertFalse(any(reminder.line_ids.mapped("flat_cost")))
        with self.on(LATER), self.assertRaisesRegex(UserError, "half-year from Jan 1, 2026"):
            reminder.action_mark_sent(LATER)
        self.assertEqual(reminder.state, "failed")


class TestFixed(InterestCase):
    def setUp(self):
        super().setUp()
        self.move = self.invoice(amount=10_000, due=DUE)
        self.reminder = self.generate()

    def kept(self):
        self.env.invalidate_all()
        rows = self.reminder.interest_ids.read(["date_from", "date_to", "base", "amount"])
        return rows, self.reminder.claim_totals

    def test_rule_38_what_was_sent_stays_whatever_happens_after_it(self):
        self.mailed()
        before = self.kept()
        self.pay(self.move, 4_000, TODAY)
        self.env["upominky.rate"].sudo().search([("regime", "=", "cz")]).unlink()
        self.charge(interest="contractual", interest_percent=50, flat_cost=1)
        self.reminder.sudo()._recheck()
        self.reminder.sudo()._work_out_charges(LATER)
        self.mailed(LATER)
        self.assertEqual(self.kept(), before)

    def changes(self, reminder):
        """Yield ways to change the calculation of a reminder."""
        row = reminder.interest_ids[:1]
        copied = {name: row[name] for name in ("date_from", "date_to", "days", "amount")}
        links = {
            "reminder_id": reminder.id,
            "line_id": row.line_id.id,
            "company_id": self.company.id,
            "currency_id": self.czk.id,
        }
        yield lambda: row.write({"amount": 1})
        yield row.unlink
        yield lambda: row.create({**copied, **links})
        yield lambda: reminder.write({"claim_totals": {}})
        yield lambda: reminder.write({"claim_terms": {}})
        yield lambda: reminder.write({"interest_ids": [(5, 0, 0)]})

    def test_rule_38_nobody_changes_what_was_sent_not_even_the_program(self):
        self.mailed()
        for change in self.changes(self.reminder.sudo()):
            with self.assertRaisesRegex(UserError, "cannot be changed"), self.env.cr.savepoint():
                change()

    def test_rule_38_no_role_changes_it_sent_or_not(self):
        groups = ("upominky_addon.group_user", "upominky_addon.group_manager", "base.group_system")
        for group in groups:
            user = new_test_user(self.env, f"u_{group}", f"{group},upominky_addon.group_user",
                                 company_id=self.company.id,
                                 company_ids=[(6, 0, self.company.ids)])  # fmt: skip
            for change in self.changes(self.reminder.with_user(user)):
                with self.subTest(group), self.assertRaises(AccessError), self.env.cr.savepoint():
                    change()

    def test_rule_38_it_goes_with_its_reminder(self):
        rows = self.reminder.interest_ids
        self.assertTrue(rows)
        self.reminder.sudo().unlink()
        self.assertFalse(rows.exists())
