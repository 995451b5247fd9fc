from dataclasses import dataclass

import psycopg2
from markupsafe import Markup

from odoo import SUPERUSER_ID, Command, api, models
from odoo.exceptions import UserError
from odoo.tools import formataddr
from odoo.tools.mail import generate_tracking_message_id

from odoo.addons.base.models.ir_qweb import QWebError

from ....core.address import is_address, split
from ....core.mail_text import MAX_NAME, compact, header_words, says_nothing, visible
from ...base.said import say
from ...letters.letter import once
from ...mail_template import LAYOUT
from ..transport import Outgoing
from .beside import FileSlot, with_place

#: Outlook draws with Word, which knows no widest width: only it gets a table of a fixed one.
OUTLOOK = {
    "outlook_begin": Markup(
        '<!--[if mso]><table role="presentation" border="0" cellpadding="0" cellspacing="0" '
        'width="640" align="center"><tr><td><![endif]-->'
    ),
    "outlook_end": Markup("<!--[if mso]></td></tr></table><![endif]-->"),
}


def ascii_address(address):
    """Return an address as servers read it: international domains in Punycode (RFC 5890)."""
    try:
        return formataddr(("", address), "ascii")
    except UnicodeError:  # an impossible domain: the address fails when it is tried
        return address


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingEmail(Outgoing):
    """An e-mail ready to be handed over: ``email`` are the arguments that build it."""

    email: dict
    mail_server_id: int | bool
    context: dict


