import logging

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...core.bank import is_too_old
from ..base.said import say
from ..base.transactions import commit
from ..res_company import INSIDE

_logger = logging.getLogger(__name__)


class ResCompany(models.Model):
    """Bank data too old: who has paid is not known, so nobody is e-mailed.

    Issuing goes on, since nothing stale can come of it: a reminder is read again before it is
    sent, and one that nobody tried to send for 7 days is cancelled and issued anew.
    """

    _inherit = "res.company"

    upominky_bank_days = fields.Integer(
        string="Bank Data Too Old After",
        groups=INSIDE,
        help="When the last line of a bank statement is older than so many days, no reminder is "
        "e-mailed until newer ones are there. 0: bank data may be of any age.",
    )
    # When somebody was told, and by which activity: once each time that the data grow too old.
    upominky_bank_told = fields.Date(readonly=True, copy=False, groups=INSIDE)
    upominky_bank_activity_id = fields.Many2one(
        "mail.activity",
        readonly=True,
        copy=False,
        ondelete="set null",
        groups=INSIDE,
        index="btree_not_null",
    )

    @api.constrains("upominky_bank_days")
    def _check_upominky_bank_days(self):
        for company in self:
            if company.upominky_bank_days < 0:
                raise ValidationError(
                    self.env._(
                        "Enter after how many days the bank data are too old, or 0 if it does not "
                        "matter."
                    )
                )

    # ------------------------------------------------------------- the data

    def _upominky_bank_journals(self):
        """Return the company's bank journals; a branch without any works with its parent's."""
        self.ensure_one()
        # sudo: that there is a bank journal is no secret to who reads reminders.
        journals = self.env["account.journal"].sudo()
        for company in reversed(self.sudo().parent_ids):
            found = journals.search([("company_id", "=", company.id), ("type", "=", "bank")])
            if found:
                return found
        return journals

    def _upominky_last_bank_date(self):
        """Return the day of the last line of a bank statement, None if there is none.

        A line of a day to come, as a typing error makes it, says nothing about what was paid.
        """
        self.ensure_one()
        # sudo: only the day is told.
        lines = self.env["account.bank.statement.line"].sudo()
        domain = [
            ("journal_id", "in", self._upominky_bank_journals().ids),
            ("state", "=", "posted"),
            ("date", "<=", self._upominky_today()),
        ]
        return lines.search(domain, order="date desc", limit=1).date or None

    def _upominky_bank_problem(self):
        """Return a sentence if the bank data are too old to send by, else None."""
        self.ensure_one()
        if self.upominky_bank_days <= 0:
            return None
        last = self._upominky_last_bank_date()
        if not is_too_old(last, self.upominky_bank_days, self._upominky_today()):
            return None
        if not last:
            return say(self.env, "no_bank_data", company=self.name)
        return say(
            self.env,
            "bank_data_too_old",
            company=self.name,
            date=last,
            days=self.upominky_bank_days,
        )

    # --------------------------------------------------------- who is told

    def _upominky_bank_lets_send(self):
        """Say whether the sending job may send for this company, and tell the responsible user.

        They are told once each time that the data grow too old; fresh data settle it.
        """
        self.ensure_one()
        if not self._upominky_bank_problem():
            if self.upominky_bank_told:
                self._upominky_bank_settle()
            return True
        if not self.upominky_bank_told:
            _logger.warning(
                "Company %s: its bank data are too old, and no reminder is e-mailed: somebody has "
                "to import the bank statement",
                self.id,
            )
            self.upominky_bank_told = self._upominky_today()
            self.upominky_bank_activity_id = self._upominky_bank_tell()
        return False

    def _upominky_bank_tell(self):
        """Give the responsible user a to-do on the bank journal, and return it."""
        return self._upominky_give_todo(
            lambda company: (
                company._upominky_bank_journals()[:1] or company.partner_id,
                company.env._("Import the bank statement: payment reminders wait"),
                company._upominky_bank_problem(),
            )
        )

    def _upominky_bank_settle(self):
        """Close the to-do: newer bank data are there, or their age does not matter any more."""
        self.upominky_bank_told = False
        done = self.env._("Reminders are e-mailed again.")
        self._upominky_close_todo("upominky_bank_activity_id", done)


class UpominkySend(models.AbstractModel):
    _inherit = "upominky.send"

    def _bank_lets_send(self, company):
        """Say whether the company's bank data are fresh enough; who was told stays told."""
        fresh = self._in(company).env.company._upominky_bank_lets_send()
        commit(self.env)
        return fresh
