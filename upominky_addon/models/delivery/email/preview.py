from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError

from ....core.lifecycle import UNFINISHED
from ....core.recipient import EMAIL, Recipient
from ....core.template_size import MAX_BODY, MAX_FIELD, Part, excess
from ...base.said import say
from ...base.trusted import taken_back, trusted
from ...letters.payment_codes import shown_inline
from .beside import at_place

#: What is shown of a message.
SHOWN = (
    "email_from",
    "reply_to",
    "email_to",
    "copy_to",
    "attached",
    "subject",
    "body_html",
    "body_text",
)
#: Reserved for examples (RFC 2606): stands in where a customer has no address.
NOBODY = "nobody@customer.example"


class UpominkyReminder(models.Model):
    """The message of a reminder before it goes out: read by people, and changed for this letter.

    It is made by the code that sends, in a transaction of its own that is always taken back.
    """

    _inherit = "upominky.reminder"

    is_unsent = fields.Boolean(
        compute="_compute_is_unsent",
        help="Whether its message is still to be sent, and may be changed.",
    )

    @api.depends("state", "delivery_ids.state")
    def _compute_is_unsent(self):
        for reminder in self:
            reminder.is_unsent = reminder.state in UNFINISHED and not reminder._is_told()

    # -------------------------------------------------------------- buttons

    def preview_letter(self):
        """Return the message as it would be sent now, for whoever may send it.

        :return: :data:`SHOWN`, ``note``, and ``error`` where it would not be sent
        :rtype: dict
        """
        self._check_user_may()
        self.ensure_one()
        blank = dict.fromkeys((*SHOWN, "introduction", "lang", "note", "error"), False)
        me = trusted(self)  # sudo: what a caller's context says does not decide what is shown
        with taken_back(me.env) as env:
            try:
                return blank | me.with_env(env)._compose_unsent()
            except (UserError, RedirectWarning) as error:
                return blank | {"error": str(error.args[0])}

    def action_edit_letter(self):
        """Let a person change the subject and the introduction of this one letter."""
        self._check_user_may()
        self.ensure_one()
        self._refuse_changed_letter()
        found = self.preview_letter()
        if found["error"]:
            raise UserError(found["error"])
        values = {name: found[name] for name in ("subject", "introduction", "lang")}
        letter = self.env["upominky.letter"].create({**values, "reminder_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change This Letter"),
            "res_model": letter._name,
            "res_id": letter.id,
            "views": [(False, "form")],
            "view_mode": "form",
            "target": "new",
        }

    def action_change_letter(self, subject=None, introduction=None):
        """Have this letter say something else than its template, before it is sent.

        :param str subject: its subject, as text
        :param str introduction: HTML of what stands before its table
        :raises UserError: if it was sent already, or says nothing
        """
        self._check_user_may()
        self.ensure_one()
        subject, introduction = str(subject or ""), str(introduction or "")
        self._refuse_long_letter(subject, introduction)
        lang = self.preview_letter()["lang"] or self.lang
        values = self._own_values(subject, introduction)
        if not all(values.values()):
            raise UserError(self.env._("Write a subject and an introduction."))
        if found := excess(values["own_introduction"]):
            raise UserError(self._too_long_text(*found))
        # sudo: users decide what is sent, but write no field of a reminder themselves.
        trusted(self)._write_letter({**values, "own_lang": lang})
        return True

    def action_restore_letter(self):
        """Have this letter say again what its template says."""
        self._check_user_may()
        self.ensure_one()
        # sudo: users decide what is sent, as in action_change_letter.
        trusted(self)._write_letter(dict.fromkeys(("own_subject", "own_introduction", "own_lang")))
        return True

    # ------------------------------------------------------------- business

    def _write_letter(self, values):
        """Write what a person changed, and note it; a worker that has it in hand finds out."""
        self._lock_rows()
        self._refuse_changed_letter()
        self._refuse_being_sent()
        self._take_away([("id", "in", self.ids)])
        self.write(values)
        self._message_log(body=self._changed_text())

    def _refuse_changed_letter(self):
        """Refuse to change what a contact has already, or may have.

        :raises UserError: naming the reminder
        """
        if not self.is_unsent:
            raise UserError(say(self.env, "letter_is_out", reminder=self.name))

    def _refuse_long_letter(self, subject, introduction):
        """Refuse texts that are so long that cleaning them alone would take its time.

        :raises UserError: naming which
        """
        if len(introduction) > MAX_BODY:
            raise UserError(self._too_long_text(Part.CHARACTERS, len(introduction)))
        if len(subject) > MAX_FIELD:
            raise UserError(
                self.env._(
                    "The subject is too long: %(found)s characters where %(most)s are the most. "
                    "Shorten it.",
                    found=len(subject),
                    most=MAX_FIELD,
                )
            )

    def _changed_text(self):
        if not self.own_introduction:
            return self.env._("The letter says what its template says again.")
        told = self.env._(
            "The letter was changed before it is sent. Subject: “%s”. Introduction:",
            self.own_subject,
        )
        return Markup("<p>%s</p><blockquote>%s</blockquote>") % (told, self.own_introduction)

    def _too_long_text(self, part, found):
        values = {"found": found, "most": part.value}
        return self.env._(
            "The introduction is too long: %(found)s where %(most)s are the most. Shorten it.",
            **values,
        )

    def _compose_unsent(self):
        """Return what is shown of a reminder's message; the reminder is changed by it."""
        if not self.exists() or not self.is_unsent:
            raise UserError(self.env._("There is no message that is still to be sent."))
        self._bring_up_to_date()
        return self._compose([])

    def _compose(self, notes, lang=None):
        """Return what is shown of the message that the sending job makes.

        :param list notes: sentences about what is special with it; more are added
        :param str lang: another language than that of its first contact
        """
        try:
            self._wanted_recipients()
        except UserError as error:
            notes.append(str(error))
        by_email = [r for r in self._recipients() if r.channel == EMAIL]
        self._queue(by_email or [Recipient(EMAIL, NOBODY)], self._copies())
        waiting = self.delivery_ids.filtered(lambda d: d.state == "queued" and d.channel == EMAIL)
        copies = waiting.filtered("is_copy")
        first = (waiting - copies)[:1]
        first = first.with_context(upominky_lang=lang or first.lang or self.lang)
        me = first.reminder_id
        transport = self.env["upominky.transport"]._of(EMAIL)
        message = transport._make(first)[0]
        email = message.email
        notes.extend(filter(None, (me._sender()[2], me.level_id.template_warning)))
        notes.extend(me._invoices_notes())
        return {
            "email_from": transport._from_as_sent(message),
            "reply_to": email["reply_to"],
            "email_to": ", ".join(recipient.address for recipient in by_email),
            "copy_to": ", ".join(copies.mapped("email_to")),
            "attached": ", ".join(me._attached_names()),
            "subject": email["subject"],
            "body_html": shown_inline(
                at_place(email["body"], email["place"]), email["attachments"]
            ),
            "body_text": email["body_alternative"],
            "introduction": me._introduction_of(me._render()[me.id][1]),
            "lang": me._language(),
            "note": "\n".join([*notes, *me._languages_notes()]),
        }

    def _languages_notes(self):
        """Yield what is to be known of a message that goes to contacts of several languages."""
        langs = {r.lang or self.lang for r in self._recipients() if r.channel == EMAIL}
        others = langs - {self._language()}
        names = ", ".join(self.env["res.lang"]._get_data(code=lang).name or lang for lang in others)
        if others and self.own_introduction:
            yield self.env._("It was changed by hand: contacts of other languages get it as here.")
        elif others:
            yield self.env._("Contacts of another language get it in theirs: %s.", names)