class UpominkyReminder(models.Model):
    """Messages of reminders: whom they come from, what they say, and one for each address."""

    _inherit = "upominky.reminder"

    def _sender(self):
        """Return who sends the reminder: a partner, its From address, and a note if not as set up.

        :raises UserError: if neither the sender nor the company has an address
        :rtype: tuple[res.partner, str, str | bool]
        """
        self.ensure_one()
        key = "sender", self.level_id.id, self.rule_id.id, self.company_id.id
        return once(self.env, key, self._read_sender)

    def _read_sender(self):
        user = self.level_id.sender_id or self.rule_id.sender_id
        if user.active and (email_from := self._from(user.partner_id)):
            return user.partner_id, email_from, False
        company = self.company_id
        if not (email_from := self._from(company.partner_id)):
            raise UserError(say(self.env, "no_sender", company=company.name))
        note = user and say(self.env, "sender_gone", sender=user.name)
        return company.partner_id, email_from, note

    @api.model
    def _from(self, partner):
        """Return the name and first address of a sender as a header has them, None without one."""
        email = next(iter(split(partner.email)), "")
        if not is_address(email):
            return None
        return formataddr((header_words(partner.name or "", MAX_NAME), email))

    def _render(self):
        """Render subject and body of reminders in their languages, a template at a time.

        :raises UserError: if a reminder has no template, or its template cannot be rendered
        :return: dict of reminder id to ``(subject, body)``, the body without the layout
        """
        rendered = {}
        self._check_templates()
        for template, mine in self.grouped(lambda r: r._template()).items():
            langs = {reminder.id: reminder._language() for reminder in mine}
            try:
                subjects = template._render_field("subject", mine.ids, res_ids_lang=langs)
                bodies = template._render_field("body_html", mine.ids, res_ids_lang=langs)
            except psycopg2.Error:
                raise
            except Exception as error:
                raise UserError(self._render_error(template, error)) from error
            rendered |= {r.id: r._as_written(subjects[r.id], bodies[r.id]) for r in mine}
        self._refuse_empty(rendered)
        return rendered

    def _refuse_empty(self, rendered):
        """Refuse a message that would be an empty frame.

        :raises UserError: naming its template
        """
        for reminder in self:
            if says_nothing(rendered[reminder.id][1]):
                name = reminder._template().name
                raise UserError(say(self.env, "message_empty", template=name))

    def _render_error(self, template, error):
        """Return a sentence with the template's name and the line that cannot be rendered."""
        cause = error
        while cause and not isinstance(cause, QWebError):
            cause = cause.__cause__ or cause.__context__
        if not cause:
            words = str(error).strip().splitlines()[0] if str(error).strip() else repr(error)
            return say(self.env, "not_rendered", template=template.name, error=words)
        lines = (template.with_context(lang=self[:1]._language()).body_html or "").splitlines()
        part = (cause.qweb.element or "").removesuffix(">").removesuffix("/").rstrip()
        line = next((n for n, text in enumerate(lines, 1) if part and part in text), 1)
        return say(
            self.env,
            "not_rendered_line",
            template=template.name,
            line=line,
            error=cause.qweb.error,
            part=cause.qweb.element,
        )

    def _template(self):
        """Return the level's template, as OdooBot: a message is the same whoever sends it."""
        key = "template", self.level_id.id, self.company_id[:1].id
        return once(self.env, key, self._read_template)

    def _read_template(self):
        zone = self.company_id[:1]._upominky_timezone().zone if self.company_id else "UTC"
        # sudo: what the template may say was decided when it was written; it says it of this
        # reminder alone, which the caller reads.
        level = self.level_id.with_user(SUPERUSER_ID).with_context(tz=zone)
        return level.mail_template_id

    def _check_templates(self):
        """Refuse reminders without a template, and with one that was archived.

        :raises UserError: naming the level
        """
        for reminder in self:
            if not reminder._template():
                raise UserError(
                    say(
                        self.env,
                        "no_template",
                        level=reminder.level_id.name or reminder.level_order,
                        rule=reminder.rule_id.name,
                    )
                )
            if not reminder._template().active:
                raise UserError(
                    say(
                        self.env,
                        "template_archived",
                        template=reminder._template().name,
                        level=reminder.level_id.name,
                    )
                )

    def _with_layout(self, subject, body):
        """Return ``body`` inside the letter's frame, with links that work from a mailbox."""
        self.ensure_one()
        lang = self._language()
        # sudo: the frame is the add-on's or an administrator's, and shows this reminder alone.
        me = self.with_user(SUPERUSER_ID).with_context(lang=lang)
        layout = self._template().email_layout_xmlid or LAYOUT
        context = {"company": me.company_id, "lang": lang, "subject": subject, **OUTLOOK}
        render = me.env["mail.render.mixin"]._render_encapsulate
        html = render(layout, body, add_context=context, context_record=me)
        return Markup(compact(visible(html)))

    def _make_messages(self, deliveries):
        """Build the messages of queued deliveries, and keep each in its reminder's chatter.

        :raises UserError: with a sentence about what is missing
        :rtype: list[OutgoingEmail]
        """
        if not deliveries:
            return []
        rendered = self._render()
        reply_to, files = self._reply_to(), self._attached_files()
        outgoing, kept, slot = [], [], FileSlot()
        for delivery in deliveries:
            reminder = delivery.reminder_id
            subject, body = rendered[reminder.id]
            author, email_from, note = reminder._sender()
            if note:
                reminder._add_note(note)
            message_id = generate_tracking_message_id(f"{reminder.id}-{reminder._name}")
            place = slot.place if reminder._carries_invoices() else ""
            whole = reminder._with_claim(body)
            html = reminder._with_layout(subject, with_place(whole, place))
            email = {
                "email_from": email_from,
                "email_to": [delivery.email_to],
                "subject": subject,
                "body": html,
                "body_alternative": reminder._plain_text(body),
                "reply_to": header_words(reply_to[reminder.id] or email_from),
                "message_id": message_id,
                "headers": reminder._headers(),
                "attachments": (*files[reminder.id][0], *reminder._code_files(html)),
                "has_own_files": reminder._has_own_files(),
                "place": place,
                "slot": slot,
            }
            outgoing.append(reminder._outgoing(delivery, email))
            values = reminder._chatter_values(email, author, files[reminder.id][1])
            kept.append((delivery, values, whole))
        self._keep_messages(kept)
        return outgoing

    def _reply_to(self):
        senders = {reminder.id: reminder._sender() for reminder in self}
        return self._notify_get_reply_to_batch(
            defaults={i: sender[1] for i, sender in senders.items()},
            author_ids={i: sender[0].id for i, sender in senders.items()},
        )

    def _headers(self):
        """Return headers that say where the message comes from (RFC 3834: not from a person)."""
        company = self.company_id
        headers = {
            "X-Odoo-Objects": f"{self._name}-{self.id}",
            "Auto-Submitted": "auto-generated",
        }
        if company.bounce_email:
            headers["Return-Path"] = company.bounce_email
        return headers

    def _outgoing(self, delivery, email):
        sender = email["email_from"]
        bounces, notifications = once(
            self.env, ("domain", self.company_id.id), self._domain_addresses
        )
        # What Odoo would ask the company for at each message, anew after each commit.
        context = {
            "send_validated_to": [ascii_address(delivery.email_to)],
            "domain_notifications_email": notifications or sender,
            "domain_bounce_address": bounces or sender,
        }
        return OutgoingEmail(
            delivery_id=delivery.id,
            reminder_id=self.id,
            email=email,
            mail_server_id=self._template().mail_server_id.id,
            context=context,
        )

    def _domain_addresses(self):
        """Return the addresses of the company's domain: for bounces, and for notifications."""
        servers = self.env["ir.mail_server"].with_company(self.company_id)
        return servers._get_default_bounce_address(), servers._get_default_from_address()

    def _chatter_values(self, email, author, attachment_ids):
        return {
            "model": self._name,
            "res_id": self.id,
            "record_name": self.name,
            "message_type": "email_outgoing",
            # No note: a reply to what customers were sent is no note either, and notifies.
            "subtype_id": self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment"),
            "subject": email["subject"],
            "author_id": author.id,
            "email_from": email["email_from"],
            "reply_to": email["reply_to"],
            "outgoing_email_to": email["email_to"][0],
            "message_id": email["message_id"],
            "attachment_ids": [Command.set(attachment_ids)],
            "record_company_id": self.company_id.id,
            "record_alias_domain_id": self.company_id.alias_domain_id.id,
        }
