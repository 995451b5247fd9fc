from datetime import UTC
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256

from odoo import api, models
from odoo.tools import html2plaintext

from ...core.case_file import Document
from ...core.file_names import in_zip
from ...core.lifecycle import ACCEPTED, LEFT_THE_HOUSE, Reminder
from ...core.mail_text import header_words
from ..books.receivables import receivables

#: Characters of a header.
MOST_LETTERS = 500


class UpominkyCase(models.Model):
    """What is in the file: letters, invoices and messages, as they are kept."""

    _inherit = "upominky.case"

    @api.model
    def _moves_of(self, company, partner):
        """Return what a case about a customer is about: what is owed, and what was reminded."""
        mine = [
            ("company_id", "=", company.id),
            ("partner_id.commercial_partner_id", "=", partner.id),
        ]
        owed = self.env["account.move.line"].search([*mine, *receivables()]).move_id
        lines = self.env["upominky.reminder.line"].search(
            [("company_id", "=", company.id), *self._reminded(partner)]
        )
        open_items = self._items_of(lines.move_id, partner).filtered("amount_residual")
        lines = lines.filtered(lambda line: line.move_id in open_items.move_id)
        reminded = lines.move_id.filtered(lambda move: move.amount_residual)
        return owed | reminded

    @api.model
    def _reminded(self, partner):
        """Return the domain of what a customer was reminded of: he alone is in his file.

        An opening entry may be of several customers, and an invoice that was reset to draft is of
        another one by now. Notices and thanks ask for nothing that is late.
        """
        return [
            ("reminder_id.partner_id.commercial_partner_id", "=", partner.id),
            ("event", "not in", self.env["upominky.event"]._undemanding()),
        ]

    @api.model
    def _items_of(self, moves, partner):
        """Return what some entries say that a customer owes, or owed."""
        return moves.line_ids.filtered(
            lambda item: (
                item.upominky_of_customer
                and item.amount_currency > 0
                and item.partner_id.commercial_partner_id == partner
            )
        )

    @api.model
    def _is_of(self, move, partner):
        """Say whether a document is of a customer, or some of it."""
        if move.move_type == "entry":
            return bool(self._items_of(move, partner))
        return move.commercial_partner_id == partner

    @api.model
    def _contents_of(self, company, partner, moves):
        """Return kinds and ids of what is in the file, in order.

        :rtype: dict
        """
        moves = moves.sorted(lambda move: (move.invoice_date or move.date, move.id))
        lines = self.env["upominky.reminder.line"].search(
            [
                ("move_id", "in", moves.ids),
                ("company_id", "=", company.id),
                *self._reminded(partner),
            ]
        )
        moves = moves.filtered(lambda move: self._is_of(move, partner))
        reminders = lines.reminder_id.filtered(self._is_told).sorted("id")
        deliveries = reminders.delivery_ids.filtered("mail_message_id").sorted("id")
        documents = [
            *(("letter", reminder.id) for reminder in reminders.filtered(self._is_letter_told)),
            *(("invoice", move.id) for move in moves),
            *(("message", delivery.id) for delivery in deliveries),
        ]
        return {"documents": documents, "moves": moves.ids, "reminders": reminders.ids}

    @api.model
    def _is_told(self, reminder):
        """Say whether a reminder is told: only what left the house was asked of anybody.

        What was brought over from another system is, unless that was taken back.
        """
        if reminder._is_elsewhere():
            return reminder.state != Reminder.CANCELLED
        return reminder._is_out() or bool(reminder.sent_date)

    @api.model
    def _is_letter_told(self, reminder):
        """Say whether a kept letter left the house: one that only lies there printed did not."""
        states = set(reminder.delivery_ids.mapped("state"))
        return bool(reminder.letter_id and (reminder.sent_date or states & LEFT_THE_HOUSE))

    def _documents(self, documents):
        """Yield some of its documents, and let go of each before the next.

        :param documents: pairs of a kind and an id
        :rtype: Iterator[Document]
        """
        makers = {
            "letter": ("upominky.reminder", self._letter_document),
            "invoice": ("account.move", self._invoice_document),
            "message": ("upominky.delivery", self._message_document),
        }
        for kind, id in documents:
            model, make = makers[kind]
            if record := self.env[model].browse(id).exists():
                yield make(record)
                self.env["ir.attachment"].invalidate_model(["raw", "db_datas"])

    def _letter_document(self, reminder):
        content = reminder.letter_id.raw or b""
        note = ""
        if sha256(content).hexdigest() != reminder.letter_sha256:
            note = self.env._("Not the file that was kept when it went out.")
        title = self.env._("Letter of %s", reminder.name)
        name = in_zip(reminder.name, ".pdf")
        return Document(self.env._("letters"), name, title, content, note)

    def _invoice_document(self, move):
        stored = move.invoice_pdf_report_id
        note = (
            ""
            if stored
            else self.env._("There is no PDF of it: print the invoice, then make this file anew.")
        )
        title = self.env._("Invoice %s", move.name)
        name = in_zip(move.name or "", ".pdf")
        return Document(self.env._("invoices"), name, title, stored.raw or None, note)

    def _message_document(self, delivery):
        title = self.env._(
            "E-mail of %(reminder)s to %(address)s",
            reminder=delivery.reminder_id.name,
            address=delivery.email_to,
        )
        name = in_zip(f"{delivery.reminder_id.name} {delivery.email_to}", ".eml")
        content = as_email(delivery.mail_message_id, delivery)
        return Document(self.env._("messages"), name, title, content, self._message_note(delivery))

    def _message_note(self, delivery):
        """Return what is to be known of a message that no server is known to have taken."""
        if delivery.state in ACCEPTED:
            return ""
        states = dict(delivery._fields["state"]._description_selection(self.env))
        return self.env._("Not known as sent. State: %s", states[delivery.state])


def as_email(message, delivery):
    """Return a message of the history as a file that mail programs open (RFC 5322).

    It has what is kept: the text of the message without its frame, and its files.

    :rtype: bytes
    """
    email = EmailMessage(policy=SMTP)
    for name, value in (
        ("From", message.email_from),
        ("To", delivery.email_to),
        ("Reply-To", message.reply_to),
        ("Subject", message.subject),
        ("Message-ID", delivery.message_id or message.message_id),
        ("X-Upominky-State", delivery.state),
    ):
        if text := header_words(value or "", MOST_LETTERS):
            email[name] = text
    email["Date"] = format_datetime((delivery.sent_at or message.date).replace(tzinfo=UTC))
    email.set_content(_encodable(html2plaintext(message.body or "")))
    email.add_alternative(_encodable(str(message.body or "")), subtype="html")
    for file in message.attachment_ids:
        kind, _slash, subtype = (file.mimetype or "application/octet-stream").partition("/")
        name = header_words(file.name or "", MOST_LETTERS)
        email.add_attachment(
            file.raw or b"", maintype=kind, subtype=subtype or "octet-stream", filename=name
        )
    return email.as_bytes()


def _encodable(text):
    """Return a text without the halves of characters that no encoding has."""
    return text.encode("utf-8", "replace").decode()
