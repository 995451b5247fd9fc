from dataclasses import replace

from odoo import fields, models
from odoo.tools import email_normalize_all

from ....core.address import is_address
from ....core.delivery import MAX_ATTEMPTS
from ....core.lifecycle import No, may_send
from ....core.mail_build import build_email
from ...base.said import say
from ...base.transactions import COLLISIONS, attempt, commit
from .smtp import Failure, Trouble, Watch, read_failure


class UpominkySend(models.AbstractModel):
    """One message: ask whether it may go out and mark it, hand it over, record the answer."""

    _inherit = "upominky.send"

    def _deliver(self, message, worker):
        """Mark, hand over and record one message; each of the three is committed.

        :return: why it may not go out, None if it was tried
        """
        delivery = self.env["upominky.delivery"].browse(message.delivery_id)
        if not is_address(address := message.email["email_to"][0]):
            attempt(self.env, lambda: delivery._fail(self._invalid_address_text(address)))
            return None
        watch = self._session(message, worker)
        if isinstance(watch, Failure):
            self._record(delivery, watch)
            self._note_session(message, worker, watch)
            return None
        asked = watch.asks
        if no := self._mark_sending(delivery, message, worker, asked):
            return no
        failure = self._hand_over(message, worker, asked)
        self._record(delivery, failure)
        self._note_session(message, worker, failure)
        return None

    def _mail_servers(self, message):
        return self.env["ir.mail_server"].with_context(**message.context)

    def _mark_sending(self, delivery, message, worker, envelope_asked=False):
        """Commit that this message is about to be handed over, if it may go out now.

        The reminder's row is written as well: whoever read it before, and takes a step with it,
        finds out. That reports with an ENVID are asked for is noted with the mark: a worker that
        dies in the conversation cannot note it afterwards.

        :return: why it may not go out, None if it may
        :rtype: core.lifecycle.No | None
        """

        def mark():
            reminder = self.env["upominky.reminder"].browse(message.reminder_id)
            no = may_send(reminder._situation_kept(worker, message.seen))
            values = {"run_id": worker.run_id, "envelope_asked": envelope_asked}
            if no is None and not delivery._set_state("sending", **values):
                no = No.TAKEN_AWAY
            if no is None:
                reminder._touch()
            return no

        try:
            return attempt(self.env, mark)
        except COLLISIONS:
            return No.CHANGED

    def _record(self, delivery, failure):
        """Write what the server answered; a receipt may change the row at the same moment."""

        def write():
            if failure is None:
                now = fields.Datetime.now()
                delivery._set_state("sent", sent_at=now, error=None)
            elif failure.uncertain:
                delivery._set_state("uncertain", error=self._lost_text(failure))
            elif failure.is_of_session():
                delivery._put_off(self._session_text(failure))
            else:
                delivery._fail(self._refused_text(failure), temporary=failure.temporary)

        attempt(self.env, write)

    def _hand_over(self, message, worker, asked):
        """Hold the SMTP conversation.

        :param bool asked: whether it is noted that reports with an ENVID are asked for
        :return: None if the server accepted the message, else a Failure
        """
        servers = self._mail_servers(message)
        delivery = self.env["upominky.delivery"].browse(message.delivery_id)
        # Never asked for without the note, also where a second connection offers more.
        envelope_id = delivery._envelope_id() if asked else None
        for last in (False, True):
            watch = self._session(message, worker)
            if not isinstance(watch, Watch):
                return watch
            if envelope_id and not watch.asks:
                envelope_id = attempt(self.env, delivery._note_unasked)
            watch.start(envelope_id)
            try:
                self._say(message, servers, watch)
                return None
            except Exception as error:
                failure = read_failure(error, watch.body_begun)
                if failure is None or failure.is_lost():
                    watch.leave()  # what it says next may belong to this message
                reused, watch.used = watch.used, True
                # A server may close a session between messages: nothing of this one was sent.
                again = reused and failure and not failure.uncertain and watch.is_closed()
                if last or not again:
                    return failure
        return None

    def _say(self, message, servers, watch):
        """Build one message and send it in an open session."""
        email = build_email(message.email)
        reply_to = email_normalize_all(message.email["reply_to"])
        if watch.read_receipt and reply_to:  # RFC 8098, 2.1: a list of mailboxes
            email["Disposition-Notification-To"] = ", ".join(f"<{each}>" for each in reply_to)
        servers.send_email(email, mail_server_id=message.mail_server_id, smtp_session=watch.session)
        watch.used = True

    def _session_key(self, message):
        return message.mail_server_id, message.email["email_from"]

    def _session(self, message, worker):
        """Return an open session for the sender, or the Failure to open one, once per worker."""
        key = self._session_key(message)
        watch = worker.sessions.get(key)
        if watch is None or (isinstance(watch, Watch) and watch.is_closed()):
            try:
                worker.sessions[key] = self._connect(self._mail_servers(message), message)
            except Exception as error:
                worker.sessions[key] = replace(read_failure(error), in_session=True)
            # A slow server took its time: what comes next must see the balances of now.
            commit(self.env)
        return worker.sessions[key]

    def _connect(self, IrMailServer, message):
        """Open a session with the sender's server, and ask for the receipts that are set there."""
        # sudo: only administrators read mail servers; here they are used.
        servers = IrMailServer.sudo()
        server, smtp_from = (
            servers.browse(message.mail_server_id or ()),
            message.email["email_from"],
        )
        if not server:
            server, smtp_from = servers._find_mail_server(smtp_from)
        if not server:  # that of the command line, which has no such settings
            return Watch(IrMailServer._connect__(smtp_from=message.email["email_from"]))
        session = IrMailServer._connect__(mail_server_id=server.id, smtp_from=smtp_from)
        return Watch(session, server.delivery_receipt, server.read_receipt)

    # ---------------------------------------------------------------- texts

    def _invalid_address_text(self, address):
        return say(self.env, "invalid_address", address=address)

    def _refused_text(self, failure):
        words = self._trouble_words(failure)
        if failure.temporary:
            return say(self.env, "server_refused_now", words=words, attempts=MAX_ATTEMPTS)
        if failure.trouble is Trouble.MESSAGE:
            return say(self.env, "not_made", words=words)
        return say(self.env, "server_refused", words=words)

    def _lost_text(self, failure):
        return say(self.env, "line_lost", words=self._trouble_words(failure))
