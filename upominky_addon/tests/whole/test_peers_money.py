"""Faults that users of other reminder programs report, about how much they ask for: none is ours.

Each test is named after the fault.
"""

from odoo import Command

from ..common import TODAY, smtp_inbox
from .test_peers import PeersCommon, day


class TestPeersMoney(PeersCommon):
    def on_account(self, partner, amount):
        """Post a payment that is matched with nothing."""
        journal = self.company_data["default_journal_bank"]
        receivable = self.company_data["default_account_receivable"]
        rows = ((receivable, 0, amount), (journal.default_account_id, amount, 0))
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": journal.id,
                "date": TODAY,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": partner.id,
                            "debit": debit,
                            "credit": credit,
                        }
                    )
                    for account, debit, credit in rows
                ],
            }
        )
        entry.action_post()
        return entry

    def test_peer_paid_between_run_and_send_still_mailed_at_full_balance(self):
        for paid, expected in ((12100, None), (5000, "7,100.00"), (12099.99, "0.01")):
            with self.subTest(paid=paid), smtp_inbox(self.env) as inbox:
                move = self.invoice(self.new_customer(str(paid), "p@p.example"), due=10)
                reminder = self.generate()
                self.pay(move, paid)
                self.send()
                self.assertEqual(len(inbox.messages), int(expected is not None))
                self.assertEqual(reminder.state, "sent" if expected else "cancelled")
                if expected:
                    self.assertIn(f"left to pay: {expected}", inbox.text().replace("\xa0", " "))
                    self.assertNotIn("12,100.00", inbox.text())

    def test_peer_credit_note_or_payment_on_account_ignored(self):
        clerk = self.new_customer("Clerk", is_company=False, parent_id=self.customer.id)
        for settle, name in (
            (lambda amount: self.credit_note(amount=amount), "credit note"),
            (lambda amount: self.on_account(self.customer, amount), "on account"),
            (lambda amount: self.on_account(clerk, amount), "on account, of a contact"),
        ):
            for amount, total in ((2100, 10000.0), (12100, None), (20000, None)):
                with self.subTest(name, amount=amount), self.env.cr.savepoint() as savepoint:
                    with smtp_inbox(self.env) as inbox:
                        self.invoice(due=10)
                        credit = settle(amount)
                        text = self.mailed(inbox)
                        reminder = self.reminders()
                        self.assertEqual(bool(reminder), total is not None)
                        if total:
                            self.assertEqual(reminder.currency_totals, {"CZK": total})
                            self.assertIn("10,000.00", text)
                            self.assertIn(credit.name, text)
                    savepoint.rollback()
                self.env.invalidate_all()

    def test_peer_currency_conversion_of_the_minimum_the_wrong_way_round(self):
        """At 25 CZK for 1 EUR, 2,000 EUR are far above a minimum of 1,000 CZK; 30 EUR are not."""
        self.rule.min_amount = 1000
        for euros, issued in ((2000, True), (40, True), (39.99, False), (30, False)):
            with self.subTest(euros=euros):
                customer = self.new_customer(f"{euros}", "e@e.example")
                self.invoice(customer, amount=euros, due=10, currency=self.eur)
                self.assertEqual(bool(self.generate()), issued)

    def test_peer_several_invoices_get_one_outstanding_amount_or_a_foreign_symbol(self):
        amounts = {self.czk: (1111, 2222.5), self.eur: (33.25, 44)}
        moves = [
            self.invoice(amount=amount, due=10, currency=currency)
            for currency, each in amounts.items()
            for amount in each
        ]
        self.pay(moves[0], 1000)
        with smtp_inbox(self.env) as inbox:
            text = self.mailed(inbox).replace("\xa0", " ")
            html = inbox.html().replace("\xa0", " ")
        lines = text.splitlines()
        for move, left in zip(moves, ("111.00", "2,222.50", "33.25", "44.00"), strict=True):
            (place,) = [n for n, line in enumerate(lines) if f"{move.name}," in line]
            self.assertIn(left, lines[place + 1])
            symbol = move.currency_id.symbol
            self.assertIn(symbol, lines[place + 1])
            self.assertIn(left, html)
        self.assertIn("Total to pay in CZK: 2,333.50", text)
        self.assertRegex(text, r"Total to pay in EUR: (€ ?77\.25|77\.25 ?€)")
        self.assertNotIn("2,410.75", text)  # never added across currencies

    def test_peer_several_due_dates_on_one_invoice(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Three",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": share, "nb_days": days})
                    for share, days in ((20, 0), (30, 14), (50, 60))
                ],
            }
        )
        move = self.invoice(
            amount=10000, invoice_date=day(-30), invoice_payment_term_id=term.id,
            invoice_date_due=False,
        )  # fmt: skip
        with smtp_inbox(self.env) as inbox:
            text = self.mailed(inbox)
            self.assertIn("Total to pay in CZK: 5,000.00", text.replace("\xa0", " "))
            self.assertEqual(sorted(self.reminders().line_ids.mapped("amount_due")), [2000, 3000])
            first = move.line_ids.filtered(lambda line: line.date_maturity == day(-30))
            self.pay(move, 2000)  # the oldest instalment
            self.assertTrue(first.reconciled)
            second = self.generate(day(14))
            self.assertEqual(second.line_ids.mapped("amount_due"), [3000])
            self.assertEqual(second.level_order, 2)
            self.send(day(14))
            third = self.generate(day(37))
            levels = {(line.level_order, line.amount_due) for line in third.line_ids}
            self.assertEqual(levels, {(1, 5000), (3, 3000)})

    def test_peer_letter_that_says_nothing_is_due(self):
        paid = self.invoice(due=10)
        covered = self.invoice(self.new_customer("Covered", "c@c.example"), due=10)
        self.invoice(self.new_customer("Zero", "z@z.example"), amount=0, due=10)
        self.credit_note(covered.partner_id, amount=12100)
        later = self.new_customer("Later", "l@l.example")
        self.invoice(later, amount=300, due=10)
        self.pay(paid)
        with smtp_inbox(self.env) as inbox:
            reminder = self.generate()
            self.assertEqual(reminder.partner_id, later)
            self.credit_note(later, amount=300)
            self.send()
            self.assertFalse(inbox.messages)
            self.assertEqual(reminder.state, "cancelled")
