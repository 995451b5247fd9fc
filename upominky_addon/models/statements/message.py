from odoo import api, fields, models
from odoo.exceptions import UserError

from ...core.address import is_address, split
from ..base.names import some_names
from ..base.trusted import trusted

#: Statements that are e-mailed with one press of a button.
MOST_MAILED = 500
#: So many of them go to the mail server within the request; more by Odoo's own job that sends
#: mails, which begins at once: a slow server would outlast a request.
SENT_AT_ONCE = 10
#: What Odoo notes of a message that was refused, or came back.
FAILED = ("exception", "bounce")
#: Customers that are named in a sentence.
SHOWN = 10


class UpominkyCase(models.Model):
    """A message that carries a statement: made by Odoo's composer, sent by whoever presses Send.

    Not through the channels of reminders: a delivery is of a reminder, and what may go out, when
    and once, is decided of receivables that are asked for. A statement asks for nothing, may be
    sent twice, and a person decides of each whether it leaves the house.

    The message is about the statement, and in no history of the customer: that one is read by
    employees of all companies that have the customer too.
    """

    _inherit = "upominky.case"
    # Whoever may read a statement may send it; nobody writes one.
    _mail_post_access = "read"

    mailed_at = fields.Datetime(
        string="E-mailed", readonly=True, help="When it was last sent by e-mail from here."
    )
    mail_problem = fields.Char(
        string="E-mail Failed",
        compute="_compute_mail_problem",
        help="Why the last e-mail did not go out, or that it came back.",
    )

    @api.depends("mailed_at")
    @api.depends_context("lang")
    def _compute_mail_problem(self):
        # sudo: what became of the message about a statement is told to whoever reads that one.
        noted = self.env["mail.notification"].sudo()
        found = noted.search(
            [
                ("notification_type", "=", "email"),
                ("mail_message_id.model", "=", self._name),
                ("mail_message_id.res_id", "in", self.ids),
            ]
        )
        # By message, so that of each statement the last one stays.
        of_case = {}
        for message, notes in sorted(found.grouped("mail_message_id").items(), key=_id_of_first):
            of_case[message.res_id] = notes.filtered(lambda n: n.notification_status in FAILED)
        for case in self:
            failed = of_case.get(case.id)
            case.mail_problem = failed[0].format_failure_reason() if failed else False

    def action_mail(self):
        """Open a message to who gets the customer's invoices, with the statement."""
        self.env["upominky.reminder"]._check_user_may()
        self.check_access("read")
        self.ensure_one()
        self._check_ready()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Write E-mail"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": self._composed(),
        }

    def action_mail_many(self):
        """Send statements to who gets the customers' invoices, each in a message of its own.

        :raises UserError: if one of them cannot be sent, or was; then none is
        """
        self.env["upominky.reminder"]._check_user_may()
        self.check_access("read")
        self._check_mailable()
        queue = None if len(self) <= SENT_AT_ONCE else self._mail_queue()
        composers = self.env["mail.compose.message"]
        sending = self.with_context(mail_notify_force_send=not queue).env
        for case in self:
            composer = composers.with_context(**case._composed()).create({})
            # What it begins with is no default of what it makes.
            composer.with_env(sending)._action_send_mail()
        if queue:
            queue._trigger()
        return True

    @api.model
    def _mail_queue(self):
        """Return the job that sends Odoo's mails, None if it is off or is no more."""
        job = self.env.ref("mail.ir_cron_mail_scheduler_action", raise_if_not_found=False)
        # sudo: whether it is on is no secret, and whoever may send mails may have it begin.
        return job.sudo() if job and job.sudo().active else None

    def _check_mailable(self):
        """Refuse what cannot be sent, in a sentence.

        :raises UserError: naming customers
        """
        if not self:
            raise UserError(self.env._("Choose statements to send."))
        if len(self) > MOST_MAILED:
            raise UserError(
                self.env._("At most %s statements are sent at once: choose fewer.", MOST_MAILED)
            )
        self._check_ready()
        if mailed := self.filtered(lambda case: case.mailed_at and not case.mail_problem):
            raise UserError(
                self.env._(
                    "Sent by e-mail already: %s. Leave them out, or write to them one at a time.",
                    mailed._customer_names(),
                )
            )
        # sudo: whether a contact is archived is read to write to it.
        if archived := self.filtered(lambda case: not case._paper_receiver().sudo().active):
            raise UserError(
                self.env._(
                    "Archived contacts get no e-mail: %s. Take them out of the archive, or print "
                    "the letters.",
                    archived._customer_names(),
                )
            )
        if unknown := self.filtered(lambda case: not case._has_address()):
            raise UserError(
                self.env._(
                    "There is no e-mail address for: %s. Enter one on the customer or its invoice "
                    "address, or print the letters.",
                    unknown._customer_names(),
                )
            )

    def _customer_names(self):
        names = [case.partner_id.display_name for case in self[:SHOWN]]
        return some_names(self.env, names, len(self))

    def _has_address(self):
        """Say whether who gets the customer's invoices can be written to."""
        # sudo: a contact's address is read to write to it.
        email = self._paper_receiver().sudo().email
        return any(is_address(address) for address in split(email))

    def _composed(self):
        """Return what the composer begins with; answers go to whoever sends it."""
        subject, body = self.with_context(lang=self._statement_lang())._statement_message()
        return {
            "default_model": self._name,
            "default_res_ids": self.ids,
            "default_composition_mode": "comment",
            "default_partner_ids": self._paper_receiver().ids,
            "default_reply_to": self.env.user.email_formatted or self.company_id.email,
            "default_subject": subject,
            "default_body": body,
            "default_attachment_ids": self._mailed_file().ids,
        }

    def _mailed_file(self):
        """Return a copy of the file for the message, which is kept longer than the statement.

        Odoo takes it away again where nothing is sent.
        """
        return self.env["ir.attachment"].create(
            {
                "name": self.attachment_id.name,
                "raw": self.attachment_id.raw,
                "mimetype": self.attachment_id.mimetype,
                "res_model": "mail.compose.message",
                "res_id": 0,
            }
        )


def _id_of_first(pair):
    return pair[0].id


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    # EXTENDS 'mail'
    def _action_send_mail_comment(self, res_ids):
        """Note on statements that they were sent: two who send the same one meet there."""
        if self.model != "upominky.case":
            return super()._action_send_mail_comment(res_ids)
        self.env["upominky.reminder"]._check_user_may()
        cases = self.env[self.model].browse(res_ids)
        cases.check_access("read")
        # It is written by the company of the statement, whichever is active.
        me = self.with_company(cases.company_id[:1])
        messages = super(MailComposeMessage, me)._action_send_mail_comment(res_ids)
        # sudo: users write no statement; that they may read and send these was checked.
        trusted(cases).mailed_at = fields.Datetime.now()
        return messages
