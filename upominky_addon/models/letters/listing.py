import re
from datetime import datetime, time
from io import BytesIO

from odoo import api, models

from ...core.letter import Kind
from ...core.mail_text import visible
from .letter import Writer

#: Texts stay texts, whatever they begin with: a sheet would run some of them.
AS_TEXT = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
#: A date as the reader's own program writes it (ECMA-376, 18.8.30).
SHORT_DATE = 14
#: Width of a column, in characters.
WIDTH = 18
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Sheet:
    """Writes a letter into a worksheet, one row for each of its invoices and deductions."""

    def __init__(self, book, reminder, letter):
        self.book, self.letter = book, letter
        self.writer = Writer(reminder)
        self.page = book.add_worksheet()
        self.day = book.add_format({"num_format": SHORT_DATE})
        self.strong = book.add_format({"bold": True})
        self.row = 0

    def heads(self, *more):
        """Write the labels of the columns, and of what is said of a whole block."""
        columns = self.letter.columns
        self.page.set_column(0, len(columns) + len(more) - 1, WIDTH)
        self.page.freeze_panes(1, 0)
        labels = [str(self.writer.label(column)) for column in columns]
        for place, label in enumerate((*labels, *more)):
            self.page.write_string(0, place, label, self.strong)

    def block(self, block, total, deducted):
        """Write what is to be paid in one currency to one account.

        :param str total: what its total is called
        :param deducted: returns what a deduction is called
        """
        money = self._money(block.currency)
        for row in block.rows:
            self.next(block)
            for place, column in enumerate(self.letter.columns):
                self._write(place, column.kind, row.values[column.key], money)
        for deduction in block.deductions:
            self._amount(block, deducted(deduction), -deduction.amount, money)
        self._amount(block, total, block.total, self._money(block.currency, bold=True))

    def next(self, block):
        """Begin a row; its currency and account stand behind the columns."""
        self.row += 1
        for place, text in enumerate((block.currency, block.account), len(self.letter.columns)):
            self.page.write_string(self.row, place, visible(text))

    def _amount(self, block, text, amount, money):
        self.next(block)
        self.page.write_string(self.row, 0, visible(text))
        self.page.write_number(self.row, len(self.letter.columns) - 1, float(amount), money)

    def _write(self, place, kind, value, money):
        if value is None or value == "":
            return
        if kind == Kind.MONEY:
            self.page.write_number(self.row, place, float(value), money)
        elif kind == Kind.NUMBER:
            self.page.write_number(self.row, place, value)
        elif kind == Kind.DAY:
            self.page.write_datetime(self.row, place, value, self.day)
        else:
            self.page.write_string(self.row, place, visible(str(value)))

    def _money(self, currency, bold=False):
        places = self.writer.currencies[currency].decimal_places
        return self.book.add_format(
            {"num_format": f"#,##0.{'0' * places}".rstrip("."), "bold": bold}
        )


class UpominkyReminder(models.Model):
    """The list of all that a letter asks for, in a file where it is more than a message lists."""

    _inherit = "upominky.reminder"

    def _list_name(self):
        """Return the name of the file, from the reminder's number."""
        return f"{re.sub(r'[^0-9A-Za-z_.]+', '-', self.name or '').strip('-.')}.xlsx"

    def _needs_list(self):
        """Say whether the message lists less than all."""
        self.ensure_one()
        return bool(self._in_its_language()._shown_letter()[0].left_out)

    def _listed_text(self, letter):
        """Return what of a letter is listed in its message, and where all of it stands."""
        return self.env._(
            "Listed here: %(shown)s of %(all)s items. All of them are in the attached file "
            "%(file)s.",
            shown=letter.lines,
            all=letter.lines + letter.left_out,
            file=self._list_name(),
        )

    def _not_listed_text(self, block):
        """Return how much of a block the message does not list."""
        words = {"count": block.left_out, "file": self._list_name()}
        return self.env._("Items not listed here: %(count)s, see %(file)s", **words)

    def _list_data(self):
        """Return the list as a spreadsheet, in the language of the letter.

        :rtype: bytes
        """
        import xlsxwriter

        me = self._in_its_language()
        data = BytesIO()
        with xlsxwriter.Workbook(data, AS_TEXT) as book:
            # When it was made is nobody's concern; the same letter gives the same file.
            book.set_properties({"created": datetime.combine(self.issue_date, time())})
            sheet = Sheet(book, me, me._letter())
            sheet.heads(me.env._("Currency"), me.env._("Account"))
            for block in me._letter().blocks:
                sheet.block(block, me._total_label(block), me._deduction_label)
            me._list_claim(book, me._letter().claim)
        return data.getvalue()

    def _list_claim(self, book, claim):
        """Write the calculation of interest into a sheet of its own, where there is any.

        :param LetterClaim claim: all of it, None for none
        """
        if not claim or not claim.rows:
            return
        page, bold = book.add_worksheet(), book.add_format({"bold": True})
        day = book.add_format({"num_format": SHORT_DATE})
        for place, label in enumerate(self._list_claim_heads()):
            page.write_string(0, place, label, bold)
        page.set_column(0, 7, WIDTH)
        for number, row in enumerate(claim.rows, 1):
            page.write_string(number, 0, visible(row.number))
            page.write_datetime(number, 1, row.first, day)
            page.write_datetime(number, 2, row.last, day)
            for place, value in enumerate((row.days, row.base, row.percent, row.amount), 3):
                page.write_number(number, place, float(value))
            page.write_string(number, 7, row.currency)

    @api.model
    def _list_claim_heads(self):
        return [
            self.env._("Invoice"),
            self.env._("From"),
            self.env._("To"),
            self.env._("Days"),
            self.env._("Balance"),
            self.env._("Rate in % a year"),
            self.env._("Interest"),
            self.env._("Currency"),
        ]

    def _deduction_label(self, deduction):
        return self.env._("Deducted: %s", deduction.name)
