from datetime import UTC

from odoo import models

from ...core.case_file import Document, contents, table
from ...core.money import ZERO
from ..base.amounts import exact
from ..base.dates import day_text
from ..books.receivables import CUSTOMER_INVOICES
from ..reminders.line import number_of


class UpominkyCase(models.Model):
    """The tables of the file, and the list of what is in it."""

    _inherit = "upominky.case"

    def _sheets(self):
        """Return the tables of the file; another room adds its own.

        :rtype: list[Document]
        """
        deliveries = (self.env._("deliveries"), self.env._("Proofs of delivery"))
        payments = (self.env._("account"), self.env._("Account of payments"))
        return [
            self._sheet(*deliveries, self._delivery_rows()),
            self._sheet(*payments, self._account_rows()),
        ]

    def _sheet(self, name, title, rows):
        return Document("", f"{name}.csv", title, table(rows, self._decimal_point()))

    def _decimal_point(self):
        return self.env["res.lang"]._get_data(code=self.env.lang or "en_US").decimal_point or "."

    def _records(self, model, key):
        return self.env[model].browse(self.contents[key]).exists()

    # ------------------------------------------------------------- deliveries

    def _delivery_rows(self):
        yield (
            self.env._("Reminder"),
            self.env._("Level"),
            self.env._("Issued"),
            self.env._("Channel"),
            self.env._("To"),
            self.env._("Copy"),
            self.env._("Attempt"),
            self.env._("State"),
            self.env._("Sent"),
            self.env._("Delivered"),
            self.env._("Read"),
            self.env._("Server's answer"),
            self.env._("Message-ID"),
        )
        for reminder in self._records("upominky.reminder", "reminders"):
            about = (reminder.name, reminder.level_order, reminder.issue_date)
            for delivery in reminder.delivery_ids.sorted("id"):
                yield (*about, *self._delivery_cells(delivery))
            if reminder.sent_way:
                yield (*about, *self._marked_cells(reminder))

    def _delivery_cells(self, delivery):
        def label(name):
            return dict(delivery._fields[name]._description_selection(self.env))[delivery[name]]

        return (
            label("channel"),
            delivery.email_to,
            delivery.is_copy and self.env._("yes"),
            delivery.attempt,
            label("state"),
            *map(self._moment, (delivery.sent_at, delivery.delivered_at, delivery.read_at)),
            delivery.error,
            delivery.message_id,
        )

    def _moment(self, moment):
        """Return a moment on the company's clock, with its distance from UTC: a day is a day there.

        :param datetime moment: in UTC
        """
        if not moment:
            return ""
        zone = self.company_id._upominky_timezone()
        return moment.replace(tzinfo=UTC).astimezone(zone).isoformat(" ", "minutes")

    def _marked_cells(self, reminder):
        """Return what a person said of how it was sent."""
        ways = dict(reminder._fields["sent_way"]._description_selection(self.env))
        state = self.env._("Marked as sent")
        number = reminder.sent_number
        return ways[reminder.sent_way], "", "", "", state, reminder.sent_date, "", "", number, ""

    # ---------------------------------------------------------------- account

    def _account_rows(self):
        yield (
            self.env._("Invoice"),
            self.env._("Due"),
            self.env._("Day"),
            self.env._("What"),
            self.env._("Document"),
            self.env._("Amount"),
            self.env._("Left to pay"),
            self.env._("Currency"),
        )
        items = self._items_of(self._records("account.move", "moves"), self.partner_id)
        for item in items.sorted(lambda item: (item.date_maturity or item.date, item.id)):
            yield from self._item_rows(item)
        for reminder in self._records("upominky.reminder", "reminders").filtered("credit_ids"):
            for currency, credits in reminder.credit_ids.grouped("currency_id").items():
                yield from self._deducted_rows(reminder, currency, credits)

    def _item_rows(self, item):
        """Yield an invoice or an instalment, and what was paid and credited, day by day.

        What changes nothing in its currency, as differences of rates, is no row.
        """
        left = exact(item.amount_currency, item.currency_id)
        about = (number_of(item.move_id, item), item.date_maturity)
        code = item.currency_id.name
        kind = self._kind_of(item.move_id)
        yield (*about, item.date, kind, item.move_id.name, left, left, code)
        matches = item.matched_credit_ids.filtered("debit_amount_currency")
        for match in matches.sorted(lambda m: (m.credit_move_id.date, m.id)):
            other = match.credit_move_id
            amount = exact(match.debit_amount_currency, item.currency_id)
            left -= amount
            kind = self._kind_of(other.move_id)
            yield (*about, other.date, kind, other.move_id.name, -amount, left, code)

    def _kind_of(self, move):
        """Return what an entry is, in words: a payment is what a payment or a bank booked."""
        if move.origin_payment_id or move.statement_line_id:
            return self.env._("Payment")
        if move.move_type == "out_refund":
            return self.env._("Credit note")
        if move.move_type in CUSTOMER_INVOICES:
            return self.env._("Invoice")
        return self.env._("Entry")

    def _deducted_rows(self, reminder, currency, credits):
        """Yield what a reminder asked for in a currency, and the open credits that it deducted.

        They were matched with none of its invoices then; what is left is what its letter asks for.
        """
        lines = reminder._open_lines().filtered(lambda line: line.currency_id == currency)
        left = sum((exact(line.amount_due, currency) for line in lines), ZERO)
        about = (reminder.name, "")
        asked = self.env._("Asked for by the reminder")
        yield (*about, reminder.issue_date, asked, reminder.name, left, left, currency.name)
        for credit in credits.sorted("id"):
            amount = exact(credit.amount, currency)
            left -= amount
            day, what = credit.move_line_id.date, self.env._("Deducted by the reminder")
            yield (*about, day, what, credit.name, -amount, left, currency.name)

    # --------------------------------------------------------------- contents

    def _lists(self, entries):
        """Return the list of contents, as a table and as a page.

        :param entries: all that is in the file, but for them
        :rtype: list[Document]
        """
        heads = (
            self.env._("File"),
            self.env._("What it is"),
            self.env._("Bytes"),
            "SHA-256",
            self.env._("Note"),
        )
        title = self.env._("List of contents")
        rows = [heads, *(entry.row() for entry in entries)]
        lang = (self.env.lang or "en").partition("_")[0]
        page = contents(self.name, self._facts(), heads, entries, lang)
        return [
            Document("", "index.csv", title, table(rows, self._decimal_point())),
            Document("", "index.html", title, page),
        ]

    def _facts(self):
        """Return what stands above the list: both parties, and the day."""
        party = self.env["upominky.reminder"]._party
        day = day_text(self.env, self.company_id._upominky_today())
        return (
            self.env._("Creditor: %s", party(self.company_id.partner_id)),
            self.env._("Debtor: %s", party(self.partner_id)),
            self.env._("Made on %(day)s by %(user)s", day=day, user=self.create_uid.name),
        )
