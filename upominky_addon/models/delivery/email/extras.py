import mimetypes
from base64 import b64decode
from dataclasses import replace

import psycopg2

from odoo import Command, models
from odoo.exceptions import UserError
from odoo.tools import formataddr
from odoo.tools.mail import email_split_tuples

from ....core.address import is_address, split
from ....core.attached import MEGABYTE, megabytes
from ....core.mail_build import Attachment
from ....core.mail_text import MAX_NAME, header_words
from ...base.said import say
from ...letters.listing import KIND as LIST
from ...mail_template_extras import MAX_ATTACHED
from .beside import at_place

ANY_KIND = "application/octet-stream"
#: Files that are named where a message is too large.
NAMED = 3


class UpominkyReminder(models.Model):
    """What a template adds to its text: copies, an address for replies, files."""

    _inherit = "upominky.reminder"

    def _extras_template(self):
        """Return the template, if what it holds beside its text is used."""
        template = self._template()
        return template if template.upominky_extras else template.browse()

    # EXTENDS 'upominky.reminder'
    def _copies(self):
        """Return the addresses that get a copy: the level's, and those of the template's Cc.

        :raises UserError: if one of the template's is none
        """
        return tuple(dict.fromkeys([*super()._copies(), *self._template_copies()]))

    def _template_copies(self):
        self.ensure_one()
        template = self._extras_template()
        if template.use_default_to or not template.email_cc:
            return ()
        return self._checked_addresses(template, "email_cc")[self.id][0]

    # EXTENDS 'upominky.reminder'
    def _reply_to(self):
        """Return where replies go: to the template's Reply-To, else as Odoo has it."""
        found = super()._reply_to()
        for template, mine in self.grouped(lambda r: r._extras_template()).items():
            if template.reply_to:
                checked = mine._checked_addresses(template, "reply_to")
                found |= {i: ", ".join(_named(*pair)) for i, pair in checked.items() if pair[0]}
        return found

    def _checked_addresses(self, template, name):
        """Render a field of addresses in the reminders' languages.

        :raises UserError: if it cannot be rendered, or gives what is no address
        :return: dict of reminder id to the addresses, and the text that they come from
        """
        langs = {reminder.id: reminder._language() for reminder in self}
        try:
            texts = template._render_field(name, self.ids, res_ids_lang=langs)
        except psycopg2.Error:
            raise
        except Exception as error:
            raise UserError(self._render_error(template, error)) from error
        found = {i: (split(text), text) for i, text in texts.items()}
        for addresses, _text in found.values():
            for address in addresses:
                if not is_address(address):
                    raise UserError(self._no_address_text(template, name, address))
        return found

    def _no_address_text(self, template, name, address):
        return say(
            self.env,
            "no_address_in_template",
            template=template.name,
            address=address,
            field=self.env["mail.template"].fields_get([name], ["string"])[name]["string"],
        )

    # ---------------------------------------------------------------- files

    def _attached_files(self):
        """Return the files of the template, read once for all reminders that have it.

        :raises UserError: if one of them cannot be read, or they are too large
        :return: dict of reminder id to a tuple of files, and their ids
        """
        found = {}
        for template, mine in self.grouped(lambda r: r._extras_template()).items():
            files = tuple(
                self._file(template, attachment) for attachment in template.attachment_ids
            )
            self._check_size(template, files)
            found |= dict.fromkeys(mine.ids, (files, template.attachment_ids.ids))
        return found

    def _attached_names(self):
        """Return what is attached to the reminder's message, for those who look at it."""
        template = self._extras_template()
        return [
            *template.attachment_ids.mapped("name"),
            *template.report_template_ids.mapped("name"),
            *([self._list_name()] if self._needs_list() else []),
            *([self._letter_file_name()] if self._carries_letter() else []),
            *self._invoice_names(),
        ]

    def _file(self, template, attachment):
        if attachment.type == "url" or not attachment.raw:
            raise UserError(
                say(self.env, "attachment_unreadable", file=attachment.name, template=template.name)
            )
        return Attachment(attachment.name, attachment.mimetype or ANY_KIND, attachment.raw)

    def _check_size(self, template, files):
        if _bytes_of(files) > MAX_ATTACHED:
            raise UserError(template.with_env(self.env)._upominky_too_large())

    def _check_whole(self, files):
        """Refuse files that are too large together: those of the template, the letter and others.

        :raises UserError: naming the largest of them
        """
        if _bytes_of(files) > MAX_ATTACHED:
            largest = sorted(files, key=lambda file: -len(file.data))[:NAMED]
            named = ", ".join(f"{file.name} ({megabytes(len(file.data))} MB)" for file in largest)
            most = MAX_ATTACHED // MEGABYTE
            raise UserError(say(self.env, "message_too_large", files=named, most=most))

    def _has_own_files(self):
        has_reports = bool(self._extras_template().report_template_ids)
        carries = self._carries_letter() or self._carries_invoices()
        return has_reports or self._needs_list() or carries

    def _own_files(self):
        """Return the files that are made for this message alone: the list of all, the reports."""
        lists = (
            [Attachment(self._list_name(), LIST, self._list_data())] if self._needs_list() else []
        )
        return (*lists, *self._report_files())

    def _report_files(self):
        """Render the reports of the template for one reminder, in its language.

        :raises UserError: if one of them cannot be rendered
        """
        template = self._extras_template().with_context(lang=self._language())
        if not template.report_template_ids:
            return ()
        try:
            values = template._generate_template_attachments(self.ids, {"report_template_ids"})
        except (psycopg2.Error, UserError):
            raise
        except Exception as error:
            raise UserError(self._render_error(template, error)) from error
        return tuple(
            Attachment(name, mimetypes.guess_type(name)[0] or ANY_KIND, b64decode(data))
            for name, data in values[self.id]["attachments"]
        )

    # EXTENDS 'upominky.reminder'
    def _keep_messages(self, kept):
        """Write each message into its chatter; its own files of an attempt that failed go."""
        # sudo: files of the job are the reminder's, not those of the user who pressed a button.
        tried = self.env["upominky.delivery"].union(*(row[0] for row in kept))
        files = tried.mail_message_id.sudo().attachment_ids
        mine = files.filtered(lambda a: a.res_model == self._name)
        mine.filtered(lambda a: not a.upominky_is_letter).unlink()  # letters are the reminder's
        return super()._keep_messages(kept)

    def _note_letter(self, message):
        """Show the letter with a message of the chatter; what could kill the worker is done."""
        # sudo: the job keeps what it sends, whoever pressed the button.
        files = message.sudo().attachment_ids
        others = files.filtered("upominky_is_letter") - self.letter_id  # of an attempt that failed
        message.sudo().attachment_ids = [
            *(Command.unlink(id) for id in others.ids),
            Command.link(self.letter_id.id),
        ]
        if not self.is_prepared:
            self.write({"is_prepared": True, "preparing_deaths": 0})

    def _keep_own_files(self, message, files):
        """Keep the files that are sent with a message of the chatter."""
        values = [
            {
                "name": file.name,
                "raw": file.data,
                "mimetype": file.kind,
                "res_model": self._name,
                "res_id": self.id,
            }
            for file in files
        ]
        # sudo: the job keeps what it sends, whoever pressed the button.
        made = self.env["ir.attachment"].sudo().create(values)
        message.sudo().attachment_ids = [Command.link(attachment.id) for attachment in made]


