"""Shared by the tests of statements: books of a customer, and a clerk who asks for statements."""

from datetime import timedelta

from odoo import Command
from odoo.tests import new_test_user

from ..core.statement import statement
from .common import TODAY
from .entries import BooksCase
from .paper.test_letter_pages import PaperCommon

ONE_DAY = timedelta(days=1)


class StatementCommon(PaperCommon, BooksCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls.company_data["default_journal_bank"]  # both parents call something so
        cls.clerk = cls.new_clerk("statement_clerk", "upominky_addon.group_user")

    @classmethod
    def new_clerk(cls, login, groups):
        return new_test_user(
            cls.env,
            login,
            groups,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def dated(self, due, amount=1000.0, **values):
        """Post an invoice that was booked fourteen days before it was due, so many days ago.

        In Czech books the day of supply is the day of the entry, and is today where nobody says.
        """
        day = TODAY - (due + 14) * ONE_DAY
        return self.invoice(due=due, amount=amount, taxable_supply_date=day, **values)

    def blocks(self, day=TODAY, customer=None, company=None):
        """Return what was open at the end of a day."""
        customer = customer or self.customer
        reader = self.env["upominky.reader"]
        found = reader._items_on(company or self.company, customer.ids, day)
        return statement(found.get(customer.id, ()), day)

    def open_on(self, day=TODAY, **whose):
        """Return section, balance and currency of each item that was open on a day."""
        names = {currency.id: currency.name for currency in (self.czk, self.eur)}
        return [
            (str(row.section), float(row.balance), names[block.currency])
            for block in self.blocks(day, **whose)
            for row in block.rows
        ]

    def asked(self, customers=None, kind="statement", user=None, **values):
        """Have statements made as a clerk does; return them."""
        customers = self.customer if customers is None else customers
        dialogs = self.env["upominky.statement"].with_user(user or self.clerk)
        with self.on(TODAY):
            given = {"kind": kind, "partner_ids": [Command.set(customers.ids)], **values}
            action = dialogs.create(given).action_confirm()
        return self.env["upominky.case"].sudo().search(action["domain"], order="id")
