import hashlib
from dataclasses import dataclass

from markupsafe import Markup

from odoo import Command, api, models
from odoo.exceptions import UserError

from ....core import file_names
from ....core.attached import before_signature, fits
from ....core.mail_build import Attachment
from ...base.said import say
from .beside import at_place
from .extras import ANY_KIND


@dataclass(frozen=True, slots=True)
class InvoiceFile:
    """A file of an invoice as it is sent, and what is kept of it."""

    file: Attachment
    attachment_id: int
    move_id: int
    sha256: str


class UpominkyReminder(models.Model):
    """The invoices beside a message: their files, or links to them where it would be too large."""

    _inherit = "upominky.reminder"

    def _with_invoices(self, email, message):
        """Return an e-mail with the invoices of the reminder, and keep what it has.

        :param dict email: with all its other files
        :param message: of the chatter, in which it is kept
        :raises UserError: if a file is missing or damaged
        :rtype: dict
        """
        if self._sends_links([len(file.data) for file in email["attachments"]]):
            return self._with_links(email, message)
        files = email["slot"].get(self._files_key(), self._read_files)
        self._keep_files(files, message)
        if changed := self._invoices_left_out():
            self._add_note(self._changed_file_text(changed))
        attachments = (*email["attachments"], *(each.file for each in files))
        return {**email, "attachments": attachments}

    def _sends_links(self, sizes):
        """Say whether links go out instead of files: as the first time, else what fits.

        :param sizes: of the other files of the message, in bytes
        """
        if self._are_invoices_out():
            return self.invoices_as == "links"
        own = [attachment.file_size for _move, attachment in self._stored_files()]
        return not fits([*sizes, *own], self.company_id.upominky_attachment_limit)

    # ---------------------------------------------------------------- files

    def _stored_files(self):
        """Return the files as Odoo keeps them: pairs of an invoice and an attachment."""
        return [(move, file) for move in self._own_invoices() for file in move._upominky_files()]

    def _files_key(self):
        if self._are_invoices_out():
            stored = self._files_again().attachment_id
        else:
            stored = [file for _move, file in self._stored_files()]
        return self.id, *((file.id, file.checksum) for file in stored)

    def _read_files(self):
        """Read the files that go out: those that went out already, else those of now.

        :raises UserError: if one is missing, or is not what it was
        :rtype: tuple[InvoiceFile, ...]
        """
        if self._are_invoices_out():
            return tuple(row._read_again() for row in self._files_again())
        if gone := self._invoices_without_file():
            raise UserError(say(self.env, "invoice_file_gone", invoice=gone[0].name))
        stored = self._stored_files()
        names = self._distinct_names((move, file.name) for move, file in stored)
        return tuple(
            self._read_file(name, move, file)
            for name, (move, file) in zip(names, stored, strict=True)
        )

    def _read_file(self, name, move, attachment):
        data = attachment.type != "url" and attachment.raw
        if not data:
            words = {"file": attachment.name, "invoice": move.name}
            raise UserError(say(self.env, "invoice_file_unreadable", **words))
        file = Attachment(name, attachment.mimetype or ANY_KIND, data)
        return InvoiceFile(file, attachment.id, move.id, hashlib.sha256(data).hexdigest())

    def _keep_files(self, files, message):
        """Keep which files go out with the reminder, once for all its contacts.

        :param message: of the chatter, which shows them
        """
        if not self._are_invoices_out():
            kept = [(row.attachment_id.id, row.name, row.sha256) for row in self.file_ids]
            wanted = [(each.attachment_id, each.file.name, each.sha256) for each in files]
            if kept != wanted or self.invoices_as != "files":
                self.file_ids.unlink()
                rows = [self._file_values(each) for each in files]
                self.env["upominky.reminder.file"].create(rows)
                self.invoices_as = "files"
        # sudo: the job keeps what it sends, whoever pressed the button.
        message.sudo().attachment_ids = [Command.link(each.attachment_id) for each in files]

    def _file_values(self, each):
        return {
            "reminder_id": self.id,
            "company_id": self.company_id.id,
            "move_id": each.move_id,
            "attachment_id": each.attachment_id,
            "name": each.file.name,
            "size": len(each.file.data),
            "sha256": each.sha256,
        }

    # ---------------------------------------------------------------- links

    def _with_links(self, email, message):
        links = self._invoice_links()
        html = self._links_html(links)
        if not self._are_invoices_out() and self.invoices_as != "links":
            self.file_ids.unlink()
            self.invoices_as = "links"
        # sudo: the job keeps what it sends, whoever pressed the button.
        kept = message.sudo()
        kept.body = (kept.body or Markup()) + html
        return {
            **email,
            "body": at_place(email["body"], email["place"], html),
            "body_alternative": before_signature(
                email["body_alternative"], self._links_text(links)
            ),
        }

    def _invoice_links(self):
        """Return the pages of its invoices on Odoo's portal, which open without a password.

        :return: pairs of a number and an address
        """
        moves = self._own_invoices().filtered(lambda move: move.is_invoice())
        return [(move.name, f"{move.get_base_url()}{move.get_portal_url()}") for move in moves]

    # -------------------------------------------------------------- preview

    def _invoice_names(self):
        """Return what the files would be called, those too that are not made yet."""
        if not self._carries_invoices() or self._sends_links(()):
            return []
        if self._are_invoices_out():
            return self._files_again().mapped("name")
        return self._distinct_names(
            (move, name)
            for move in self._own_invoices()
            for name in move._upominky_files().mapped("name") or ["invoice.pdf"]
        )

    @api.model
    def _distinct_names(self, files):
        """Return what files of invoices are called in a message.

        :param files: pairs of an invoice and what its file is called where it is kept
        """
        named = (file_names.of_invoice(move.name or "", stored) for move, stored in files)
        return list(file_names.distinct(named))

    def _invoices_notes(self):
        """Yield what is to be known of the invoices that go with the message."""
        if not self._carries_invoices():
            return
        if self._sends_links(()):
            yield self.env._(
                "The files of the invoices come to more than %s MB: their links on the portal are "
                "sent instead.",
                self.company_id.upominky_attachment_limit,
            )
        if others := self._other_entries():
            yield self._without_file_text(others)
        if changed := self._invoices_left_out():
            yield self._changed_file_text(changed)

    def _changed_file_text(self, invoices):
        """Say which invoices go without the file that went out with a message that came back."""
        names = ", ".join(invoices.mapped("name"))
        return say(self.env, "invoice_file_changed", invoices=names)

    def _without_file_text(self, entries):
        names = ", ".join(entries.mapped("name"))
        return say(self.env, "no_invoice_file", entries=names)


class UpominkyReminderFile(models.Model):
    _inherit = "upominky.reminder.file"

    def _read_again(self):
        """Return a file that went out, to be sent once more.

        :raises UserError: if it is gone, or is not what was sent
        :rtype: InvoiceFile
        """
        self.ensure_one()
        # sudo: who may send the reminder may send what went with it.
        attachment = self.attachment_id.sudo()
        data = attachment.raw or b""
        if hashlib.sha256(data).hexdigest() != self.sha256:
            words = {"file": self.name, "reminder": self.reminder_id.name}
            raise UserError(say(self.env, "sent_file_damaged", **words))
        file = Attachment(self.name, attachment.mimetype or ANY_KIND, data)
        return InvoiceFile(file, attachment.id, self.move_id.id, self.sha256)
