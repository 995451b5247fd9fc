"""Handing letters to Snailmail, so that none is posted twice and none that was withdrawn.

The service has no key by which it would know a letter again, and may have taken one whose answer
was lost. So it is asked once: before that the letter is marked, durably, as one of which nobody
knows, and only an answer takes the mark away (SPEC rule 23).
"""

import logging
from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.snailmail.models.snailmail_letter import DEFAULT_TIMEOUT
from odoo.addons.upominky_addon.core.lifecycle import State
from odoo.addons.upominky_addon.models.base.said import say
from odoo.addons.upominky_addon.models.base.transactions import COLLISIONS, attempt, commit
from odoo.addons.upominky_addon.models.base.trusted import trusted

_logger = logging.getLogger(__name__)

#: Of a caller's context: the answer is told after it was committed. No JSON makes this object.
TELL_LATER = object()
#: What an answer may need beside the time that Odoo waits for it.
MORE = timedelta(seconds=30)
#: States of a letter that Odoo's job may hand over.
THERE = ("pending", "error")
#: What the service says if it says nothing that is known.
UNKNOWN_ERROR = "UNKNOWN_ERROR"


class SnailmailLetter(models.Model):
    _inherit = "snailmail.letter"

    upominky_delivery_id = fields.Many2one(
        "upominky.delivery",
        string="Payment Reminder",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        groups="base.group_system",  # all employees make letters of Snailmail
    )
    upominky_asked_at = fields.Datetime(
        string="Handed Over on", readonly=True, copy=False, groups="base.group_system"
    )

    # EXTENDS 'snailmail'
    def write(self, vals):
        """Tell reminders what became of their letters.

        :raises AccessError: if somebody says so who does not work with reminders
        :raises UserError: if it is to be tried again, or not at all, while it is being handed over
        """
        if vals.get("state") in ("pending", "canceled"):
            # sudo: the field that says whose letters they are is no user's.
            self.sudo().upominky_delivery_id.reminder_id._refuse_at_snailmail()
        result = super().write(vals)
        if "state" in vals and self.env.context.get("upominky_tell") is not TELL_LATER:
            # sudo: whose letter it is decides who may say what became of it.
            for letter in self.sudo().filtered("upominky_delivery_id"):
                letter.upominky_delivery_id.reminder_id.with_env(self.env)._check_user_may()
                letter._upominky_tell()
        return result

    def _upominky_tell(self):
        """Tell the reminder what Snailmail says of its letter."""
        # sudo: it is the service's word, whoever asked it.
        delivery = trusted(self.upominky_delivery_id)
        if self.state == "sent":
            delivery._snailmail_sent()
        elif self.state == "pending":
            delivery._snailmail_again()
        else:
            delivery._snailmail_failed(self)

    # EXTENDS 'snailmail'
    @api.model
    def _snailmail_cron(self, autocommit=True):
        """Settle first what was answered when another transaction had the reminder."""
        # sudo: the field that says whose letters they are is no user's.
        posted = self.sudo().search(
            [("state", "=", "sent"), ("upominky_delivery_id.state", "=", State.PRINTED.value)]
        )
        for letter in posted:
            letter._upominky_tell_answer()
        return super()._snailmail_cron(autocommit)

    # EXTENDS 'snailmail'
    def _snailmail_print(self, immediate=True):
        # sudo: the field that says whose letters they are is no user's.
        ours = self.filtered(lambda letter: letter.sudo().upominky_delivery_id)
        result = super(SnailmailLetter, self - ours)._snailmail_print(immediate)
        for letter in ours if immediate else ():
            letter._upominky_hand_over()
        return result

    def _upominky_hand_over(self):
        """Have one letter posted, or say why it is not.

        :raises AccessError: if the line was lost: nobody knows then, and none is tried after it
        """
        # sudo: the field that says whose letter it is is no user's.
        self.sudo().upominky_delivery_id.reminder_id.with_env(self.env)._check_user_may()
        # sudo: the right was checked; the reminder is read and written as by the jobs.
        letter = trusted(self)
        commit(self.env)  # a fresh look at what became of it meanwhile
        if not attempt(self.env, letter._upominky_take):
            return
        later = letter.with_context(upominky_tell=TELL_LATER)
        if later._is_valid_address(later):
            later._snailmail_print_valid_address()
        else:
            later._snailmail_print_invalid_address()
        commit(self.env)
        letter._upominky_tell_answer()

    def _upominky_take(self):
        """Mark a letter as handed over before it is, if it may go.

        :return: whether it may
        """
        self.invalidate_recordset()
        # Whoever holds the row takes the letter back just now, or hands it over.
        if not self.try_lock_for_update() or self.state not in THERE or self._is_unknown():
            return False
        delivery = self.upominky_delivery_id
        if why := delivery._why_not_snailmail():
            delivery._snailmail_back(self, say(self.env, "snailmail_withheld", words=why))
            return False
        asked_at = fields.Datetime.now()
        self.write({"state": "error", "error_code": UNKNOWN_ERROR, "upominky_asked_at": asked_at})
        return True

    def _is_unknown(self):
        return self.state == "error" and self.error_code == UNKNOWN_ERROR

    def _upominky_tell_answer(self):
        """Tell the reminder, in a transaction of its own: the answer itself is never lost again."""
        # sudo: it is the service's word, whoever asked it.
        letter = trusted(self)
        try:
            attempt(self.env, letter._upominky_tell)
        except COLLISIONS:
            _logger.warning("Letter %s was posted; its reminder is told the next time", self.id)

    def _is_being_handed_over(self):
        """Say whether the service may be asked at this moment: it was marked just now."""
        # sudo: a parameter of Odoo's, which says how long an answer is waited for.
        waits = self.env["ir.config_parameter"].sudo().get_param("snailmail.timeout")
        most = timedelta(seconds=int(waits or DEFAULT_TIMEOUT)) + MORE
        asked_at = self.upominky_asked_at
        return self._is_unknown() and bool(asked_at) and fields.Datetime.now() < asked_at + most
