from dataclasses import replace

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, email_normalize_all
from odoo.tools.mail import encapsulate_email

from ....core import address
from ....core.delivery import ACCEPTED, MAX_ATTEMPTS, Answer, Taken
from ....core.mail_build import build_email
from ....core.recipient import EMAIL
from ...base.said import say
from ...base.transactions import attempt, commit, start_again
from .smtp import Failure, Trouble, Watch, read_failure


class UpominkyTransportEmail(models.AbstractModel):
    """E-mail: one message for each address, over SMTP, in one session for many."""

    _name = "upominky.transport.email"
    _inherit = ["upominky.transport"]
    _description = "Reminders by E-mail"

    _channel = EMAIL

    # ------------------------------------------------------------- addresses

    @api.model
    def _addresses(self, partner):
        """Return the e-mail addresses of a contact; what is none is kept for its error."""
        return address.split(partner.email)

    @api.model
    def _unreachable_text(self, reminder):
        return say(self.env, "no_address", customer=reminder.partner_id.name)

    # -------------------------------------------------------------- messages

    def _make(self, deliveries):
        return deliveries.reminder_id._make_messages(deliveries)

    def _complete(self, message):
        """Make the files of this message alone; a report of its template takes a second."""
        if not message.email["has_own_files"]:
            return message
        delivery = self.env["upominky.delivery"].browse(message.delivery_id)
        # That took its time: whether the message goes out is asked of the balances of now. And what
        # is kept here stays where the mark collides with somebody and is made again.
        try:
            return attempt(self.env, lambda: delivery._with_own_files(message))
        except UserError:
            start_again(self.env)  # what was made for it is not kept
            raise

    # ----------------------------------------------------------- conversation

    def _open(self, message, worker):
        """Return an open session with the sender's server, or why there is none."""
        to = message.email["email_to"][0]
        if not address.is_address(to):
            return Answer(Taken.REFUSED, say(self.env, "invalid_address", address=to))
        watch = self._session(message, worker)
        return self._answer(watch) if isinstance(watch, Failure) else watch

    def _values_of_mark(self, line):
        """Note that reports with an ENVID are asked for.

        A worker that dies in the conversation cannot note it afterwards.
        """
        return {"envelope_asked": line.asks}

    def _mail_servers(self, message):
        return self.env["ir.mail_server"].with_context(**message.context)

    def _from_as_sent(self, message):
        """Return From as it arrives: Odoo's own address where the mail server takes no others."""
        given = message.email["email_from"]
        if message.mail_server_id:
            return given
        # sudo: only administrators read mail servers; here one is looked for.
        _server, smtp_from = self._mail_servers(message).sudo()._find_mail_server(given)
        if email_normalize(smtp_from) == email_normalize(given):
            return given
        return encapsulate_email(given, smtp_from)

    def _hand_over(self, message, line, worker):
        """Hold the SMTP conversation.

        :param Watch line: the session that was open when the message was marked; whether reports
            with an ENVID are asked for was noted by it
        """
        return self._answer(self._converse(message, worker, line.asks))

    def _converse(self, message, worker, asked):
        """Hold the SMTP conversation, in another session if the server closed the first.

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

    # ---------------------------------------------------------------- answers

    def _answer(self, failure):
        """Return what a failure means for the message; none is an acceptance."""
        if failure is None:
            return ACCEPTED
        if failure.uncertain:
            return Answer(Taken.UNKNOWN, self._lost_text(failure), failure)
        if failure.is_of_session():
            return Answer(Taken.SENDER_REFUSED, self._session_text(failure), failure)
        taken = Taken.LATER if failure.temporary else Taken.REFUSED
        return Answer(taken, self._refused_text(failure), failure)

    def _refused_text(self, failure):
        words = self._trouble_words(failure)
        if failure.temporary:
            unreached = failure.in_session and failure.code is None
            code = "server_unreachable" if unreached else "server_refused_now"
            return say(self.env, code, words=words, attempts=MAX_ATTEMPTS)
        if failure.trouble is Trouble.MESSAGE:
            return say(self.env, "not_made", words=words)
        return say(self.env, "server_refused", words=words)

    def _lost_text(self, failure):
        return say(self.env, "line_lost", words=self._trouble_words(failure))

    def _session_text(self, failure):
        return say(self.env, "sender_refused", words=self._trouble_words(failure))

    def _trouble_words(self, failure):
        """Return the server's answer, or what is the matter with it.

        :param Failure failure: why it did not take a message
        """
        answer = failure.answer
        sentences = {
            Trouble.CERTIFICATE: say(self.env, "certificate", words=answer),
            Trouble.NOT_SMTP: say(self.env, "not_smtp", words=answer),
            Trouble.LETTERS: say(self.env, "plain_letters_only"),
        }
        return sentences.get(failure.trouble) or f"{failure.code or ''} {answer}".strip()

    # --------------------------------------------------------- refused senders

    def _learn(self, message, worker, answer):
        """Keep what is known of a session up to date: that it is refused, or works again."""
        failure = answer.detail
        session = "|".join(str(part) for part in self._session_key(message))
        works = not (failure and failure.in_session)
        self._learn_of_sender(session, worker, answer, works)

    @api.model
    def _refused_summary(self):
        return self.env._("The mail server refuses: payment reminders wait")
