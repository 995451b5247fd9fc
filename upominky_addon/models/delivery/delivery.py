import logging

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...core import delivery as core_delivery
from ...core import lifecycle
from ...core.recipient import EMAIL, LETTER, Recipient
from ..base.said import SaidText, kept, parts_of, say
from ..base.trusted import trusted
from ..reminders.reminder import DELIVERY_STATES

#: Sentences that name the address themselves.
NAME_THE_ADDRESS = frozenset({"invalid_address"})
_logger = logging.getLogger(__name__)

#: Columns of what an unverified message says, where none says anything.
NO_ALLEGED_BOUNCE = dict.fromkeys(
    ("alleged_bounce_state", "alleged_bounce_at", "alleged_bounce_from", "alleged_bounce_error")
)


def stays(_deliveries):
    """Leave deliveries as they are whose channel goes, as an add-on that is uninstalled takes it.

    The policy for values of ``channel``: by another one they would go to an address that is none
    of it, and the history would tell of messages that nobody got.
    """


class UpominkyDelivery(models.Model):
    """One attempt to deliver one reminder to one address.

    Who sets the state: ``queued`` job 2 when it takes a reminder up; ``sending`` its worker,
    committed before the SMTP conversation; ``sent``, ``failed`` and ``uncertain`` what the server
    answered, or the next run for a worker that died; ``delivered``, ``read`` and ``bounced``
    messages that come back; ``cancelled`` people and the recheck. Letters are not queued: they wait
    ``to_print`` until people print (``printed``), post (``sent``) and get them back (``bounced``).
    """

    _name = "upominky.delivery"
    _description = "Payment Reminder Delivery"
    _inherit = ["upominky.context"]
    _order = "id desc"
    _rec_name = "email_to"

    reminder_id = fields.Many2one(
        "upominky.reminder", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(related="reminder_id.partner_id", string="Customer")
    reminder_state = fields.Selection(related="reminder_id.state", string="Reminder State")
    mail_mail_id = fields.Many2one(
        "mail.mail",
        string="Queued Mail",
        readonly=True,
        ondelete="set null",
        help="Always empty: reminders never pass through the ordinary mail queue.",
        index="btree_not_null",
    )
    mail_message_id = fields.Many2one(
        "mail.message", string="Message", readonly=True, ondelete="set null", index="btree_not_null"
    )
    # sudo: whoever reads the delivery may read the message that it delivered.
    body = fields.Html(string="Content", related="mail_message_id.body", related_sudo=True)
    subject = fields.Char(related="mail_message_id.subject", related_sudo=True)
    message_id = fields.Char(string="Message-ID", readonly=True, index="btree_not_null")
    channel = fields.Selection(
        [(EMAIL, "E-mail"), (LETTER, "Letter")],
        required=True,
        readonly=True,
        default=EMAIL,
        help="The way by which it goes; see `upominky.transport`.",
    )
    email_to = fields.Char(
        string="Address", required=True, readonly=True, help="The address, whatever the channel."
    )
    lang = fields.Char(string="Language", readonly=True, help="The language it is written in.")
    is_copy = fields.Boolean(string="Copy", readonly=True)
    attempt = fields.Integer(default=1, readonly=True, aggregator=False)
    state = fields.Selection(DELIVERY_STATES, required=True, readonly=True, default="queued")
    error = SaidText(readonly=True)
    next_try = fields.Datetime(readonly=True)
    sent_at = fields.Datetime(readonly=True)
    delivered_at = fields.Datetime(readonly=True)
    read_at = fields.Datetime(readonly=True)
    run_id = fields.Many2one("upominky.run", readonly=True, index="btree_not_null")

    _pending_idx = models.Index("(state, id) WHERE state IN ('queued', 'sending', 'uncertain')")

    def _set_state(self, state, guard=None, **values):
        """Move deliveries to ``state`` in one statement: the only place that writes the state.

        Rows whose state does not allow the step stay as they are, so that of two workers one wins
        and a late message changes nothing.

        :param SQL guard: a further condition on ``upominky_delivery``
        :return: the deliveries that moved
        """
        sources = [s.value for s in lifecycle.State if lifecycle.allowed(s, state)]
        if not self or not sources:
            return self.browse()
        if not lifecycle.allowed(state, lifecycle.State.BOUNCED):
            values = NO_ALLEGED_BOUNCE | values  # nothing is left to decide
        self.flush_recordset()
        sets = SQL(", ").join(
            SQL("%s = %s", SQL.identifier(name), kept(value)) for name, value in values.items()
        )
        query = SQL(
            "UPDATE upominky_delivery SET state = %s%s WHERE id = ANY(%s) AND state = ANY(%s) "
            "AND %s RETURNING id",
            state,
            SQL(", %s", sets) if values else SQL(),
            list(self.ids),
            sources,
            guard or SQL("TRUE"),
        )
        moved = self.browse(row[0] for row in self.env.execute_query(query))
        moved.invalidate_recordset(["state", *values])
        return moved

    def _cancel_queued(self):
        """Take out what nobody tried to send yet, and what was not printed yet."""
        self.filtered(lambda delivery: delivery.state in lifecycle.WAITING)._set_state("cancelled")

    def _fail(self, error, temporary=False):
        """Record that an attempt failed, and queue the next one if the fault may pass.

        :param str error: a sentence for the person who looks
        :param bool temporary: whether a later attempt may succeed
        """
        for delivery in self._set_state("failed", error=error):
            pause = core_delivery.pause_after(delivery.attempt) if temporary else None
            if pause:
                delivery._queue_next(error, pause, delivery.attempt + 1)
            else:
                delivery._log_failed(error)

    def _log_failed(self, error):
        """Tell the log that a person has to look at deliveries: which, and the kind of the error.

        :param str error: the sentence, whose words may name people
        """
        kinds = [part[0] if isinstance(part, list) else "words" for part in parts_of(error)]
        for delivery in self:
            _logger.warning(
                "Delivery %s of reminder %s failed (%s): somebody has to look at it",
                delivery.id,
                delivery.reminder_id.id,
                ", ".join(kinds),
            )

    def _put_off(self, error):
        """Leave in the queue what the server had no chance to look at: no attempt is used up.

        :param str error: a sentence about the session
        """
        pause = core_delivery.SESSION_PAUSE
        waiting = self.filtered(lambda delivery: delivery.state == "queued")
        waiting.write({"error": error, "next_try": fields.Datetime.now() + pause})
        for delivery in (self - waiting)._set_state("failed", error=error):
            delivery._queue_next(error, pause, delivery.attempt)
            # Its successor says all that it did, and it may be refused for weeks.
            delivery.unlink()

    def _queue_next(self, error, pause, attempt):
        """Queue another attempt after a pause.

        :param str error: why it is tried again
        :param datetime.timedelta pause: how long it waits
        :param int attempt: its number
        """
        self.copy(
            {
                "attempt": attempt,
                "next_try": fields.Datetime.now() + pause,
                "state": "queued",
                "mail_message_id": self.mail_message_id.id,
                "message_id": False,
                "error": error,
            }
        )

    def _recipient(self):
        """Return whom it is for.

        :rtype: core.recipient.Recipient
        """
        return Recipient(self.channel, self.email_to, self.lang or None)

    def _next_time(self):
        self.ensure_one()
        return self.next_try or fields.Datetime.now()

    def _error_line(self):
        """Return what went wrong, with the address once: some errors name it themselves."""
        self.ensure_one()
        is_named = any(part[0] in NAME_THE_ADDRESS for part in parts_of(self.error))
        if self.is_copy:
            code = "of_copy_named" if is_named else "of_copy"
            return say(self.env, code, address=self.email_to, error=self.error)
        if self.is_repeat:
            code = "of_repeat_named" if is_named else "of_repeat"
            return say(self.env, code, address=self.email_to, error=self.error)
        if is_named:
            return self.error
        return say(self.env, "of_address", address=self.email_to, error=self.error)

    def action_open_form(self):
        """Open one delivery, with the e-mail as it was sent."""
        self.check_access("read")
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    def action_send_again(self):
        """Send again what nobody knows the fate of; the user takes the risk of a second copy."""
        self.reminder_id._check_user_may()
        # sudo: users settle uncertain deliveries, but write no field of them themselves.
        uncertain = trusted(self).filtered(lambda delivery: delivery.state == "uncertain")
        if not uncertain:
            raise UserError(self.env._("Only an uncertain delivery can be sent again from here."))
        # sudo: as above; the caller's right to these reminders was checked.
        sender = trusted(self.env["upominky.send"])
        refused = sender._send_by_hand(uncertain.reminder_id, again=uncertain)
        return uncertain.reminder_id._tell(self.env._("Send Again"), refused)

    def action_retry(self):
        """Try the failed reminders of these deliveries again, as from the reminder book."""
        self.check_access("read")
        return self.reminder_id.action_retry()

    def action_mark_sent(self):
        """Settle uncertain deliveries as sent.

        :raises UserError: if none of them is; of the others the server has the last word
        """
        self.reminder_id._check_user_may()
        # sudo: users settle uncertain deliveries, but write no field of them themselves.
        uncertain = trusted(self).filtered(lambda delivery: delivery.state == "uncertain")
        if self and not uncertain:
            raise UserError(
                self.env._("Only an uncertain delivery can be marked as sent from here.")
            )
        moved = uncertain._set_state("sent", sent_at=fields.Datetime.now(), error=None)
        moved.reminder_id._settle()
        return True
