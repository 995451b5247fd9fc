from dataclasses import replace

from markupsafe import Markup

from odoo import api, fields, models

from ...core.address import split
from ...core.contacts import NO_GAPS, gaps, lang_of, langs_of, recipients, unique
from ...core.recipient import EMAIL, Recipient
from ...core.schedule import Level
from ..base.said import SaidText, lines, parts_of, say, without
from ..books.facts import Languages


def _as_lines(text):
    """Return the lines of a text, escaped, for a history that knows no line ends."""
    return Markup("<br/>").join(text.splitlines())


class UpominkyReminder(models.Model):
    """Whom a reminder goes to, in which language, and what is noted where that is not as set up."""

    _inherit = "upominky.reminder"

    recipient_langs = fields.Json(
        readonly=True, copy=False, help="The language of each recipient, by e-mail address."
    )
    other_recipients = fields.Json(
        readonly=True,
        copy=False,
        help="Recipients of other channels than e-mail: channel, address, language.",
    )
    contact_note = SaidText(
        readonly=True, copy=False, help="The part of the note that is about the contacts."
    )

    @api.model
    def _contact_values(self, company, receivables, level, languages):
        """Return the values by which a reminder knows its contacts.

        :param receivables: core receivables of the reminder
        :param core.schedule.Level level: whom it means
        :param Languages languages: which Odoo can write in
        """
        receivables = tuple(receivables)
        to = unique(recipient for r in receivables for recipient in recipients(r, level))
        otherwise = next((r.lang for r in receivables if r.lang), None)
        by_email = [recipient for recipient in to if recipient.channel == EMAIL]
        others = [
            [recipient.channel, recipient.address, languages[recipient.lang or otherwise]]
            for recipient in to
            if recipient.channel != EMAIL
        ]
        langs = langs_of(by_email, otherwise)
        return {
            "email_to": ", ".join(recipient.address for recipient in by_email),
            "other_recipients": others or None,
            "lang": languages[lang_of(to, otherwise)],
            "recipient_langs": {email: languages[lang] for email, lang in langs.items()},
            "contact_note": self._contact_note(company, gaps(receivables, level)) or None,
        }

    @api.model
    def _contact_note(self, company, missing):
        """Return a sentence for each contact person that is missing, in the company's language.

        :param core.contacts.Gaps missing: what of the wanted contact the receivables lack
        :return: lines, empty if nothing is missing
        """
        if missing == NO_GAPS:
            return ""
        env = self.with_context(lang=company.partner_id.lang or "en_US").env
        sentences = [say(env, "no_order_contact", person=name) for name in missing.unreachable]
        if missing.instead:
            # sudo: numbers of invoices that the reminder lists itself.
            moves = env["account.move"].sudo().browse(missing.instead)
            names = ", ".join(moves.mapped("name"))
            sentences.append(say(env, "invoice_address_instead", invoices=names))
        return lines(env, *sentences)

    def _write_recipients(self, receivables, channels=None):
        """Take over the addresses and the languages that the contacts have now.

        :param channels: by which it goes, default :meth:`_channels`
        """
        level = self.level_id._to_core() if self.level_id else Level(0, 0, 0)
        level = replace(level, channels=channels or self._channels())
        languages = Languages(self.company_id)
        values = self._contact_values(self.company_id, receivables, level, languages)
        values["other_recipients"] = [
            *(values["other_recipients"] or ()),
            *(other for other in self.other_recipients or () if not self._is_there(other[0])),
        ] or None
        note = values.pop("contact_note") or ""
        if any((self[name] or False) != (value or False) for name, value in values.items()):
            self.write(values)
        in_words = self.with_context(lang=self.company_id.partner_id.lang or "en_US")
        if note != (in_words.contact_note or ""):
            self._replace_contact_note(note)

    def _replace_contact_note(self, note):
        """Replace what is noted about the contacts, and leave the other notes."""
        others = without(self.env, self.note, self.contact_note)
        self.write({"contact_note": note, "note": lines(self.env, note, others)})
        if note:
            self._message_log(body=_as_lines(note))

    @api.model
    def _log_contact_notes(self, notes):
        """Write the notes of new reminders into their histories.

        :param dict notes: by id of the reminder
        """
        bodies = {id: _as_lines(note) for id, note in notes.items() if note}
        if bodies:
            self.browse(bodies)._message_log_batch(bodies)

    def _add_note(self, sentence):
        """Note once what is done other than set up, on the reminder and in its history."""
        self.ensure_one()
        note = lines(self.env, self.note, sentence)
        if parts_of(note) != parts_of(self.note):
            self.note = note
            self._message_log(body=sentence)

    def _language(self):
        """Return the language that is written in now: that of the recipients, else its own."""
        return self.env.context.get("upominky_lang") or self.lang

    def _in_its_language(self):
        """Return the reminder with the language that is written in now."""
        lang = self._language()
        return self if self.env.context.get("lang") == lang else self.with_context(lang=lang)

    def _recipients(self):
        """Return whom the reminder is for, each once.

        Those by e-mail stand in their field, as people read it.

        :rtype: list[core.recipient.Recipient]
        """
        langs = self.recipient_langs or {}
        by_email = [
            Recipient(EMAIL, address, langs.get(address.lower(), self.lang))
            for address in split(self.email_to)
        ]
        others = [Recipient(*other) for other in self.other_recipients or ()]
        return by_email + [r for r in others if self._is_there(r.channel)]

    def _channels(self):
        """Return the channels that it goes by: its level's, else those that it was issued for.

        Which way it is to go is fixed at issue, as that it is to be sent at all (SPEC rule 8).

        :rtype: tuple[str, ...]
        """
        self.ensure_one()
        by_email = (EMAIL,) if self.email_to else ()
        issued_for = (*by_email, *(other[0] for other in self.other_recipients or ()))
        of_level = self.level_id._channels() if self.level_id else ()
        return of_level or tuple(dict.fromkeys(issued_for)) or (EMAIL,)

    def _channels_there(self):
        """Return those of them that can be had, e-mail if there is none: a person asks for it."""
        there = tuple(channel for channel in self._channels() if self._is_there(channel))
        return there or (EMAIL,)

    @api.model
    def _is_there(self, channel):
        """Say whether a channel can be had: the add-on that brought it may be gone."""
        return channel in self.env["upominky.delivery"]._fields["channel"].get_values(self.env)
