"""SPEC rule 39: interest and costs are billed by drafts that explain themselves, each day once."""

from datetime import date, timedelta

import psycopg2

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from ..common import TODAY
from ..interest_case import BillingCase, day_by_day

DUE = date(2026, 3, 31)
LATER = TODAY + timedelta(days=30)


class TestBilling(BillingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.charge(interest="contractual", interest_percent=12, flat_cost=1200)
        cls.move = cls.invoice(amount=10_000, due=DUE)
        cls.pay(cls.move, 4_000, date(2026, 4, 30))

    def test_rule_39_a_draft_explains_itself_line_by_line(self):
        reminder = self.reminded()
        draft = self.bill(reminder, date(2026, 5, 31))
        self.assertEqual((draft.state, draft.move_type), ("draft", "out_invoice"))
        self.assertEqual(draft.partner_id, self.customer)
        interest, cost = draft.invoice_line_ids
        self.assertEqual((interest.price_unit, cost.price_unit), (159.78, 1200))
        self.assertFalse(draft.invoice_line_ids.tax_ids)
        words = interest.name.replace("\xa0", " ")
        for said in (
            self.move.name,
            "Apr 1, 2026 – Apr 30, 2026",
            "days: 30",
            "12% a year",
            "98.63",
        ):
            self.assertIn(said, words)
        self.assertIn(self.move.name, cost.name)
        rows = self.env["upominky.billed"].search([("billed_move_id", "=", draft.id)])
        self.assertEqual(set(rows.mapped("kind")), {"interest", "cost"})

    def test_rule_39_each_day_and_each_cost_once(self):
        reminder = self.reminded()
        first = self.bill(reminder, date(2026, 5, 31))
        with self.assertRaisesRegex(UserError, "billed already"):
            self.bill(self.move, date(2026, 5, 31))
        second = self.bill(self.move, date(2026, 6, 10))
        whole = day_by_day(10_000, DUE, [(date(2026, 4, 30), 4_000)], date(2026, 6, 10), 12)
        billed = first.amount_total - 1200 + second.amount_total
        self.assertAlmostEqual(billed, float(whole), delta=0.011)
        rows = self.env["upominky.billed"].search([("kind", "=", "interest")], order="date_from")
        mine = rows.filtered(lambda row: row.move_id == self.move)
        self.assertEqual(mine[1].date_from, mine[0].date_to + timedelta(days=1))

    def test_rule_39_cancelled_deleted_or_credited_it_may_be_billed_anew(self):
        def cancelled(draft):
            draft.button_cancel()

        def deleted(draft):
            draft.unlink()

        def credited(draft):
            draft.invoice_date = TODAY
            draft.action_post()
            draft._reverse_moves([{"invoice_date": TODAY, "date": TODAY}], cancel=True)

        for undo in (cancelled, deleted, credited):
            with self.subTest(undo.__name__):
                draft = self.bill(self.move)
                total = draft.amount_total
                undo(draft)
                again = self.bill(self.move)
                self.assertEqual(again.amount_total, total)
                again.unlink()

    def test_rule_39_the_database_refuses_a_day_twice(self):
        self.bill(self.move)
        row = self.env["upominky.billed"].sudo().search([("move_id", "=", self.move.id)])
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.env.cr.savepoint(),
        ):
            row.copy()
            self.env.flush_all()

    def test_rule_39_invoices_paid_late_are_a_list_until_they_are_billed(self):
        paid = self.invoice(amount=1_000, due=DUE)
        self.pay(paid, 1_000, date(2026, 4, 20))
        in_time = self.invoice(amount=1_000, due=DUE)
        self.pay(in_time, 1_000, DUE)
        noted = self.invoice(amount=1_000, due=DUE)
        self.note(noted, 1_000, date(2026, 4, 20))
        listed = self.env["account.move"].search([("upominky_paid_late", "=", True)])
        self.assertEqual(listed & (paid | in_time | noted | self.move), paid)
        self.assertEqual(paid.upominky_paid_on, date(2026, 4, 20))
        self.assertEqual(paid.upominky_days_late, (date(2026, 4, 20) - DUE).days)
        self.assertEqual((in_time.upominky_paid_on, in_time.upominky_days_late), (False, 0))
        draft = self.bill(paid)
        wanted = day_by_day(1_000, DUE, [(date(2026, 4, 20), 1_000)], TODAY, 11.5)
        self.assertEqual(draft.amount_total, float(wanted))
        self.assertFalse(
            self.env["account.move"].search([("upominky_paid_late", "=", True)]) & paid
        )
        with self.assertRaisesRegex(UserError, "Nothing is to be billed"):
            self.bill(in_time | noted)

    def test_rule_39_all_of_a_customer_in_one_draft_for_each_currency(self):
        self.invoice(amount=1_000, due=DUE, currency=self.eur)
        drafts = self.bill(self.customer)
        self.assertEqual(set(drafts.currency_id.mapped("name")), {"CZK", "EUR"})
        self.assertEqual(drafts.partner_id, self.customer)

    def test_rule_39_one_draft_is_opened_and_several_are_listed(self):
        with self.on(TODAY):
            action = self.move.action_upominky_bill_interest()
        draft = self.env["account.move"].search(action["domain"])
        self.assertEqual((action["view_mode"], action["res_id"]), ("form", draft.id))
        self.invoice(amount=1_000, due=DUE, currency=self.eur)
        self.invoice(amount=1_000, due=DUE)
        with self.on(TODAY):
            action = self.customer.action_upominky_bill_interest()
        self.assertFalse(action.get("res_id"))

    def test_rule_39_invoices_of_interest_bear_none(self):
        draft = self.bill(self.move)
        draft.write({"invoice_date": DUE, "invoice_date_due": DUE})
        draft.action_post()
        with self.assertRaisesRegex(UserError, "Nothing is to be billed"):
            self.bill(draft)
        reminder = self.generate()
        line = reminder.line_ids.filtered(lambda line: line.move_id == draft)
        self.assertTrue(line)
        self.assertFalse(line.interest_ids or line.flat_cost)
        self.assertIn("No interest is asked on invoices of interest", reminder._table_as_text())

    def test_rule_38_what_was_billed_before_is_no_principal(self):
        bill = self.bill(self.move)
        bill.write({"invoice_date": DUE, "invoice_date_due": DUE})
        bill.action_post()
        other = self.invoice(amount=500, due=DUE, currency=self.eur)
        self.payment(6_000 + 100)  # all of the invoice, and a part of the bill
        reminder = self.generate()
        self.assertEqual(reminder.line_ids.move_id, self.move + bill + other)
        billed = round(bill.amount_total - 100, 2)
        sums = {each.currency: each for each in reminder._letter().claim.sums}
        self.assertEqual(float(sums["CZK"].billed), billed)
        self.assertEqual((sums["CZK"].principal, sums["EUR"].principal), (0, 500))
        self.assertEqual(sums["EUR"].billed, 0)
        principal = reminder.claim_totals["CZK"]["principal"]
        self.assertEqual((principal, reminder.currency_totals["CZK"]), (billed, billed))
        text = reminder._table_as_text().replace("\xa0", " ")
        amount = self.czk.format(billed).replace("\xa0", " ")
        self.assertIn(f"Interest and costs billed before: {amount}", text)
        self.assertIn("and interest and costs that were billed before", text)
        claims = {each["code"]: each for each in reminder._claim_values(reminder._letter())}
        self.assertEqual(float(claims["CZK"]["billed"]), billed)

    def test_rule_39_what_was_billed_no_reminder_claims_again(self):
        reminder = self.reminded()
        draft = self.bill(reminder, date(2026, 5, 31))
        draft.invoice_date = date(2026, 5, 31)
        draft.action_post()
        later = self.rule.level_ids[1].sudo()
        self.charge(later, interest="contractual", interest_percent=12, flat_cost=1200)
        # The bill is overdue by then itself, and asked for at the first level.
        reminders = self.generate(date(2026, 6, 30))
        reminder = reminders.filtered(lambda r: self.move in r.line_ids.move_id)
        self.assertEqual(reminder.level_order, 2)
        wanted = day_by_day(6_000, date(2026, 5, 31), [], date(2026, 6, 30), 12)
        self.assertEqual(self.interest_of(reminder), wanted)
        self.assertEqual(reminder.claim_totals["CZK"]["costs"], 0)

    def test_rule_39_a_missing_rate_is_named(self):
        self.env["upominky.rate"].sudo().search([("regime", "=", "cz")]).unlink()
        late = self.invoice(amount=1_000, due=DUE)
        with self.assertRaisesRegex(UserError, r"half-year from Jan 1, 2026"):
            self.bill(late)

    def test_rule_39_journal_account_and_taxes_are_those_of_the_settings(self):
        journal = self.company_data["default_journal_sale"].copy({"code": "URO"})
        account = self.company_data["default_account_revenue"].copy()
        tax = self.company_data["default_tax_sale"]
        self.company.write(
            {
                "upominky_interest_journal_id": journal.id,
                "upominky_interest_account_id": account.id,
                "upominky_interest_tax_ids": tax.ids,
            }
        )
        draft = self.bill(self.move)
        line = draft.invoice_line_ids
        self.assertEqual((draft.journal_id, line.account_id, line.tax_ids), (journal, account, tax))
