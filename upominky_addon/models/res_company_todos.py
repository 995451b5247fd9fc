from markupsafe import escape

from odoo import models

TODO = "mail.mail_activity_data_todo"


class ResCompany(models.Model):
    """Who is told what the jobs cannot help themselves: one to-do for each trouble of a company."""

    _inherit = "res.company"

    def _upominky_responsible(self):
        """Return who is told about the company's reminders: a sender of its rules, or a manager.

        The rule for all customers comes first.
        """
        rules = self.env["upominky.rule"]
        general = rules._general_rules().get(self.id, rules)
        raising = self.env["upominky.event"]._raising()
        mine = rules.search([("company_id", "=", self.id), ("event", "in", raising)])
        managers = self.env.ref("upominky_addon.group_manager").all_user_ids.sorted("id")
        users = general.sender_id | mine.sender_id | managers
        return users.filtered(
            lambda user: user.active and user._is_internal() and self in user.company_ids
        )[:1]

    def _upominky_give_todo(self, tell):
        """Give the responsible user a to-do, and return it; none if nobody is responsible.

        :param tell: gets the company in that user's language; returns on which record the to-do
            is, its summary and its note (a text, or Markup)
        :rtype: mail.activity
        """
        user = self._upominky_responsible()
        if not user:
            return self.env["mail.activity"]
        place, summary, note = tell(self.with_context(lang=user.lang))
        return place.activity_schedule(
            TODO,
            date_deadline=self._upominky_today(),
            summary=summary,
            note=escape(note),
            user_id=user.id,
        )

    def _upominky_close_todo(self, field, done):
        """Close a to-do that the company has, if it has one, whoever closed it before.

        :param str field: that holds it
        :param str done: what is said of it
        """
        activity = self[field]
        if activity.active:
            activity.action_feedback(feedback=done)
        if activity:
            self[field] = False
