from odoo import api, fields, models
from odoo.exceptions import UserError

from ....core import lifecycle
from ....core.receipt import Reported
from ...base.trusted import trusted

ALLEGED_BOUNCE_STATES = [("open", "Waits"), ("dismissed", "Dismissed")]


class UpominkyDelivery(models.Model):
    """An alleged bounce: a report of one that anybody may have made up waits for a person."""

    _inherit = "upominky.delivery"

    alleged_bounce_state = fields.Selection(
        ALLEGED_BOUNCE_STATES, string="Unverified Message", readonly=True, copy=False
    )
    alleged_bounce_at = fields.Datetime(string="Unverified Message Came", readonly=True, copy=False)
    alleged_bounce_from = fields.Char(string="Unverified Sender", readonly=True, copy=False)
    alleged_bounce_error = fields.Text(string="What It Says", readonly=True, copy=False)
    alleged_bounce_text = fields.Char(
        string="Unverified Bounce", compute="_compute_alleged_bounce_text"
    )

    _alleged_bounce_idx = models.Index("(reminder_id) WHERE alleged_bounce_state = 'open'")

    @api.depends("alleged_bounce_state", "alleged_bounce_from", "alleged_bounce_error", "email_to")
    @api.depends_context("lang")
    def _compute_alleged_bounce_text(self):
        for delivery in self:
            is_open = delivery.alleged_bounce_state == "open"
            delivery.alleged_bounce_text = is_open and delivery._alleged_bounce_line()

    def action_confirm_bounce(self):
        """Take what unverified messages say for true: the reminders came back."""
        for delivery in self._open_alleged_bounces():
            words = delivery._decision_words()
            text = self.env._(
                "%(address)s: %(user)s confirmed what %(sender)s says: it bounced.", **words
            )
            delivery.reminder_id._message_log(body=text)
            delivery._apply(Reported.FAILED, delivery.alleged_bounce_error or "")
        return True

    def action_dismiss_bounce(self):
        """Take what unverified messages say for untrue: the deliveries stay as they are."""
        for delivery in self._open_alleged_bounces():
            words = delivery._decision_words()
            text = self.env._(
                "%(address)s: %(user)s dismissed what %(sender)s says: it bounced.", **words
            )
            delivery.reminder_id._message_log(body=text)
            delivery.alleged_bounce_state = "dismissed"
        return True

    def _open_alleged_bounces(self):
        """Return, as superuser, those of the deliveries that wait for the caller's decision.

        :raises AccessError: if the caller may not work with their reminders
        :raises UserError: if there is none
        """
        self.reminder_id._check_user_may()
        # sudo: users decide about bounces, but write no field of deliveries themselves.
        mine = trusted(self)
        mine.reminder_id._lock_rows()
        waiting = mine.filtered(lambda delivery: delivery.alleged_bounce_state == "open")
        if not waiting:
            raise UserError(self.env._("No unverified bounce waits for a decision here."))
        return waiting

    def _keep_alleged_bounce(self, words, sender):
        """Keep the first unverified failure that might be true.

        Later ones add nothing, also after it was dismissed: whoever makes up one can make up a
        hundred, and should not keep a person busy who has looked into it.
        """
        self.reminder_id._lock_rows()
        possible = lifecycle.allowed(self.state, lifecycle.State.BOUNCED)
        if self.alleged_bounce_state or not possible:
            return
        self.write(
            {
                "alleged_bounce_state": "open",
                "alleged_bounce_at": fields.Datetime.now(),
                "alleged_bounce_from": sender,
                "alleged_bounce_error": words,
            }
        )
        self.reminder_id._message_log(body=self.alleged_bounce_text)

    def _alleged_bounce_line(self):
        return self.env._(
            "%(address)s: bounced, says an unverified message from %(sender)s: %(words)s",
            address=self.email_to,
            sender=self._alleged_sender(),
            words=self.alleged_bounce_error or self.env._("no reason given"),
        )

    def _alleged_sender(self):
        return self.alleged_bounce_from or self.env._("an unknown address")

    def _decision_words(self):
        sender = self._alleged_sender()
        return {"address": self.email_to, "user": self.env.user.name, "sender": sender}


class UpominkyReminder(models.Model):
    """What unverified messages say of a reminder's deliveries, for its lists."""

    _inherit = "upominky.reminder"

    alleged_bounce_text = fields.Text(
        string="Unverified Bounces", compute="_compute_alleged_bounce_text"
    )

    @api.depends("delivery_ids.alleged_bounce_state")
    @api.depends_context("lang")
    def _compute_alleged_bounce_text(self):
        domain = [("reminder_id", "in", self.ids), ("alleged_bounce_state", "=", "open")]
        alleged = self.env["upominky.delivery"].search(domain).grouped("reminder_id")
        for reminder in self:
            mine = alleged.get(reminder._origin)
            reminder.alleged_bounce_text = mine and "\n".join(mine.mapped("alleged_bounce_text"))

    @api.depends("alleged_bounce_text")
    def _compute_why_text(self):
        result = super()._compute_why_text()
        for reminder in self:
            reminder.why_text = reminder.why_text or reminder.alleged_bounce_text
        return result