class UpominkyDelivery(models.Model):
    _inherit = "upominky.delivery"

    def _with_own_files(self, message):
        """Return a message with the files that are made for it alone.

        :raises UserError: if they cannot be rendered, or are too large
        """
        reminder = self.reminder_id.with_context(upominky_lang=self.lang)
        files = reminder._own_files()
        attachments = (*message.email["attachments"], *files)
        if reminder._carries_letter():
            attachments = (reminder._letter_to_send(), *attachments)
            reminder._note_letter(self.mail_message_id)
        reminder._check_whole(attachments)
        reminder._keep_own_files(self.mail_message_id, files)
        email = {**message.email, "attachments": attachments}
        if reminder._carries_invoices():
            if others := reminder._other_entries():
                reminder._add_note(reminder._without_file_text(others))
            email = reminder._with_invoices(email, self.mail_message_id)
        # Links took the place where they go; nobody reads it where they do not.
        return replace(message, email={**email, "body": at_place(email["body"], email["place"])})


def _bytes_of(files):
    return sum(len(file.data) for file in files)


def _named(addresses, text):
    """Return addresses with the names that stand before them in a text, where each has its own."""
    pairs = email_split_tuples(text)
    if len(pairs) != len(addresses):
        return list(addresses)
    names = [header_words(name, MAX_NAME) for name, _address in pairs]
    return [formataddr(pair) for pair in zip(names, addresses, strict=True)]
