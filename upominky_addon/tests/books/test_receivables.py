"""SPEC rules 1 to 4, 10 to 13: what is reminded, by which rule, of how much."""

from datetime import date, datetime, timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, mute_logger

from ...models.books import receivables
from ..common import TODAY, UpominkyCommon
from ..entries import BooksCase


class TestReceivables(UpominkyCommon):
    def reminded(self, *moves):
        """Run job 1 and return which of the invoices are in a reminder of this run."""
        return self.generate().line_ids.filtered(lambda line: line.state == "open").move_id & (
            self.env["account.move"].union(*moves)
        )

    def test_rule_01_instalments_are_due_each_by_its_own_date(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Two halves",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": 0}),
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": 30}),
                ],
            }
        )
        move = self.invoice(
            amount=10000,
            invoice_date=TODAY - timedelta(days=30),
            invoice_payment_term_id=term.id,
            invoice_date_due=False,
        )
        first = self.generate()
        self.assertEqual(first.line_ids.mapped("amount_due"), [5000.0])
        self.assertEqual(first.line_ids.due_date, TODAY - timedelta(days=30))
        second = self.generate(TODAY + timedelta(days=7))
        self.assertEqual(second.line_ids.move_id, move)
        self.assertEqual(second.line_ids.due_date, TODAY)
        self.assertEqual(second.level_order, 1)

    def test_rule_02_never_reminded(self):
        good = self.invoice(due=20)
        draft = self.invoice(due=20)
        draft.button_draft()
        cancelled = self.invoice(due=20)
        cancelled.button_draft()
        cancelled.button_cancel()
        no_followup = self.invoice(due=20)
        no_followup.line_ids.filtered("date_maturity").no_followup = True
        blocked = self.invoice(due=20)
        blocked.action_toggle_block_payment()
        paid = self.invoice(due=20)
        self.pay(paid)
        reversed_move = self.invoice(due=20)
        reversed_move._reverse_moves(cancel=True)
        note = self.credit_note(self.new_customer("Other", "o@o.example"), day=TODAY)
        excluded = self.invoice(
            self.new_customer("Excluded", "e@e.example", upominky_excluded=True), due=20
        )
        moves = (
            good, draft, cancelled, no_followup, blocked, paid, reversed_move, note, excluded
        )  # fmt: skip
        self.assertEqual(self.reminded(*moves), good)

    def test_rule_02_partly_paid_is_reminded_of_the_rest(self):
        move = self.invoice(amount=10000, due=10)
        self.pay(move, 4000)
        self.assertEqual(self.generate().currency_totals, {"CZK": 6000.0})

    def test_rule_03_customer_is_the_commercial_partner(self):
        branch = self.new_customer(
            "Office", "office@odberatel.example", is_company=False, parent_id=self.customer.id
        )
        branch.type = "other"
        self.invoice(due=10)
        self.invoice(branch, due=10)
        reminders = self.generate()
        self.assertEqual(reminders.partner_id, self.customer)

    def test_rule_03_today_is_the_companys_own_date(self):
        partner = self.company.partner_id
        czech = self.env.ref("base.cz")
        spain = self.env.ref("base.es")
        for tz, country, expected in (
            ("Europe/Prague", False, date(2026, 5, 30)),
            (False, czech, date(2026, 5, 30)),
            (False, spain, date(2026, 5, 29)),  # Spain has several zones: UTC
            (False, False, date(2026, 5, 29)),
        ):
            with self.subTest(tz=tz, country=country), freeze_time(datetime(2026, 5, 29, 23, 30)):
                partner.write({"tz": tz, "country_id": country and country.id})
                self.assertEqual(self.company._upominky_today(), expected)

    # -------------------------------------------------------------- the rule

    def new_rule(self, name, days=3, **values):
        return self.env["upominky.rule"].create(
            {
                "name": name,
                "company_id": self.company.id,
                "level_ids": [
                    Command.create(
                        {
                            "order": 1,
                            "name": name,
                            "days_overdue": days,
                            "mail_template_id": self.rule.level_ids[0].mail_template_id.id,
                        }
                    )
                ],
                **values,
            }
        )

    def test_rule_04_customer_before_group_before_all(self):
        group = self.env["res.partner.category"].create({"name": "Key customers"})
        sub_group = self.env["res.partner.category"].create(
            {"name": "Foreign key customers", "parent_id": group.id}
        )
        self.assertEqual(self.customer.upominky_rule_id, self.rule)
        self.assertIn("all customers", self.customer.upominky_rule_reason)
        of_group = self.new_rule("Group", category_ids=group.ids)
        self.customer.category_id = sub_group
        self.customer.invalidate_recordset()
        self.assertEqual(self.customer.upominky_rule_id, of_group)
        self.assertIn("group", self.customer.upominky_rule_reason)
        own = self.new_rule("Own", partner_ids=self.customer.ids)
        self.customer.invalidate_recordset()
        self.assertEqual(self.customer.upominky_rule_id, own)
        own.active = False
        self.customer.invalidate_recordset()
        self.assertEqual(self.customer.upominky_rule_id, of_group)

    def test_rule_04_two_groups_give_one_rule_and_one_reminder(self):
        groups = self.env["res.partner.category"].create([{"name": "A"}, {"name": "B"}])
        late = self.new_rule("A", category_ids=groups[0].ids, sequence=20)
        early = self.new_rule("B", category_ids=groups[1].ids, sequence=10)
        self.customer.category_id = groups
        self.invoice(due=10)
        reminder = self.generate()
        self.assertEqual(reminder.rule_id, early)
        self.assertNotEqual(reminder.rule_id, late)

    def test_rule_04_no_rule_no_reminder(self):
        self.rule.active = False
        self.invoice(due=100)
        self.assertFalse(self.generate())

    def test_rule_04_listed_customers_and_tags_cannot_be_deleted(self):
        group = self.env["res.partner.category"].create({"name": "Listed"})
        stranger = self.new_customer("Stranger", "s@s.example")
        rule = self.new_rule("Listed", category_ids=group.ids, partner_ids=stranger.ids)
        for record in (group, stranger):
            with self.subTest(record=record), self.assertRaisesRegex(UserError, "“Listed”"):
                record.unlink()
            record.active = False
        self.assertEqual(rule.partner_ids, stranger)
        self.assertEqual(rule.category_ids, group)

    @mute_logger("odoo.sql_db")
    def test_rule_04_the_database_itself_restricts(self):
        group = self.env["res.partner.category"].create({"name": "Listed"})
        self.new_rule("Listed", category_ids=group.ids)
        self.env.flush_all()
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env.cr.execute("DELETE FROM res_partner_category WHERE id = %s", [group.id])

    def test_rule_04_each_new_company_gets_the_default_rule(self):
        company = self.env["res.company"].create({"name": "Nová firma"})
        rules = self.env["upominky.rule"].sudo().with_context(active_test=False)
        rules = rules.search([("company_id", "=", company.id)])
        issue = rules.filtered(lambda rule: rule.event == "issue")
        self.assertEqual(issue.level_ids.mapped("days_overdue"), [7, 21, 35, 50])
        self.assertEqual(issue.level_ids.mapped("requires_approval"), [False, False, False, True])
        self.assertTrue(all(level.mail_template_id for level in issue.level_ids))
        self.assertFalse(rules.filtered(lambda rule: rule.event == "resend").active)
        self.assertEqual(company.upominky_mode, "pilot")

    # ------------------------------------------------------------- the money

    def test_rule_10_totals_never_mix_currencies(self):
        self.invoice(amount=1000, due=10)
        self.invoice(amount=2000, due=10)
        self.invoice(amount=30, due=10, currency=self.eur)
        self.assertEqual(self.generate().currency_totals, {"CZK": 3000.0, "EUR": 30.0})

    def test_rule_11_minimum_is_converted_to_the_companys_currency(self):
        self.rule.min_amount = 1000  # the rate is 25 CZK for 1 EUR
        for amount, currency, issued in (
            (999.99, self.czk, False),
            (1000, self.czk, True),
            (39.99, self.eur, False),
            (40, self.eur, True),
            (2000, self.eur, True),
        ):
            with self.subTest(amount=amount, currency=currency.name):
                customer = self.new_customer("Minimum", "m@m.example")
                self.invoice(customer, amount, due=10, currency=currency)
                self.assertEqual(bool(self.generate()), issued)

    def test_rule_12_hold_stops_up_to_and_including_its_day(self):
        for holder in ("invoice", "customer"):
            for reason in ("promise", False):
                with self.subTest(holder=holder, reason=reason):
                    customer = self.new_customer("Held", "h@h.example")
                    move = self.invoice(customer, due=10)
                    held = move if holder == "invoice" else customer
                    held.upominky_hold_until = TODAY
                    held.upominky_hold_reason = reason
                    self.assertFalse(self.generate())
                    with self.on(TODAY):
                        move.invalidate_recordset(["upominky_next_date"])
                        self.assertEqual(move.upominky_next_date, TODAY + timedelta(days=1))
                    self.assertTrue(self.generate(TODAY + timedelta(days=1)))
                    self.assertEqual(held.upominky_hold_until, TODAY)

    def test_rule_12_reason_without_a_date_holds_until_lifted(self):
        move = self.invoice(due=10)
        move.upominky_hold_reason = "dispute"
        self.assertFalse(self.generate(TODAY + timedelta(days=400)))
        self.assertFalse(move.upominky_next_date)
        move.upominky_hold_reason = False
        self.assertTrue(self.generate(TODAY + timedelta(days=400)))

    def test_rule_13_open_credits_are_deducted_and_listed(self):
        self.invoice(amount=5000, due=10)
        note = self.credit_note(amount=1200)
        reminder = self.generate()
        self.assertEqual(reminder.currency_totals, {"CZK": 3800.0})
        self.assertEqual(reminder.credit_ids.amount, 1200)
        self.assertEqual(reminder.credit_ids.move_line_id.move_id, note)
        self.assertEqual(reminder.credit_ids.name, note.name)

    def test_rule_13_payment_on_account_booked_on_a_contact_counts(self):
        contact = self.new_customer("Clerk", is_company=False, parent_id=self.customer.id)
        self.invoice(amount=5000, due=10)
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": contact.id,
                "amount": 5000,
                "date": TODAY,
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        )
        payment.action_post()
        if not payment.move_id:  # a payment without an outstanding account has no entry
            self.skipTest("payments of this chart carry no journal entry")
        self.assertFalse(self.generate())

    def test_rule_13_other_policies(self):
        for policy, totals in (
            ("deduct", {"CZK": 3800.0, "EUR": 10.0}),
            ("ignore", {"CZK": 5000.0, "EUR": 10.0}),
            ("hold", {"EUR": 10.0}),
        ):
            with self.subTest(policy=policy):
                self.rule.credit_policy = policy
                customer = self.new_customer(policy, "p@p.example")
                self.invoice(customer, 5000, due=10)
                self.invoice(customer, 10, due=10, currency=self.eur)
                self.credit_note(customer, 1200)
                self.assertEqual(self.generate().currency_totals, totals)

    def test_rule_13_currency_covered_by_credits_is_left_out(self):
        covered = self.invoice(amount=1000, due=10)
        self.credit_note(amount=1500)
        euro = self.invoice(amount=10, due=10, currency=self.eur)
        reminder = self.generate()
        self.assertEqual(reminder.line_ids.move_id, euro)
        self.assertFalse(covered.upominky_count)


