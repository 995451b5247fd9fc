"""Shared by the tests of books: entries, payments and statement lines of customers."""

from datetime import timedelta

from odoo import Command

from .common import TODAY, UpominkyCommon


class BooksCase(UpominkyCommon):
    """Entries, payments and statement lines of a customer, none matched with any other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.general = cls.company_data["default_journal_misc"]
        cls.bank = cls.company_data["default_journal_bank"]
        cls.receivable = cls.company_data["default_account_receivable"]
        outstanding = cls.env["account.payment"]._get_outstanding_account("inbound")
        for lines in (cls.bank.inbound_payment_method_line_ids,
                      cls.bank.outbound_payment_method_line_ids):  # fmt: skip
            lines.payment_account_id = outstanding

    @classmethod
    def entry(cls, amount, partner=None, currency=None, account=None, journal=None, **values):
        """Post an entry: a positive amount is owed by the customer.

        :param values: of the customer's item
        """
        currency = currency or cls.czk
        balance = currency._convert(amount, cls.czk, cls.company, TODAY)
        sides = (
            (account or cls.receivable, amount, balance, values),
            (cls.company_data["default_account_expense"], -amount, -balance, {}),
        )
        move = cls.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": (journal or cls.general).id,
                "date": TODAY,
                "partner_id": (partner or cls.customer).id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": side.id,
                            "partner_id": (partner or cls.customer).id,
                            "currency_id": currency.id,
                            "amount_currency": in_currency,
                            "balance": in_company_currency,
                            **more,
                        }
                    )
                    for side, in_currency, in_company_currency, more in sides
                ],
            }
        )
        move.action_post()
        return move

    @classmethod
    def entry_of_two(cls, other):
        """Post one entry that brings over what two customers owe."""
        due = TODAY - timedelta(days=30)
        expense = cls.company_data["default_account_expense"]
        entry = cls.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": cls.general.id,
                "date": TODAY,
                "partner_id": cls.customer.id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": partner.id,
                            "balance": amount,
                            "date_maturity": due,
                            "no_followup": False,
                        }
                    )
                    for account, partner, amount in (
                        (cls.receivable, cls.customer, 100),
                        (cls.receivable, other, 200),
                        (expense, other, -300),
                    )
                ],
            }
        )
        entry.action_post()
        return entry

    @classmethod
    def payment(cls, amount, partner=None, currency=None, day=TODAY):
        """Post a payment: received if positive, paid out if negative."""
        payment = cls.env["account.payment"].create(
            {
                "payment_type": "inbound" if amount > 0 else "outbound",
                "partner_type": "customer",
                "partner_id": (partner or cls.customer).id,
                "amount": abs(amount),
                "currency_id": (currency or cls.czk).id,
                "date": day,
                "journal_id": cls.bank.id,
            }
        )
        payment.action_post()
        assert payment.move_id, "payments of this chart carry a journal entry"
        return payment

    @classmethod
    def statement_line(cls, amount, partner=None):
        """Book a line of a bank statement on the customer's account."""
        line = cls.env["account.bank.statement.line"].create(
            {
                "journal_id": cls.bank.id,
                "date": TODAY,
                "payment_ref": "returned",
                "partner_id": (partner or cls.customer).id,
                "amount": amount,
            }
        )
        _liquidity, suspense, _other = line._seek_for_lines()
        suspense.account_id = cls.receivable
        return line

    def asked(self, day=TODAY):
        """Return the totals of each reminder of a day."""
        return [reminder.currency_totals for reminder in self.generate(day)]

    def explained(self, move):
        with self.on(TODAY):
            move.invalidate_recordset(["upominky_explanation"])
            return move.upominky_explanation

    def preview(self):
        """Return reasons by document."""
        with self.on(TODAY):
            self.env["upominky.preview.line"].action_open()
        rows = self.env["upominky.preview.line"].search([("user_id", "=", self.env.uid)])
        return {row.move_id: row.reason for row in rows if row.company_id == self.company}
