from odoo import api, fields, models
from odoo.tools import formataddr

from ....core.mail_text import mailbox_name

REPLY_ACTIVITY = "mail.mail_activity_data_todo"


class UpominkyReminder(models.Model):
    """Replies of customers: whose they are to answer, and how that person gets to know."""

    _inherit = "upominky.reminder"

    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        compute="_compute_user_id",
        store=True,
        precompute=True,
        readonly=True,
        index="btree_not_null",
        help="Who is told of the customer's replies: the sender of the level, else of the rule, "
        "else the customer's salesperson.",
    )

    # Whose it is, is settled at issue: no dependency on what levels or customers become later.
    @api.depends("level_id", "rule_id", "partner_id")
    def _compute_user_id(self):
        for reminder in self:
            reminder.user_id = self._responsible(
                reminder.company_id, reminder.level_id, reminder.rule_id, reminder.partner_id
            )

    @api.model
    def _responsible(self, company, level, rule, partner):
        """Return who answers the replies to a reminder, if anybody is set."""
        candidates = (level.sender_id, rule.sender_id, partner.user_id)
        found = (user for user in candidates if self._may_answer(user, company))
        return next(found, self.env["res.users"])

    @api.model
    def _may_answer(self, user, company):
        """Say whether a user is one of the company's: a customer's salesperson may be another's."""
        return user.active and company in user.company_ids

    # EXTENDS 'upominky.thread'
    @api.private
    def message_update(self, msg_dict, update_vals=None):
        """Tell the responsible user of a reply before it is posted, so that it notifies them.

        What a program sent, as about an absence, is kept and asks nobody to act.
        """
        people = self.browse() if self.env.context.get("upominky_automatic") else self
        for reminder in people:
            if reminder.user_id.active and not reminder._is_colleague(msg_dict.get("author_id")):
                reminder._tell_responsible()
        return super().message_update(msg_dict, update_vals)

    # EXTENDS 'mail'
    @api.private  # a reminder is sent by the sending job alone
    def activity_send_mail(self, template_id):
        return super().activity_send_mail(template_id)

    @api.model
    def _is_colleague(self, author_id):
        # sudo: only whether the author is one of ours, whoever fetches the mail.
        author = self.env["res.partner"].sudo().browse(author_id or [])
        return any(user._is_internal() for user in author.user_ids)

    def _tell_responsible(self):
        """Have the responsible user follow the reminder, and give them one activity at a time."""
        self.ensure_one()
        user = self.user_id
        # sudo: whoever fetches the mail, the user of the reminder is told.
        reminder = self.sudo().with_context(lang=user.lang)
        reminder.message_subscribe(partner_ids=user.partner_id.ids)
        summary = reminder.env._("Customer replied")
        known = reminder.activity_search(
            [REPLY_ACTIVITY], user_id=user.id, additional_domain=[("summary", "=", summary)]
        )
        # sudo: none; it is asked as that user whether he may read the reminder.
        if not known and reminder.with_user(user).has_access("read"):
            # The reply itself notifies the user: no second mail about the activity.
            reminder.with_context(mail_activity_quick_update=True).activity_schedule(
                REPLY_ACTIVITY, user_id=user.id, summary=summary
            )

    # EXTENDS 'mail'
    def _notify_get_reply_to_formatted_email(self, record_email, author_id=False):
        """Name the sender or nobody: with a long name Odoo would name the job's user."""
        formatted = super()._notify_get_reply_to_formatted_email(record_email, author_id=author_id)
        # sudo: the sender's name is what the customer reads anyway.
        author = self.env["res.partner"].sudo().browse(author_id or [])
        if author and formatted == formataddr((author.name, record_email)):
            return formataddr((mailbox_name(author.name or "", record_email), record_email))
        return record_email if author else formatted
