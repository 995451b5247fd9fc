import logging

from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from ...core.delivery import Answer, Taken
from ...core.lifecycle import No, may_send
from ..base.logs import log_problem
from ..base.said import say, words_of
from ..base.transactions import BROKEN, COLLISIONS, OF_DATABASE, attempt, start_again

_logger = logging.getLogger(__name__)


class UpominkySend(models.AbstractModel):
    """One message: ask whether it may go out and mark it, hand it over, record the answer."""

    _inherit = "upominky.send"

    def _deliver(self, message, worker):
        """Mark, hand over and record one message; each of the three is committed.

        :param Outgoing message: of a channel
        :return: why it may not go out, None if it was tried
        """
        delivery = self.env["upominky.delivery"].browse(message.delivery_id)
        transport = self.env["upominky.transport"]._of(message.channel)
        try:
            message = transport._complete(message)
        except OF_DATABASE:
            raise
        except Exception as problem:
            self._note_raised(problem, "Delivery %s cannot be made", message)
            words = words_of(problem)
            attempt(self.env, lambda: delivery._fail(words))
            return None
        line = transport._open(message, worker)
        if isinstance(line, Answer):
            answer = line
        elif no := self._mark_sending(delivery, message, worker, transport._values_of_mark(line)):
            return no
        else:
            answer = self._hand_over(transport, message, line, worker)
        self._record(delivery, answer, message)
        transport._learn(message, worker, answer)
        return None

    def _hand_over(self, transport, message, line, worker):
        """Hand a message over; whatever a channel raises, nobody knows what became of it.

        :rtype: core.delivery.Answer
        """
        try:
            return transport._hand_over(message, line, worker)
        except BROKEN:
            raise
        except Exception as problem:
            self._note_raised(problem, "Delivery %s broke off", message)
            words = words_of(problem)
            return Answer(Taken.UNKNOWN, say(self.env, "hand_over_broke", words=words))

    def _note_raised(self, problem, told, message):
        """Log what a channel raised that is no sentence, and take a fresh snapshot after it.

        :param str told: for the log, with a place for the delivery
        """
        if not isinstance(problem, UserError):
            log_problem(_logger, problem, told, message.delivery_id)
            start_again(self.env)

    def _mark_sending(self, delivery, message, worker, values=None):
        """Commit that this message is about to be handed over, if it may go out now.

        The reminder's row is written as well: whoever read it before, and takes a step with it,
        finds out.

        :param dict values: what the channel notes with the mark
        :return: why it may not go out, None if it may
        :rtype: core.lifecycle.No | None
        """

        def mark():
            reminder = self.env["upominky.reminder"].browse(message.reminder_id)
            no = may_send(reminder._situation_kept(worker, message.seen))
            more = {"run_id": worker.run_id, **(values or {})}
            if no is None and not delivery._set_state("sending", **more):
                no = No.TAKEN_AWAY
            if no is None:
                reminder._touch()
            return no

        try:
            return attempt(self.env, mark)
        except COLLISIONS:
            return No.CHANGED

    def _record(self, delivery, answer, message):
        """Write what the channel answered; a report may change the row at the same moment.

        :param core.delivery.Answer answer: what became of it
        :param Outgoing message: what was handed over
        """

        def write():
            if answer.taken is Taken.ACCEPTED:
                now = fields.Datetime.now()
                delivery._set_state("sent", sent_at=now, error=None)
            elif answer.taken is Taken.UNKNOWN:
                delivery._set_state("uncertain", error=answer.words)._log_failed(answer.words)
            elif answer.taken is Taken.SENDER_REFUSED:
                delivery._put_off(answer.words)
            else:
                delivery._fail(answer.words, temporary=answer.taken is Taken.LATER)
            if answer.taken in (Taken.ACCEPTED, Taken.UNKNOWN):
                self._keep_as_sent(delivery, message)

        attempt(self.env, write)

    def _keep_as_sent(self, delivery, message):
        """Write into the history what went out; that it did is written whatever is wrong with it.

        :param Outgoing message: what was handed over
        """
        transport = self.env["upominky.transport"]._of(message.channel)
        try:
            if not (values := transport._as_sent(message)):
                return  # as with e-mail: not even a savepoint is asked for
            body = values.get("body") or ""
            if not isinstance(body, Markup):
                values = {**values, "body": plaintext2html(body)}
            with self.env.cr.savepoint():
                delivery.mail_message_id = delivery.reminder_id._message_log(**values)
        except OF_DATABASE:
            raise
        except Exception as problem:
            told = "What delivery %s said is not kept"
            log_problem(_logger, problem, told, message.delivery_id)
