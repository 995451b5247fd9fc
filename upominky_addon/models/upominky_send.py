import logging
import time
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, email_normalize

from ..core.address import is_address
from ..core.delivery import MAX_ATTEMPTS
from .queries import UNCHANGED
from .upominky_smtp import Watch, build_email, read_failure

_logger = logging.getLogger(__name__)


class UpominkySend(models.AbstractModel):
    """Job 2: claim, recheck, render, mark, hand over, record.

    The process may die between any two statements. Before the SMTP conversation the delivery is
    committed as ``sending``; what a dead worker left in that state becomes ``uncertain``.
    """

    _name = "upominky.send"
    _description = "Automatic Sending of Reminders"
    _inherit = ["upominky.worker"]

    @api.model
    def _cron_send(self):
        """Send what waits, in every company."""
        self._bury_dead()
        self.env["upominky.run"]._wake_unfinished()
        for company in self.env["res.company"].search([]):
            if company._upominky_effective_mode() == "off":
                continue
            if not self._bank_lets_send(company):
                continue
            if not self._in(company)._send(company):
                self.env.ref("upominky_addon.cron_send")._trigger()
                return
        self.env["upominky.run"]._close_asked()
        self._trigger_retries()

    def _in(self, company):
        return self.with_company(company).with_context(lang=company.partner_id.lang or "en_US")

    def _trigger_retries(self):
        """Have the job called when the next attempt is due, or another worker may be dead."""
        cron = self.env.ref("upominky_addon.cron_send")
        now = fields.Datetime.now()
        waiting = self.env["upominky.reminder"].search(
            [("next_try", ">", now)], order="next_try", limit=1
        )
        if waiting:
            cron._trigger(at=waiting.next_try)
        others = [("kind", "=", "send"), ("state", "=", "running")]
        if self.env["upominky.run"].search_count(others, limit=1):
            # Alive, or so newly dead that the database has not let go of its lock.
            cron._trigger(at=now + timedelta(minutes=1))

    @api.model
    def _send(self, company, only=None):
        """Send what waits in one company.

        :param only: ids of reminders to send by hand, None for all
        :return: whether it came to the end in the time it had
        """
        waiting = self._count_waiting(company, only)
        if not waiting:
            return True
        if self._is_time_up():  # called again at once: a batch would be prepared for one message
            self._commit(0, waiting)
            return False
        with self._worker(company) as run_id:
            while ids := self._claim(company, run_id, only):
                in_time = self._send_batch(company, run_id, ids)
                waiting = self._count_waiting(company, only)
                if not self._commit(len(ids), waiting) or not in_time:
                    return not waiting
        return True

    def _is_time_up(self):
        """Say whether the job has had the time that Odoo gives it."""
        return time.monotonic() > self.env.context.get("cron_end_time", float("inf"))

    # ---------------------------------------------------------------- batch

    def _send_batch(self, company, run_id, ids):
        """Send the reminders of one claim.

        :return: whether all of them had their turn before time was up
        """
        by_hand = self.env.context.get("upominky_by_hand", False)
        outgoing = self._prepare(self.env["upominky.reminder"].browse(ids), by_hand)
        self._commit()
        sessions = {}
        in_time = True
        for message in outgoing:
            self._deliver(message, run_id, sessions)
            if self._is_time_up():
                in_time = False
                break
        for watch in sessions.values():
            if isinstance(watch, Watch):
                watch.quit()
        claimed = self.env["upominky.reminder"].browse(ids)
        claimed.filtered(lambda reminder: reminder.send_run_id.id == run_id)._settle()
        return in_time

    def _prepare(self, reminders, by_hand):
        """Recheck and render; a reminder that cannot be rendered fails alone.

        :rtype: list[Outgoing]
        """
        try:
            with self.env.cr.savepoint():
                return self._prepare_all(reminders, by_hand)
        except psycopg2.Error:
            raise
        except Exception as error:
            if len(reminders) == 1:
                self._fail_reminder(reminders, error)
                return []
            return [out for one in reminders for out in self._prepare(one, by_hand)]

    def _prepare_all(self, reminders, by_hand):
        reminders._recheck()
        for reminder in reminders.filtered(lambda r: r.state == "issued" and not by_hand):
            if not reminder._is_frozen() and reminder._is_stale(
                reminder.company_id._upominky_today()
            ):
                reminder._cancel(self.env._("Nobody tried to send it for 7 days."))
        ready = reminders.filtered(lambda r: r.state in ("issued", "sent"))
        ready._queue_first()
        deliveries = self.env["upominky.delivery"]
        for reminder in ready:
            deliveries |= reminder._queued_deliveries()
        return [
            message
            for lang, mine in deliveries.grouped("lang").items()
            for message in mine.with_context(upominky_lang=lang)._make_messages()
        ]

    def _fail_reminder(self, reminder, error):
        """Let one reminder fail for a reason that lies before any message."""
        unexpected = None if isinstance(error, UserError) else error
        if not unexpected:
            reminder._recheck()  # what had been read again went with the savepoint
        _logger.info("Reminder %s cannot be sent: %s", reminder.name, error, exc_info=unexpected)
        sentence = str(error) if isinstance(error, UserError) else repr(error)
        reminder.delivery_ids._cancel_queued()
        reminder._set_state("failed", error=sentence, next_try=False, send_run_id=False)
        reminder._message_log(body=sentence)

    # ------------------------------------------------------------ one message

    def _deliver(self, message, run_id, sessions):
        """Mark, hand over and record one message; each of the three is committed."""
        delivery = self.env["upominky.delivery"].browse(message.delivery_id)
        if not is_address(address := message.email["email_to"][0]):
            delivery._fail(self._invalid_address_text(address))
            self._commit()
            return
        # Noted with the mark: a worker that dies in the conversation cannot note it afterwards.
        asked = self._asks_envelope(message, sessions)
        if not self._mark_sending(delivery, message, run_id, envelope_asked=asked):
            return
        self._record(delivery, self._hand_over(message, sessions, asked))

    def _asks_envelope(self, message, sessions):
        """Say whether the server will be asked for reports with an ENVID: the session is opened."""
        watch = self._session(self._mail_servers(message), message, sessions)
        return isinstance(watch, Watch) and watch.asks

    def _mail_servers(self, message):
        return self.env["ir.mail_server"].with_context(**message.context)

    def _record(self, delivery, failure):
        """Write what the server answered; a receipt may change the row at the same moment."""
        for last in (False, True):
            try:
                if failure is None:
                    delivery._set_state("sent", sent_at=fields.Datetime.now(), error=None)
                elif failure.uncertain:
                    delivery._set_state("uncertain", error=self._lost_text(failure))
                else:
                    delivery._fail(self._refused_text(failure), temporary=failure.temporary)
                break
            except psycopg2.errors.SerializationFailure:
                if last:
                    raise
                self.env.cr.rollback()
        self._commit()

    def _mark_sending(self, delivery, message, run_id, **values):
        """Commit that this message is about to be sent, unless its balances changed meanwhile."""
        ids, residuals = zip(*message.seen, strict=True) if message.seen else ((), ())
        guard = SQL(UNCHANGED, list(ids), list(residuals))
        try:
            moved = delivery._set_state("sending", guard=guard, run_id=run_id, **values)
        except psycopg2.errors.SerializationFailure:
            self.env.cr.rollback()
            return False
        self._commit()
        return bool(moved)

    def _hand_over(self, message, sessions, asked):
        """Hold the SMTP conversation.

        :param bool asked: whether it is noted that reports with an ENVID are asked for
        :return: None if the server accepted the message, else a Failure
        """
        IrMailServer = self._mail_servers(message)
        delivery = self.env["upominky.delivery"].browse(message.delivery_id)
        # Never asked for without the note, also where a second connection offers more.
        envelope_id = delivery._envelope_id() if asked else None
        for last in (False, True):
            watch = self._session(IrMailServer, message, sessions)
            if not isinstance(watch, Watch):
                return watch
            if envelope_id and not watch.asks:
                envelope_id = delivery._note_unasked()
            watch.start(envelope_id)
            try:
                email = build_email(message.email)
                reply_to = email_normalize(message.email["reply_to"])
                if watch.read_receipt and reply_to:  # RFC 8098, 2.1
                    email["Disposition-Notification-To"] = f"<{reply_to}>"
                IrMailServer.send_email(
                    email, mail_server_id=message.mail_server_id, smtp_session=watch.session
                )
                watch.used = True
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

    def _session(self, IrMailServer, message, sessions):
        """Return an open session for the sender, or the Failure to open one, once per batch."""
        key = (message.mail_server_id, message.email["email_from"])
        watch = sessions.get(key)
        if watch is None or (isinstance(watch, Watch) and watch.is_closed()):
            try:
                sessions[key] = self._connect(IrMailServer, message)
            except Exception as error:
                sessions[key] = read_failure(error)
            # A slow server took its time: what comes next must see the balances of now.
            self._commit()
        return sessions[key]

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
        return self.env._(
            "“%s” is not an e-mail address. Correct it on the contact, then retry.", address
        )

    def _refused_text(self, failure):
        words = self._trouble_words(failure)
        if failure.temporary:
            return self.env._(
                "The mail server did not take the message now: %(words)s. It is tried again, at "
                "most %(attempts)s times.",
                words=words,
                attempts=MAX_ATTEMPTS,
            )
        return self.env._(
            "The mail server refused the message: %s. Correct the cause, then retry.", words
        )

    def _lost_text(self, failure):
        return self.env._(
            "The connection was lost after the message had been handed over (%s): nobody knows "
            "whether the server accepted it. Send it again, or mark it as sent.",
            self._trouble_words(failure),
        )
