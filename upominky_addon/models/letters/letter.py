from operator import itemgetter

from markupsafe import Markup

from odoo import api, models
from odoo.tools import LazyTranslate

from ...core.letter import Block, Column, Deduction, Kind, Letter, fitted, read_row
from ...core.mail_text import compact
from ...core.payment_reference import is_symbol, payment_reference
from ..base.amounts import exact
from ..reminders.line import opening_item

_lt = LazyTranslate(__name__)

#: What a letter says of each invoice; another add-on adds to it, see `docs/extending.md`.
COLUMNS = (
    Column("number", _lt("Invoice"), lambda line: line._number(), strong=True),
    Column("instalment", _lt("Instalment"), lambda line: line.instalment or "", under="number"),
    Column(
        "invoice_total",
        _lt("Invoice total"),
        lambda line: exact(line.invoice_total, line.currency_id),
        Kind.MONEY,
        under="number",
    ),
    Column(
        "variable_symbol",
        _lt("Variable symbol"),
        lambda line: line._payment_reference().symbol,
        under="number",
    ),
    Column(
        "payment_message",
        _lt("Message for the recipient"),
        lambda line: line._payment_reference().message,
        under="number",
    ),
    Column(
        "invoice_date",
        _lt("Issued"),
        lambda line: line.move_id.invoice_date or None,
        Kind.DAY,
        under="number",
    ),
    Column("due_date", _lt("Due"), lambda line: line.due_date or None, Kind.DAY),
    Column(
        "days_overdue",
        _lt("Days overdue"),
        lambda line: line.days_overdue,
        Kind.NUMBER,
        under="due_date",
        always=True,
    ),
    Column(
        "total",
        _lt("Total"),
        lambda line: line._amount("total"),
        Kind.MONEY,
        under="left",
        unless="left",
    ),
    Column("paid", _lt("Paid"), lambda line: line._amount("paid"), Kind.MONEY, under="left"),
    Column(
        "credited",
        _lt("Credited"),
        lambda line: line._amount("credited"),
        Kind.MONEY,
        under="left",
    ),
    Column("left", _lt("Left to pay"), lambda line: line._amount("left"), Kind.MONEY, strong=True),
)

#: What is written beside a code, where it is not empty: the payment that it makes.
CODE_COLUMNS = (
    Column("account", _lt("Account"), itemgetter("account")),
    Column("amount", _lt("Amount"), itemgetter("amount"), Kind.MONEY, strong=True),
    Column("variable_symbol", _lt("Variable symbol"), itemgetter("variable_symbol")),
    Column("message", _lt("Note to the recipient"), itemgetter("message")),
    Column("due_date", _lt("Pay by"), itemgetter("due_date"), Kind.DAY),
)


class Writer:
    """Writes the values of a reminder's letter, in the language of its environment."""

    def __init__(self, reminder):
        self.reminder = reminder
        self.currencies = {currency.name: currency for currency in reminder._letter_currencies()}

    def label(self, column):
        """Return what stands above or before a column's values."""
        return self.reminder.env._(column.label)

    def amount(self, amount, currency):
        """Return an amount of a block, whose currency is known by its code."""
        return self.reminder._money_text(self.currencies[currency], float(amount))

    def value(self, column, value, currency):
        """Return a value of a row as its column is written."""
        if column.kind == Kind.MONEY:
            return self.amount(value, currency)
        return self.reminder._day_text(value) if column.kind == Kind.DAY else value

    def code_rows(self, code, currency):
        """Return what is written beside a payment code: columns, each with its text.

        :rtype: list[tuple[core.letter.Column, str]]
        """
        return [
            (column, self.value(column, value, currency))
            for column in CODE_COLUMNS
            if (value := column.value(code.values))
        ]


class Batch(dict):
    """What is worked out once for the messages of one batch: letters, their tables, templates.

    Its own class, as a caller of Odoo's methods may put anything else into a context.
    """


def once(env, key, make):
    """Return what ``make`` returns, which is asked once where messages are made in a batch."""
    batch = env.context.get("upominky_batch")
    if not isinstance(batch, Batch):
        return make()
    if key not in batch:
        batch[key] = make()
    return batch[key]


