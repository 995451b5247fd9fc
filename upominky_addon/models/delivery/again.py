from odoo import api, fields, models
from odoo.exceptions import UserError

from ...core.address import is_address, split
from ...core.lifecycle import ACCEPTED, UNDER_WAY, Reminder, State
from ...core.recipient import EMAIL, Recipient
from ..base.said import say
from ..base.trusted import trusted
from .by_hand import AT_ONCE

#: Addresses that one letter is sent again to: more are a mailing, and each is a message.
MOST_ADDRESSES = 10
#: States of a delivery that did not reach its addressee.
NOT_OUT = (State.CANCELLED, State.FAILED, State.BOUNCED)


class UpominkyDelivery(models.Model):
    _inherit = "upominky.delivery"

    is_repeat = fields.Boolean(
        string="Sent Again",
        readonly=True,
        help="Sent once more on a person's word. What became of the reminder does not depend on "
        "it, and no level is raised by it.",
    )


class UpominkySend(models.AbstractModel):
    _inherit = "upominky.send"

    @api.model
    def _send_repeats(self, reminders, addresses, known=None, begin=None):
        """Send reminders that were sent once more, now.

        :param addresses: e-mail addresses instead of those that have them; none for those
        :param known: see :meth:`UpominkyReminder._send_again`
        :param begin: see there
        :return: why some were left out, by reminder id
        :rtype: dict[int, str]
        """

        def queue(some):
            if begin:
                begin()
            refused = some._in_halves(lambda those: those._queue_repeats(addresses, known or {}))
            return some.filtered(lambda reminder: reminder.id not in refused), refused

        refused = self._send_queued(reminders, queue)
        return reminders._withheld_texts() | refused


class UpominkyReminder(models.Model):
    """“We never got it”: a reminder that was sent is sent once more.

    It is a delivery of its own: it raises no level, and neither the state of the reminder nor the
    day that the next level counts from depends on what becomes of it.
    """

    _inherit = "upominky.reminder"

    def action_ask_send_again(self):
        """Ask to which address reminders that were sent are to go once more."""
        self._check_user_may()
        return self._ask("upominky.send.again", self.env._("Send Again"))

    def action_send_again(self, to=None):
        """Send reminders that were sent once more; the history says who did and to whom.

        :param str to: e-mail addresses instead of those that have them, for one customer alone
        :raises UserError: if an address is none, or these are too many, or of several customers
        """
        return self._send_again(to)

    def _send_again(self, to=None, known=None, begin=None):
        """Do what :meth:`action_send_again` does, unless somebody did meanwhile.

        :param dict known: the id of what was last sent again of each when the person decided, by
            its id as text; those that were since are left out
        :param begin: called first in the transaction that queues them, again where that meets
            somebody else's change; may refuse all
        """
        self._check_user_may()
        addresses = self._other_addresses(to)
        if len(self) > AT_ONCE:
            raise UserError(
                self.env._("At most %s reminders are sent again at once: choose fewer.", AT_ONCE)
            )
        # sudo: users may send, but write no field of a reminder themselves.
        reminders = trusted(self)
        before = reminders._repeats()
        refused = reminders.env["upominky.send"]._send_repeats(reminders, addresses, known, begin)
        # Of those that were left out somebody else may have sent some meanwhile.
        mine = reminders.filtered(lambda reminder: reminder.id not in refused)
        sent = (mine._repeats() - before).filtered(lambda d: d.state != State.CANCELLED)
        return reminders._tell(self.env._("Send Again"), refused, deliveries=sent)

    def _other_addresses(self, to):
        """Return the addresses that a caller gave.

        :raises UserError: if one of them is none, these are too many, or the reminders are of
            several customers
        """
        addresses = split(to) if isinstance(to, str) else ()
        if len(addresses) > MOST_ADDRESSES:
            raise UserError(
                self.env._("At most %s addresses are written to: give fewer.", MOST_ADDRESSES)
            )
        if wrong := [address for address in addresses if not is_address(address)]:
            raise UserError(self.env._("“%s” is not an e-mail address.", wrong[0]))
        if addresses and len(self.partner_id) > 1:
            raise UserError(
                self.env._(
                    "These reminders are of several customers: another address would show what "
                    "one of them owes to another. Send them again one by one."
                )
            )
        return addresses

    def _repeats(self):
        """Return what was sent again of these reminders, oldest first."""
        return self.delivery_ids.filtered("is_repeat").sorted("id")

    def _queue_repeats(self, addresses, known):
        self._lock_rows()  # all in one order: of two who ask for the same neither stops the other
        for reminder in self:
            reminder._queue_repeat(addresses, known=known.get(str(reminder.id)))

    def _queue_repeat(self, addresses=(), recipients=(), known=None):
        """Queue one more message.

        :param addresses: see :meth:`_who_gets_it_again`
        :param recipients: whom it is for, where that is known by channel and language too
        :param int known: the id of what was last sent again when the person decided, 0 of nothing;
            None: does not matter
        :raises UserError: if it must not go out, or waits to be sent to one of them already, or was
            sent again meanwhile
        """
        self._lock_rows()
        self._refuse_repeated_since(known)
        self._refuse_state({Reminder.SENT})
        self._check_may_send()
        recipients = recipients or self._who_gets_it_again(addresses)
        waiting = {d._recipient().key for d in self.delivery_ids if d.state in UNDER_WAY}
        for recipient in recipients:
            if recipient.key in waiting:
                address = recipient.address
                raise UserError(say(self.env, "waits_already", reminder=self.name, address=address))
        values = [{**vals, "is_repeat": True} for vals in self._values_of(recipients)]
        self.env["upominky.delivery"].create(values)
        self.write({"next_try": fields.Datetime.now(), "preparing_deaths": 0})
        words = {
            "user": self.env.user.name,
            "addresses": ", ".join(recipient.address for recipient in recipients),
        }
        self._message_log(body=self.env._("%(user)s has it sent again, to %(addresses)s.", **words))

    def _refuse_repeated_since(self, known):
        """Refuse a reminder that somebody had sent again; what did not go out does not count.

        :param int known: see :meth:`_queue_repeat`
        :raises UserError: naming who did
        """
        since = self._repeats().filtered(lambda d: d.id > known) if known is not None else ()
        if out := [delivery for delivery in since if delivery.state not in NOT_OUT]:
            user = out[-1].create_uid.name
            raise UserError(say(self.env, "repeated_meanwhile", reminder=self.name, user=user))

    def _who_gets_it_again(self, addresses):
        """Return the recipients of a message that is sent once more.

        :param addresses: e-mail addresses, or none: then those contacts that accepted the reminder,
            and where it went another way than by e-mail, those whom it would be sent to
        :raises UserError: if there is nobody
        :rtype: list[Recipient]
        """
        if addresses:
            return [Recipient(EMAIL, address, self.lang or None) for address in addresses]
        have_it = self._contact_deliveries().filtered(lambda d: d.state in ACCEPTED)
        found = {d._recipient().key: d._recipient() for d in have_it}
        return list(found.values() or self._wanted_recipients())

    def _withheld_texts(self):
        """Return why messages that were to be sent again were not even tried, by reminder id."""
        texts = {}
        for reminder in self:
            last = reminder._repeats()[-1:]
            if last.state == State.CANCELLED and last.error:
                values = {"reminder": reminder.name, "problem": last.error}
                texts[reminder.id] = say(self.env, "of_reminder", **values)
        return texts