class TestOneMeaning(BooksCase):
    """Queries and domains of receivables find the same in the same books."""

    def by_query(self):
        condition = SQL(receivables.RECEIVABLE, accounts=self.env["upominky.reader"]._accounts())
        self.env.flush_all()
        query = "FROM account_move_line item JOIN account_move move ON move.id = item.move_id"
        ours = SQL("item.company_id = %s AND %s", self.company.id, condition)
        rows = self.env.execute_query(SQL("SELECT item.id %s WHERE %s", SQL(query), ours))
        return self.env["account.move.line"].browse(row[0] for row in rows)

    def books(self):
        """Return documents of a customer that owe something, and others that do not."""
        receipt = self.invoice(due=10, move_type="out_receipt")
        part = self.invoice(amount=1000, due=10)
        self.pay(part, 300)
        blocked = self.invoice(due=10)
        blocked.action_toggle_block_payment()
        opening = self.entry(100, date_maturity=TODAY, no_followup=False)
        draft, paid, undone, in_payment = (self.invoice(due=10) for _each in range(4))
        draft.button_draft()
        self.pay(paid)
        undone._reverse_moves(cancel=True)
        in_payment.payment_state = "in_payment"
        deposits = self.receivable.copy({"code": "311998", "name": "D", "non_trade": True})
        silent = self.entry(100, date_maturity=TODAY, no_followup=True)
        undated = self.entry(100, date_maturity=False, no_followup=False)
        in_bank = self.entry(100, journal=self.bank, date_maturity=TODAY, no_followup=False)
        deposit = self.entry(100, account=deposits, date_maturity=TODAY, no_followup=False)
        reversing = self.entry(100, date_maturity=TODAY, no_followup=False)
        reversing.reversed_entry_id = silent
        owing = receipt + part + blocked + opening
        others = draft + paid + undone + in_payment + self.credit_note(day=TODAY)
        return owing, others + silent + undated + in_bank + deposit + reversing

    def test_rule_01_lists_and_queries_mean_the_same_receivables(self):
        owing, others = self.books()
        domain = receivables.receivables() & Domain("company_id", "=", self.company.id)
        found = self.env["account.move.line"].search(domain)
        self.assertEqual(set(found), set(self.by_query()))
        self.assertEqual(set(found.move_id & (owing | others)), set(owing))
