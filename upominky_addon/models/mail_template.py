from functools import partial

from lxml import etree, html

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.rendering_tools import parse_inline_template

REMINDER = "upominky.reminder"
#: The frame of letters, where a template has no other.
LAYOUT = "upominky_addon.mail_layout"
#: What of a template is translated, as its column has it: a text for each language.
TRANSLATED = ("name", "description", "subject", "body_html")
#: What else is written in a template.
PLAIN = (
    "lang",
    "use_default_to",
    "email_from",
    "email_to",
    "email_cc",
    "partner_to",
    "reply_to",
    "auto_delete",
    "scheduled_date",
)
#: What managers of reminders write in a template. The rest decides about more than a text: the
#: document it is for, the frame, attachments, reports, the server that it is sent by.
TEXTS = frozenset((*TRANSLATED, *PLAIN, "active", "upominky_extras"))


class MailTemplate(models.Model):
    """Templates of reminders are written by the managers of reminders.

    Odoo renders mail templates unrestricted, so their safety is decided when they are written:
    who is no template editor may use the placeholders of ``mail_allowed_qweb_expressions`` alone.
    """

    _inherit = "mail.template"

    # ----------------------------------------------------------------- CRUD

    def _check_access(self, operation):
        refused = super()._check_access(operation)
        if refused or operation == "read" or not self._upominky_is_restricted():
            return refused
        ours = self._upominky_ours()
        if ours and not self.env.user.has_group("upominky_addon.group_manager"):
            return ours, partial(self._upominky_refusal, ours)
        if ours and (relied_on := ours._upominky_relied_on()):
            return relied_on, partial(self._upominky_shared_refusal, relied_on)
        return None

    @api.model_create_multi
    def create(self, vals_list):
        templates = super().create(vals_list)
        if self._upominky_is_restricted():
            for template in templates._upominky_ours():
                template._upominky_check_frame()
        return templates

    def write(self, vals):
        if self._upominky_is_restricted():
            self._upominky_check_fields(vals)
        return super().write(vals)

    def copy_data(self, default=None):
        """Let a copy begin without what its maker may not choose."""
        vals_list = super().copy_data(default)
        if self._upominky_is_restricted():
            for template, vals in zip(self, vals_list, strict=True):
                if template._upominky_ours():
                    vals.update(mail_server_id=False, report_template_ids=False)
        return vals_list

    def copy(self, default=None):
        """Let files go along with a copy: whoever makes it chooses none of them."""
        given = default or {}
        takes = "attachment_ids" not in given and self == self._upominky_ours()
        if not takes or not self._upominky_is_restricted():
            return super().copy(default)
        copies = super().copy({**given, "attachment_ids": False})
        for template, copy in zip(self, copies, strict=True):
            whose = {"res_model": copy._name, "res_id": copy.id}
            # sudo: files of a template that the user reads, and a copy that is his own.
            files = [file.copy(whose).id for file in template.sudo().attachment_ids]
            copy.sudo().attachment_ids = files
        return copies

    # -------------------------------------------------------------- mailing

    # EXTENDS 'mail'
    def _send_check_access(self, res_ids):
        if self._upominky_ours():
            self._upominky_refuse_to_mail()
        return super()._send_check_access(res_ids)

    @api.model
    def _upominky_refuse_to_mail(self):
        """Refuse to mail a reminder past the sending job, whoever asks: it would be sent twice.

        :raises UserError: always
        """
        raise UserError(
            self.env._(
                "Reminders are sent by the sending job and from the reminder book: press “Send "
                "Now” or “Retry” there. A message of your own to the customer is written in the "
                "history of the reminder, without a template."
            )
        )

    # --------------------------------------------------------------- rights

    def _upominky_ours(self):
        """Return those of these templates that are made for reminders.

        Of rules there are none: they have a history, and nobody whom they write to.
        """
        # sudo: what a template is made for decides about the right to it, and is no secret.
        return self.filtered(lambda template: template.sudo().model == REMINDER)

    def _upominky_is_restricted(self):
        """Say whether the user's right to templates comes from reminders, not from Odoo itself."""
        return not self.env.su and not self.env.user.has_group("mail.group_mail_template_editor")

    def _upominky_refusal(self, templates):
        # sudo: all employees read the names of templates.
        return AccessError(
            self.env._(
                "The template “%s” belongs to the payment reminders. You need the right “Upomínky: "
                "manager” to change it.",
                templates[:1].sudo().name,
            )
        )

    def _upominky_shared_refusal(self, templates):
        return AccessError(
            self.env._(
                "The template “%s” is not yours alone: other companies use it, or begin with it. "
                "Press “Use a Copy” on the level, and change the copy.",
                templates[:1].sudo().name,  # sudo: all employees read the names of templates
            )
        )

    def _upominky_check_fields(self, vals):
        """Refuse to write more than texts, or to make a reminder's template of another one.

        :raises AccessError: naming the field
        """
        # sudo: the name of a model is no secret.
        target = self.env["ir.model"].sudo().browse(vals.get("model_id") or ()).model
        comes = REMINDER in (target, vals.get("model"))
        ours = self._upominky_ours()
        beyond = sorted(set(vals) - TEXTS) if ours or comes else ()
        if beyond:
            labels = [self._fields[name].string for name in beyond if name in self._fields]
            raise AccessError(
                self.env._(
                    "In a template of payment reminders you may change the texts, but not “%s”. "
                    "Ask an administrator.",
                    ", ".join(labels) or beyond[0],
                )
            )

    def _upominky_check_frame(self):
        """Refuse a new template with more than texts, all that its maker may change later."""
        frame = self.email_layout_xmlid not in (False, "", LAYOUT)
        # sudo: only whether there are any is looked at, in what the user has just made.
        mine = self.sudo()
        more = mine.report_template_ids or mine.attachment_ids
        if frame or self.mail_server_id or more or self.template_fs:
            raise AccessError(
                self.env._(
                    "A new template of payment reminders begins with its texts. Ask an "
                    "administrator to choose a frame, a mail server, attachments or reports."
                )
            )

    # --------------------------------------------------------- placeholders

    def _check_access_right_dynamic_template(self):
        """Name the placeholder that is refused, where Odoo only says that there is one."""
        if self._upominky_is_restricted():
            for template in self._upominky_ours():
                # sudo: the text is looked through, and one placeholder of it is named.
                if refused := template.sudo()._upominky_refused():
                    raise AccessError(
                        self.env._(
                            "“%(placeholder)s” cannot be used in the template “%(template)s”. The "
                            "placeholders of payment reminders are listed below its text.",
                            placeholder=refused,
                            template=template.name,
                        )
                    )
        return super()._check_access_right_dynamic_template()

    def _upominky_refused(self):
        """Return the first placeholder that may not be used, None if all may."""
        allowed = self.env[REMINDER].mail_allowed_qweb_expressions()
        for name in self._get_dynamic_field_names() - {"body_html"}:
            for _text, expression, _default in parse_inline_template(str(self[name] or "")):
                if expression and expression not in allowed:
                    return f"{{{{ {expression} }}}}"
        body = html.fragment_fromstring(self.body_html or "", create_parent="div")
        for node in body.iter(etree.Element):
            for name, value in node.attrib.items():
                if name == "groups" or (name.startswith("t-") and name != "t-out"):
                    return f'{name}="{value}"'
                if name == "t-out" and value.strip() not in allowed:
                    return f'{name}="{value}"'
        return None
