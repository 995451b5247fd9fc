from dataclasses import dataclass
from functools import partial

from odoo import api, models
from odoo.exceptions import UserError

from ...core.delivery import Taken
from ..base.said import say
from ..base.transactions import attempt


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message ready to be handed over, as plain values: a commit empties the ORM's cache.

    A channel adds what it hands over; job 2 fills in by which ``channel`` it goes, and ``seen``:
    what it was written from, in one word.
    """

    delivery_id: int
    reminder_id: int
    channel: str = ""
    seen: str = ""


class UpominkyTransport(models.AbstractModel):
    """The way by which reminders reach people; see `docs/extending.md`.

    A channel is a model ``upominky.transport.CHANNEL`` that inherits this one, and a value of
    ``upominky.delivery.channel``. It brings four things: whom to address (:meth:`_addresses`), what
    to hand over (:meth:`_make`), the hand-over (:meth:`_hand_over`), and how its fate is learnt: it
    calls :meth:`upominky.delivery._apply`. Claims, guards, commits, turns, retries and uncertain
    fates are the same for all, and written once.
    """

    _name = "upominky.transport"
    _description = "Channel of Payment Reminders"

    #: The value of ``upominky.delivery.channel``.
    _channel = None
    #: The state in which its deliveries begin; job 2 takes up those that are queued.
    _first_state = "queued"

    # ------------------------------------------------------------- channels

    @api.model
    def _of(self, channel):
        """Return what brings a channel.

        :param str channel: a value of ``upominky.delivery.channel``, or one that there was
        """
        return self.env.get(f"upominky.transport.{channel}", self.env["upominky.transport.gone"])

    @api.model
    def _all(self):
        """Return what brings the channels, one by one."""
        values = self.env["upominky.delivery"]._fields["channel"].get_values(self.env)
        return [self._of(channel) for channel in values]

    @api.model
    def _nobody_text(self, reminder):
        """Say why there is nobody whom a reminder could reach, by any channel of its level."""
        by_hand = self.env.context.get("upominky_by_hand")
        channels = reminder._channels_there() if by_hand else reminder._channels()
        return self._of(channels[0])._unreachable_text(reminder)

    # ------------------------------------------------------ the four things

    @api.model
    def _addresses(self, partner):
        """Return the addresses of a contact, as they stand on deliveries.

        Read for many contacts in turn: nothing that asks the database for each.

        :rtype: tuple[str, ...]
        """
        raise NotImplementedError

    def _make(self, deliveries):
        """Return what is handed over for queued deliveries, all of one language.

        :raises UserError: with a sentence about what is missing
        :rtype: list[Outgoing]
        """
        raise NotImplementedError

    def _hand_over(self, message, line, worker):
        """Hand a message over.

        Whatever it raises after something may have left the house is for it to catch: an exception
        ends the turn of the company, and the fate of the message is unknown.

        :param Outgoing message: of :meth:`_make`
        :param line: what :meth:`_open` returned
        :param Worker worker: who sends
        :rtype: core.delivery.Answer
        """
        raise NotImplementedError

    # --------------------------------------------------- what it may do more

    @api.model
    def _unreachable_text(self, reminder):
        """Say that a reminder has nobody to go to by this channel, and what to do."""
        raise NotImplementedError

    def _complete(self, message):
        """Return a message with what is made when its turn comes.

        :raises UserError: if it cannot be made
        """
        return message

    def _open(self, message, worker):
        """Open what messages are handed over by; it is asked before each of them.

        :return: anything, given to :meth:`_hand_over`; an Answer, if it cannot be had
        """
        return

    def _values_of_mark(self, line):
        """Return values that are written with the mark that a message is about to go out."""
        return {}

    def _as_sent(self, message):
        """Return what the history keeps of a message that was handed over: its words, or more.

        It is asked once the message was accepted, or nobody knows; what it raises is logged. None
        for a channel that keeps its messages itself, as e-mail does when it makes them: a failed
        one is shown too.

        :param Outgoing message: as it was handed over
        :return: values of ``_message_log``: ``body`` (a text, or Markup), ``subject``,
            ``attachments``
        :rtype: dict | None
        """
        return

    def _learn(self, message, worker, answer):
        """Take note of an answer: that the sender is refused is told to people."""
        works = answer.taken in (Taken.ACCEPTED, Taken.REFUSED)
        self._learn_of_sender(self._channel, worker, answer, works)

    def _learn_of_sender(self, session, worker, answer, works):
        """Tell people once that a sender is refused, and that it is no more.

        :param str session: what is refused: a channel, or a part of it
        :param core.delivery.Answer answer: the last one
        :param bool works: whether it shows that the sender is taken
        """
        company, faults = self.env.company, worker.known.get(self._channel)
        if faults is None:  # a company is read anew after each commit
            faults = worker.known[self._channel] = set(company.upominky_mail_faults or ())
        if answer.taken is Taken.SENDER_REFUSED:
            if session not in faults:
                faults.add(session)
                note = partial(company._upominky_note_fault, session, answer.words, self._channel)
                attempt(self.env, note)
        elif session in faults and works:
            faults.discard(session)
            attempt(self.env, partial(company._upominky_clear_fault, session))

    @api.model
    def _refused_summary(self):
        """Return the summary of the to-do that says that the sender is refused."""
        channels = self.env["upominky.delivery"]._fields["channel"]._description_selection(self.env)
        channel = dict(channels).get(self._channel, self._channel)
        return self.env._("“%s” refuses: payment reminders wait", channel)


class UpominkyTransportGone(models.AbstractModel):
    """Stands in for a channel whose add-on was uninstalled: nothing goes out by it."""

    _name = "upominky.transport.gone"
    _inherit = ["upominky.transport"]
    _description = "Channel That Is Gone"

    @api.model
    def _addresses(self, partner):
        return ()

    @api.model
    def _unreachable_text(self, reminder):
        return say(self.env, "channel_gone", reminder=reminder.name)

    def _make(self, deliveries):
        raise UserError(self._unreachable_text(deliveries[:1].reminder_id))
