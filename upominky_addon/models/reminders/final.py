from odoo import fields, models
from odoo.exceptions import UserError

from ...core.final_notice import may_approve
from ...core.lifecycle import Reminder
from ..base.said import say


class ResCompany(models.Model):
    _inherit = "res.company"

    upominky_four_eyes = fields.Boolean(
        string="Final Notices: Four Eyes",
        groups="base.group_user",
        help="Who issued a final notice by hand may not approve it too.",
    )


class UpominkyReminder(models.Model):
    """A final notice and the people who issue and approve it (SPEC rule 40)."""

    _inherit = "upominky.reminder"

    is_final = fields.Boolean(related="level_id.is_final")
    approved_word = fields.Char(
        readonly=True, copy=False, help="SHA-256 of what a final notice said when it was approved."
    )

    def _issuer(self):
        """Return the user who issued it by hand, none if a job did."""
        nobody = self.create_uid.browse()
        return (self.run_id.create_uid or self.create_uid) if self.by_hand else nobody

    def _refuse_issuer(self):
        """Refuse that a person approves what he issued himself, where two pairs of eyes are wanted.

        :raises UserError: naming the reminder and the person
        """
        for reminder in self:
            issuer, four_eyes = reminder._issuer(), reminder.company_id.upominky_four_eyes
            if not may_approve(issuer.id or None, self.env.uid, four_eyes):
                values = {"reminder": reminder.name, "user": issuer.name}
                raise UserError(say(self.env, "final_by_issuer", **values))

    def _read_by_caller(self):
        """Return what tells whether a notice is still as the caller read it; see `final_read.py`.

        :rtype: dict
        """
        return {}

    # EXTENDS 'upominky.reminder'
    def _refuse_day(self, sent, today):
        """Refuse days before the approval: the time to pay would run before anybody had read it."""
        for reminder in self.filtered(lambda r: r.is_final and r.approved_date):
            if sent < reminder.approved_date:
                values = {"reminder": reminder.name, "approved": reminder.approved_date}
                raise UserError(say(self.env, "final_day_refused", **values))
        return super()._refuse_day(sent, today)

    # EXTENDS 'upominky.reminder'
    def _check_may_mark(self, day, **way):
        result = super()._check_may_mark(day, **way)
        self._refuse_unapproved()
        return result

    # EXTENDS 'upominky.reminder'
    def _mark_sent(self, day, way, number=None, proof=None):
        self.filtered("is_final")._recheck()  # what is kept as its proof is what was approved
        self._refuse_unapproved()
        return super()._mark_sent(day, way, number, proof)

    def _refuse_unapproved(self):
        """Refuse to send a final notice another way before it is approved.

        :raises UserError: naming it
        """
        for reminder in self.filtered("is_final"):
            if reminder.state == Reminder.TO_APPROVE:
                raise UserError(say(self.env, "final_first_approve", reminder=reminder.name))
            if why := reminder._unfit():
                if reminder.state == Reminder.FAILED:
                    why = say(self.env, "both", first=why, second=say(self.env, "final_retry"))
                raise UserError(say(self.env, "of_reminder", reminder=reminder.name, problem=why))
