import re

from lxml import etree, html

from odoo import api, models
from odoo.tools import html2plaintext

from ...core.mail_text import visible
from .letter import COLUMNS, Writer, once

#: Stands for the table while the rest of a message is cleaned, or turned into text.
MARK = "{upominky:table}"

#: Stands for the end of a paragraph: of several line ends Odoo leaves one.
END = "{upominky:end}"

#: What lies between two paragraphs, one blank line at most.
PARAGRAPH_BREAK = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")

#: Columns that the plain text has words of its own for, or leaves out; others follow with a label.
OWN_WORDS = frozenset(column.key for column in COLUMNS)


def bare(body, table):
    """Return a rendered body with a mark instead of its table; as it is if it has not just one."""
    text = str(body)
    return text.replace(table, MARK) if table and text.count(table) == 1 else text


class UpominkyReminder(models.Model):
    """The plain-text part of a message, for readers and programs that show no HTML."""

    _inherit = "upominky.reminder"

    def _default_text(self, body):
        """Return a rendered body as plain text, with the table as lines that can be read aloud.

        :param body: what the template gave, without the frame
        :rtype: str
        """
        self.ensure_one()
        me = self._in_its_language()
        source = bare(body, self._letter_table())
        if MARK not in source:
            source = self._marked(source)
        ended = source.replace("</p>", f"</p>{END}")
        text = once(self.env, ("plain", ended), lambda: html2plaintext(ended))
        text = text.replace(END, "\n\n").replace(MARK, f"\n\n{self._table_as_text()}\n\n")
        text = PARAGRAPH_BREAK.sub("\n\n", text).strip()
        return visible(f"{text}\n\n-- \n{me._signature_as_text()}\n")

    @api.model
    def _marked(self, source):
        """Put the mark in the place of tables that a template changed."""
        tree = html.fragment_fromstring(source, create_parent="div")
        for node in tree.xpath("//*[contains(@class, 'o_upominky_table')]"):
            for child in list(node):
                node.remove(child)
            node.text = MARK
        return etree.tostring(tree, encoding="unicode")

    def _signature_as_text(self):
        company = self.company_id
        return "\n".join(filter(None, [self.creditor_text, company.phone, company.email]))

    def _table_as_text(self):
        """Return what is to be paid as lines, in the language that is written in now."""
        me = self._in_its_language()
        letter, writer = me._letter(), Writer(me)
        return "\n\n".join(me._block_as_text(letter, block, writer) for block in letter.blocks)

    def _block_as_text(self, letter, block, writer):
        rows = [self._row_as_text(letter, row, block, writer) for row in block.rows]
        for deduction in block.deductions:
            amount = writer.amount(-deduction.amount, block.currency)
            words = {"credit": deduction.name, "amount": amount}
            rows.append(self.env._("Deducted: %(credit)s, %(amount)s", **words))
        account = None
        if block.account and block.asks:
            account = self.env._("Pay to account: %s", block.account)
        return "\n".join(filter(None, [*rows, self._total_as_text(block, writer), account]))

    def _total_as_text(self, block, writer):
        if block.is_covered:
            return self.env._("Covered by credits: nothing is left to pay here.")
        amount = writer.amount(block.total, block.currency)
        words = {"currency": block.currency, "amount": amount}
        if block.shares_currency and len(block.rows) == 1:
            return self.env._("For this invoice in %(currency)s: %(amount)s", **words)
        if block.shares_currency:
            return self.env._("For these invoices in %(currency)s: %(amount)s", **words)
        return self.env._("Total to pay in %(currency)s: %(amount)s", **words)

    def _row_as_text(self, letter, row, block, writer):
        """Return an invoice in two lines: what it is, and its amounts."""
        texts = {
            column.key: writer.value(column, row.values[column.key], block.currency)
            for column in letter.columns
        }
        reference = self._reference_as_text(texts)
        due = self.env._(
            "due %(day)s, days overdue: %(days)s",
            day=texts["due_date"],
            days=texts["days_overdue"],
        )
        more = [
            f"{writer.label(column)}: {texts[column.key]}"
            for column in letter.columns
            if column.key not in OWN_WORDS and column.is_shown(row.values[column.key])
        ]
        what = ", ".join(filter(None, [texts["number"], reference, due, *more]))
        return f"- {what}\n  {', '.join(self._amounts_as_text(row, texts))}"

    def _reference_as_text(self, texts):
        """Return what a payment is to carry, None where the number of the invoice says it."""
        if texts["variable_symbol"]:
            return self.env._("variable symbol %s", texts["variable_symbol"])
        if texts.get("payment_message"):
            return self.env._("message for the recipient: %s", texts["payment_message"])
        return None

    def _amounts_as_text(self, row, texts):
        """Yield what was paid and credited already, if anything was, and what is left."""
        if row.values["paid"]:
            yield self.env._("paid: %s", texts["paid"])
        if row.values["credited"]:
            yield self.env._("credited: %s", texts["credited"])
        yield self.env._("left to pay: %s", texts["left"])
