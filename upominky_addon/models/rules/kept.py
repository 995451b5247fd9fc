from odoo import api, models
from odoo.exceptions import UserError

from ...core.lifecycle import UNFINISHED
from ..base.in_use import refuse_in_use


class UpominkyRule(models.Model):
    """What reminders need is not deleted: whoever tries is told why, and what to do instead."""

    _inherit = "upominky.rule"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_issued(self):
        # sudo: reminders that the user cannot see keep the rule as well.
        issued = self.env["upominky.reminder"].sudo().search([("rule_id", "in", self.ids)], limit=1)
        if issued:
            raise UserError(
                self.env._(
                    "The rule “%(rule)s” cannot be deleted: the reminder %(reminder)s was issued "
                    "by it. Archive the rule instead; then it issues nothing any more.",
                    rule=issued.rule_id.name,
                    reminder=issued.name,
                )
            )


class UpominkyLevel(models.Model):
    _inherit = "upominky.level"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_unsent(self):
        """Refuse while a reminder still needs the level's template; sent ones keep their order."""
        domain = [
            ("level_id", "in", self.ids),
            ("to_send", "=", True),
            ("state", "in", list(UNFINISHED)),
        ]
        # sudo: reminders that the user cannot see keep the level as well.
        unsent = self.env["upominky.reminder"].sudo().search(domain, limit=1)
        if unsent:
            raise UserError(
                self.env._(
                    "The row “%(level)s” cannot be deleted: the reminder %(reminder)s of it was "
                    "not sent yet. Send it, mark it as sent or cancel it first.",
                    level=unsent.level_id.name,
                    reminder=unsent.name,
                )
            )


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_reminded(self):
        # sudo: reminders that the user cannot see keep the customer as well.
        domain = [("partner_id", "in", self.ids)]
        reminder = self.env["upominky.reminder"].sudo().search(domain, limit=1)
        if reminder:
            customer = reminder.partner_id.display_name
            refuse_in_use(
                reminder,
                self.env._(
                    "%(customer)s cannot be deleted: the reminder %(reminder)s was issued to it. "
                    "Archive the customer instead.",
                    customer=customer,
                    reminder=reminder.name,
                ),
                self.env._(
                    "%s cannot be deleted: a reminder was issued to it. Archive the customer "
                    "instead.",
                    customer,
                ),
            )


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_upominky_sender(self):
        """Refuse to change in silence who signs the reminders."""
        # sudo: rules of other companies keep the user as well.
        rules = self.env["upominky.rule"].sudo().with_context(active_test=False)
        domain = ["|", ("sender_id", "in", self.ids), ("level_ids.sender_id", "in", self.ids)]
        rule = rules.search(domain, limit=1)
        user = ((rule.sender_id | rule.level_ids.sender_id) & self)[:1]
        if rule:
            refuse_in_use(
                rule,
                self.env._(
                    "%(user)s cannot be deleted: the reminder rule “%(rule)s” sends in that name. "
                    "Choose another sender there first, or archive the user.",
                    user=user.name,
                    rule=rule.name,
                ),
                self.env._(
                    "%s cannot be deleted: a reminder rule sends in that name. Archive the user "
                    "instead.",
                    user.name,
                ),
            )


class MailTemplate(models.Model):
    _inherit = "mail.template"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_of_level(self):
        # sudo: levels of other companies keep the template as well.
        levels = self.env["upominky.level"].sudo()
        level = levels.search([("mail_template_id", "in", self.ids)], limit=1)
        if level:
            template = level.mail_template_id.name
            refuse_in_use(
                level,
                self.env._(
                    "The template “%(template)s” cannot be deleted: the level “%(level)s” of the "
                    "rule “%(rule)s” uses it. Choose another template there first.",
                    template=template,
                    level=level.name,
                    rule=level.rule_id.name,
                ),
                self.env._(
                    "The template “%s” cannot be deleted: a level of a reminder rule uses it.",
                    template,
                ),
            )
