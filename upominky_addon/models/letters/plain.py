import re

from lxml import etree, html

from odoo import api, models
from odoo.tools import html2plaintext

from ...core.mail_text import visible
from .letter import Writer, once

#: Stands for the table while the rest of a message is cleaned, or turned into text.
MARK = "{upominky:table}"

#: Stands for the end of a paragraph: of several line ends Odoo leaves one.
END = "{upominky:end}"

#: What lies between two paragraphs, one blank line at most.
PARAGRAPH_BREAK = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")

#: Columns that the plain text has words of its own for, or leaves out; others follow with a label.
OWN_WORDS = frozenset(
    [
        *("number", "instalment", "invoice_total", "variable_symbol", "payment_message"),
        *("invoice_date", "due_date", "days_overdue", "total", "paid", "credited", "left"),
    ]
)


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
        text = text.replace(END, "\n\n").replace(MARK, f"\n\n{self._shown_as_text()}\n\n")
        if MARK not in source:
            text = f"{text}\n\n{me._shown_claim_as_text() or ''}"
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
        return me._letter_as_text(me._letter(), Writer(me))

    def _shown_as_text(self):
        """Return what a message lists as lines: as much as in its HTML, totals first if not all."""
        me = self._in_its_language()
        letter, writer = me._shown_letter()[0], Writer(me)
        table = me._letter_as_text(letter, writer)
        if not letter.left_out:
            return table
        totals = [me._to_pay_as_text(block, writer) for block in letter.blocks]
        return "\n\n".join([*totals, me._listed_text(letter), table])

    def _letter_as_text(self, letter, writer):
        blocks = [self._block_as_text(letter, block, writer) for block in letter.blocks]
        return "\n\n".join(filter(None, [*blocks, self._claim_as_text(letter.claim, writer)]))

    def _block_as_text(self, letter, block, writer):
        rows = [self._row_as_text(letter, row, block, writer) for row in block.rows]
        for deduction in block.deductions:
            amount = writer.amount(deduction.amount, block.currency)
            words = {"credit": deduction.name, "amount": amount}
            rows.append(self.env._("Deducted: %(credit)s, %(amount)s", **words))
        if block.left_out:
            rows.append(self._not_listed_text(block))
        payments = [self._code_as_text(code, block, writer) for code in block.codes]
        return "\n".join([*rows, self._to_pay_as_text(block, writer), *payments])

    def _code_as_text(self, code, block, writer):
        """Return the payment of a code in a line: what can be read needs no picture."""
        rows = writer.code_rows(code, block.currency)
        said = ", ".join(f"{writer.label(column)}: {text}" for column, text in rows)
        if code.number:
            return self.env._("Payment of %(invoice)s: %(what)s", invoice=code.number, what=said)
        return self.env._("Payment of all of it: %s", said)

    def _to_pay_as_text(self, block, writer):
        """Return the total of a block, and the account to pay it to."""
        account = None
        if block.account and block.asks:
            account = self.env._("Pay to account: %s", block.account)
        pay_by = self._pay_by_text(block)
        return "\n".join(filter(None, [self._total_as_text(block, writer), account, pay_by]))

    def _pay_by_text(self, block):
        """Return the sentence by which day a block is to be paid, None if it names no day."""
        day = block.asks and self._day_to_pay()
        return self.env._("Please pay by %s.", self._day_text(day)) if day else None

    def _total_as_text(self, block, writer):
        label = self._total_label(block)
        if block.is_covered:
            return label
        return f"{label}: {writer.amount(block.total, block.currency)}"

    def _row_as_text(self, letter, row, block, writer):
        """Return an invoice in two lines: what it is, and its amounts."""
        texts = {
            column.key: writer.value(column, row.values[column.key], block.currency)
            for column in letter.columns
        }
        reference = self._reference_as_text(texts)
        due = self._due_as_text(row, texts)
        more = [
            f"{writer.label(column)}: {texts[column.key]}"
            for column in letter.columns
            if column.key not in OWN_WORDS and column.is_shown_in(row)
        ]
        part = row.values["instalment"] and self._instalment_as_text(texts)
        what = ", ".join(filter(None, [texts["number"], part, reference, due, *more]))
        return f"- {what}\n  {', '.join(self._amounts_as_text(row, texts))}"

    def _due_as_text(self, row, texts):
        """Return when an invoice was due, or will be."""
        if not row.values["days_overdue"]:
            return self.env._("due %s", texts["due_date"])
        return self.env._(
            "due %(day)s, days overdue: %(days)s",
            day=texts["due_date"],
            days=texts["days_overdue"],
        )

    def _instalment_as_text(self, texts):
        words = {"instalment": texts["instalment"], "total": texts["invoice_total"]}
        return self.env._("instalment %(instalment)s, invoice total %(total)s", **words)

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