class UpominkyReminder(models.Model):
    """The letter of a reminder, built in one place: HTML, plain text and templates write it."""

    _inherit = "upominky.reminder"

    @api.depends_context("lang")
    def _compute_invoice_table(self):
        for reminder in self:
            reminder.invoice_table = reminder._shown_letter()[1]

    def _shown_letter(self):
        """Return as much of the letter as a message lists, and its table in HTML.

        What is left out stands in a file, see :meth:`_list_name`; totals are of all of it.
        """
        self.ensure_one()
        return once(self.env, ("shown", self.id, self.env.lang), self._fit_letter)

    def _fit_letter(self):
        blocks = self._currency_blocks()

        def write(letter):
            values = self._table_values(letter, blocks)
            table = self.env["ir.qweb"]._render("upominky_addon.invoice_table", values)
            return compact(table)

        letter, table = fitted(self._letter(blocks), write)
        return letter, Markup(table)

    def _table_values(self, letter, blocks):
        """Return what the HTML table is written from.

        The last five are for copies of the template that somebody made before the letter was one
        value: they read records.

        :param Letter letter: what of it is listed
        :param blocks: of :meth:`_currency_blocks`
        """
        writer = Writer(self)
        return {
            "letter": letter,
            "listed": letter.left_out and self._listed_text(letter),
            "not_listed": self._not_listed_text,
            "to_pay": lambda block: self._to_pay_as_text(block, writer).splitlines(),
            "pay_by": self._pay_by_text,
            "cells": letter.cells(),
            "label": writer.label,
            "write": writer.value,
            "amount_text": writer.amount,
            "total": self._total_label,
            "code_rows": writer.code_rows,
            "code_image": lambda code, currency: self._code_image(code, writer, currency),
            "claim": self._claim_html("upominky_addon.invoice_table_claim", letter.claim, writer),
            "blocks": blocks,
            "day": self._day_text,
            "number": lambda line: line._number(),
            "amounts": lambda line: line._amounts(),
            "reminder": self,
        }

    def _total_label(self, block):
        """Return what the total of a block is called, or that nothing is left of it.

        :param core.letter.Block block: to be paid together
        """
        if block.is_covered:
            return self.env._("Covered by credits: nothing is left to pay here.")
        if not block.shares_currency:
            return self.env._("Total to pay in %s", block.currency)
        if block.is_of_one:
            return self.env._("For this invoice in %s", block.currency)
        return self.env._("For these invoices in %s", block.currency)

    @api.model
    def _date_options(self):
        """Return how a reader's dates are written, for copies of the first version's table."""
        spaced = (self.env.lang or "").startswith(("cs", "sk"))
        return {"widget": "date", **({"format": "d. M. y"} if spaced else {})}

    def _letter_columns(self):
        """Return what the letter says of each invoice, in order.

        :rtype: tuple[core.letter.Column, ...]
        """
        return COLUMNS

    def _letter(self, blocks=None):
        """Return what is to be paid, in the language of its environment.

        :param blocks: of :meth:`_currency_blocks`, where they were made already
        :rtype: core.letter.Letter
        """
        self.ensure_one()
        key = "letter", self.id, self.env.lang
        return once(self.env, key, lambda: self._build_letter(blocks))

    def _build_letter(self, blocks=None):
        columns = self._letter_columns()
        found = tuple(self._letter_block(columns, b) for b in blocks or self._currency_blocks())
        return Letter(
            columns=columns,
            blocks=found,
            deadline=self._day_to_pay(),
            claim=self._letter_claim({block.currency for block in found if block.asks}),
        )

    def _day_to_pay(self):
        """Return the day by which it asks to pay, the same in all messages that are made at once.

        :rtype: datetime.date | None
        """
        return once(self.env, ("day_to_pay", self.id), self._pay_by)

    def _letter_block(self, columns, block):
        currency, bank = block["currency"], block["bank"]
        total = exact(block["total"], currency)
        return Block(
            currency=currency.name,
            rows=tuple(read_row(columns, line) for line in block["lines"]),
            deductions=tuple(
                Deduction(credit.name or "", exact(credit.amount, currency))
                for credit in block["credits"]
            ),
            total=total,
            account=bank.acc_number or "",
            bank=bank.bank_id.name or "",
            shares_currency=block["shares_currency"],
            codes=self._codes_of(block, total),
        )


class UpominkyReminderLine(models.Model):
    _inherit = "upominky.reminder.line"

    def _payment_reference(self):
        """Return what a payment of the debt is to carry, besides the number that names it.

        :rtype: core.payment_reference.PaymentReference
        """
        move = self.move_id
        key = "payment_reference", self.id
        return once(
            self.env,
            key,
            lambda: payment_reference(self._given_reference(), move.name, self._number()),
        )

    def _given_reference(self):
        """Return what the books say that a payment is to carry.

        An opening entry has no reference of its own; its item may be called by the symbol that the
        customer knows from the system that it came from.
        """
        # sudo: what the item is called is in the letter, whoever sends it.
        label = (opening_item(self.move_id, self.sudo().move_line_id) or "").strip()
        return label if is_symbol(label) else self.move_id.payment_reference

    def _amount(self, name):
        """Return one of the amounts of a line, in its currency.

        :param str name: ``total paid credited left``
        :rtype: Decimal
        """
        amounts = once(self.env, ("amounts", self.id), self._amounts)
        amount = self.amount_due if name == "left" else getattr(amounts, name)
        return exact(amount, self.currency_id)
