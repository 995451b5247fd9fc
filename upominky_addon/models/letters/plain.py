from lxml import etree, html

from odoo import api, models
from odoo.tools import html2plaintext

from ...core.mail_text import visible

#: Stands for the table while the rest of a message is cleaned, or turned into text.
MARK = "{upominky:table}"


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
        me = self.with_context(lang=self._language())
        source = bare(body, self._letter_table())
        if MARK not in source:
            source = self._marked(source)
        text = html2plaintext(source)
        text = text.replace(MARK, "\n" + me._table_as_text() + "\n")
        return visible(f"{text.strip()}\n\n-- \n{me._signature_as_text()}\n")

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
        return "\n\n".join(self._block_as_text(block) for block in self._currency_blocks())

    def _block_as_text(self, block):
        money = block["money"]
        rows = [self._line_as_text(line, money) for line in block["lines"]]
        rows += [self._credit_as_text(credit, money) for credit in block["credits"]]
        total = self.env._(
            "Total to pay in %(currency)s: %(amount)s",
            currency=block["currency"].name,
            amount=money(block["total"]),
        )
        account = None
        if block["bank"] and block["total"] > 0:
            account = self.env._("Pay to account: %s", block["bank"].acc_number)
        return "\n".join([*rows, total, *([account] if account else [])])

    def _line_as_text(self, line, money):
        move = line.move_id
        reference = move.payment_reference and self.env._(
            "variable symbol %s", move.payment_reference
        )
        due = self.env._(
            "due %(day)s, days overdue: %(days)s",
            day=self._day_text(line.due_date),
            days=line.days_overdue,
        )
        amounts = ", ".join(self._amounts_as_text(line, money))
        return f"- {', '.join(filter(None, [line._number(), reference, due]))}\n  {amounts}"

    def _amounts_as_text(self, line, money):
        """Yield what was paid and credited already, if anything was, and what is left."""
        _total, paid, credited = line._amounts()
        if paid:
            yield self.env._("paid: %s", money(paid))
        if credited:
            yield self.env._("credited: %s", money(credited))
        yield self.env._("left to pay: %s", money(line.amount_due))

    def _credit_as_text(self, credit, money):
        amount = money(-credit.amount)
        return self.env._("Deducted: %(credit)s, %(amount)s", credit=credit.name, amount=amount)
