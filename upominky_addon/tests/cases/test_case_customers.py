"""SPEC rules 29 and 40: a file is about one customer, and its tables say what his letters say."""

from datetime import timedelta

from odoo.exceptions import UserError

from ..common import TODAY, smtp_inbox
from ..entries import BooksCase
from .test_case_file import CaseCommon

ONE_DAY = timedelta(days=1)


class CaseOfManyCommon(CaseCommon, BooksCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls.company_data["default_journal_bank"]  # both parents call something so

    def whole(self, files):
        """Return all that is in a file, in one text."""
        texts = (content.decode("utf-8", "replace") for content in files.values())
        return "\n".join([*files, *texts])

    def account(self, files):
        """Return the rows of the account of payments, without its heads."""
        return self.rows(files, "account.csv")[1:]


class TestCaseOfOneCustomer(CaseOfManyCommon):
    def test_rule_29_of_an_entry_of_two_customers_each_file_has_its_own(self):
        self.level.write({"interest": "contractual", "interest_percent": 12, "flat_cost": 1500})
        other = self.new_customer("Cizí a.s.", "cizi@cizi.example")
        self.entry_of_two(other)
        reminders = self.sent()
        for customer, owed, not_owed in ((self.customer, 100, 200), (other, 200, 100)):
            mine = reminders.filtered(lambda r, c=customer: r.partner_id == c)
            for records in (customer, mine):
                with self.subTest(customer.name, records=records._name):
                    files = self.opened(self.made(records))
                    self.assertEqual([row[5] for row in self.account(files)], [f"{owed}.00"])
                    whole = self.whole(files)
                    for theirs in reminders - mine:
                        self.assertNotIn(theirs.name, whole)
                        self.assertNotIn(theirs.email_to, whole)
                    self.assertNotRegex(whole, rf"(?<!\d){not_owed}\.00(?!\d)")
                    self.assertEqual(sum(name.startswith("letters/") for name in files), 1)
                    self.assertEqual(len(self.rows(files, "interest.csv")), 3)

    def test_rule_29_an_invoice_that_is_another_customers_by_now_is_in_no_wrong_file(self):
        other = self.new_customer("Cizí a.s.", "cizi@cizi.example")
        move = self.invoice(due=30, amount=7_777)
        reminder = self.sent()
        move.button_draft()
        move.partner_id = other
        move.action_post()
        self.with_pdf(move, b"%PDF theirs")
        files = self.opened(self.made(reminder))
        self.assertEqual(sum(name.startswith("letters/") for name in files), 1)
        self.assertFalse([name for name in files if name.startswith("invoices/")])
        self.assertFalse(self.account(files))
        with self.assertRaisesRegex(UserError, "owes nothing"):
            self.made(self.customer)
        files = self.opened(self.made(other))
        self.assertNotIn(reminder.name, self.whole(files))
        self.assertEqual([row[5] for row in self.account(files)], ["7777.00"])

    def test_rule_29_a_subsidiary_is_a_customer_of_its_own(self):
        child = self.new_customer("Dcera s.r.o.", "d@d.example", parent_id=self.customer.id)
        self.entry_of_two(child)
        reminders = self.sent()
        mine = reminders.filtered(lambda r: r.partner_id == self.customer)
        whole = self.whole(self.opened(self.made(self.customer)))
        self.assertIn(mine.name, whole)
        self.assertNotIn((reminders - mine).name, whole)


class TestAccountOfCase(CaseOfManyCommon):
    def test_rule_40_open_credits_that_a_letter_deducts_are_in_its_account(self):
        move = self.invoice(due=30, amount=10_000)
        self.payment(1_000)
        note = self.credit_note(amount=500)
        reminder = self.sent()
        rows = self.account(self.opened(self.made(reminder)))
        self.assertEqual(
            [(row[0], row[3], row[5], row[6]) for row in rows],
            [
                (move.name, "Invoice", "10000.00", "10000.00"),
                (reminder.name, "Asked for by the reminder", "10000.00", "10000.00"),
                (reminder.name, "Deducted by the reminder", "-1000.00", "9000.00"),
                (reminder.name, "Deducted by the reminder", "-500.00", "8500.00"),
            ],
        )
        self.assertEqual(reminder.currency_totals, {"CZK": 8_500})
        self.assertEqual(rows[-1][4], note.name)

    def test_rule_40_an_account_calls_things_by_their_names(self):
        move = self.invoice(due=30, amount=10_000)
        opening = self.entry(
            900, name="STARÁ-7", date_maturity=TODAY - 30 * ONE_DAY, no_followup=False
        )
        self.pay(move, 1_000)
        note = self.credit_note(amount=300)
        by_bank, offset = self.statement_line(200).move_id, self.entry(-400)
        for other in (note, by_bank, offset):
            items = (move + other).line_ids.filtered("upominky_of_customer")
            items.filtered(lambda item: not item.reconciled).reconcile()
        reminder = self.sent()
        rows = self.account(self.opened(self.made(reminder)))
        mine = [row for row in rows if row[0] == move.name]
        self.assertEqual(
            {(row[3], row[5]) for row in mine},
            {
                ("Invoice", "10000.00"),
                ("Payment", "-1000.00"),
                ("Credit note", "-300.00"),
                ("Payment", "-200.00"),
                ("Entry", "-400.00"),
            },
        )
        self.assertEqual(mine[-1][6], "8100.00")
        (row,) = [row for row in rows if row[0] != move.name]
        self.assertEqual(row[0], f"STARÁ-7 · {opening.name}")
        self.assertEqual(row[3:5], ["Entry", opening.name])

    def test_rule_40_differences_of_rates_are_no_rows(self):
        for days, rate in ((100, 0.04), (10, 0.05)):
            values = {"currency_id": self.eur.id, "company_id": self.company.id, "rate": rate}
            self.eur.rate_ids.create({**values, "name": TODAY - days * ONE_DAY})
        of_supply = {"taxable_supply_date": TODAY - 44 * ONE_DAY}  # the day of Czech rates
        move = self.invoice(due=30, amount=500, currency=self.eur, **of_supply)
        open_one = self.invoice(due=30, amount=100, currency=self.eur, **of_supply)
        reminder = self.sent()
        for part in (200, 300):
            self.pay(move, part)
        parts = move.line_ids.matched_credit_ids
        self.assertTrue(parts.filtered(lambda part: not part.debit_amount_currency))
        rows = self.account(self.opened(self.made(reminder)))
        self.assertEqual(
            [row[5] for row in rows if row[0] == move.name], ["500.00", "-200.00", "-300.00"]
        )
        self.assertEqual([row[5] for row in rows if row[0] == open_one.name], ["100.00"])


class TestInterestOfCase(CaseOfManyCommon):
    def test_rule_40_what_a_later_reminder_asked_anew_is_told(self):
        later = self.rule.level_ids[1]
        later.attach_letter = True
        terms = {"interest": "contractual", "interest_percent": 12, "flat_cost": 1200}
        (self.level + later).write(terms)
        opening = self.entry(
            900, name="STARÁ-7", date_maturity=TODAY - 30 * ONE_DAY, no_followup=False
        )
        first = self.sent()
        day = TODAY + 30 * ONE_DAY
        second = self.generate(day)
        with smtp_inbox(self.env):
            self.send(day)
        _head, *rows = self.rows(self.opened(self.made(second, day=day)), "interest.csv")
        number = f"STARÁ-7 · {opening.name}"
        self.assertEqual({row[1] for row in rows}, {number})
        replaced = f"Replaced by {second.name}"
        self.assertEqual(
            [(row[0], row[2], row[-1]) for row in rows],
            [
                (first.name, "Interest", replaced),
                (second.name, "Interest", "Asked last"),
                (first.name, "Flat cost", replaced),
                (second.name, "Flat cost", "Asked last"),
            ],
        )
        with self.on(day):
            second.action_cancel("Omyl")
        _head, *rows = self.rows(self.opened(self.made(second, day=day)), "interest.csv")
        self.assertEqual(
            [row[-1] for row in rows], ["Asked last", "Taken back", "Asked last", "Taken back"]
        )

    def test_rule_40_instalments_are_told_apart(self):
        self.level.write({"interest": "contractual", "interest_percent": 12})
        term = self.env["account.payment.term"].create(
            {
                "name": "Two halves",
                "line_ids": [
                    (0, 0, {"value": "percent", "value_amount": 50, "nb_days": days})
                    for days in (0, 10)
                ],
            }
        )
        day = TODAY - 40 * ONE_DAY
        move = self.invoice(
            amount=1_000, due=day, invoice_date=day, invoice_payment_term_id=term.id
        )
        _head, *rows = self.rows(self.opened(self.made(self.sent())), "interest.csv")
        names = {f"{move.name} ({number} of 2)" for number in (1, 2)}
        self.assertEqual({row[1] for row in rows}, names)
