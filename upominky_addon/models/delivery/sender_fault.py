import logging

from odoo import fields, models

from ...core.recipient import EMAIL
from ..base.said import kept, lines, read
from ..res_company import INSIDE

_logger = logging.getLogger(__name__)


class ResCompany(models.Model):
    """Who takes messages refuses the sender, whatever it is: told once, while the queue waits."""

    _inherit = "res.company"

    upominky_mail_faults = fields.Json(
        readonly=True,
        copy=False,
        groups=INSIDE,
        help="What is wrong with sessions with mail servers, in words, by server and sender; and "
        "with other channels, by their names.",
    )
    upominky_mail_activity_id = fields.Many2one(
        "mail.activity",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        groups=INSIDE,
    )

    def _upominky_mail_problem(self):
        """Return who refuses to take reminders, and why; None if nobody is known to."""
        self.ensure_one()
        told = (read(self.env, fault) for fault in (self.upominky_mail_faults or {}).values())
        return lines(self.env, *told) or None

    def _upominky_note_fault(self, session, sentence, channel=EMAIL):
        """Note that no session is to be had, and tell the responsible user if it is the first.

        :param str session: which server and sender, or which channel
        :param str channel: by which nothing goes out
        """
        faults = {**(self.upominky_mail_faults or {}), session: kept(sentence)}
        told = self.upominky_mail_activity_id or self._upominky_mail_tell(sentence, channel)
        if faults != self.upominky_mail_faults:
            _logger.warning(
                "Company %s: the mail server or another way (%s) refuses the sender, and what waits"
                " goes on waiting: somebody has to correct the settings",
                self.id,
                channel,
            )
        self.write({"upominky_mail_faults": faults, "upominky_mail_activity_id": told.id})

    def _upominky_clear_fault(self, session):
        """Note that a session works again; with the last one the to-do is closed."""
        others = {k: v for k, v in (self.upominky_mail_faults or {}).items() if k != session}
        self.upominky_mail_faults = others or False
        if not others:
            done = self.env._("Payment reminders go out again.")
            self._upominky_close_todo("upominky_mail_activity_id", done)

    def _upominky_mail_tell(self, sentence, channel=EMAIL):
        """Give the responsible user a to-do on the company's contact, and return it."""
        return self._upominky_give_todo(
            lambda company: (
                company.partner_id,
                company.env["upominky.transport"]._of(channel)._refused_summary(),
                sentence,
            )
        )
