import logging
import time
from collections import deque
from dataclasses import replace
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from ..core.address import is_address
from ..core.delivery import MAX_ATTEMPTS
from ..core.lifecycle import No, may_send
from ..core.mail_build import build_email
from .transactions import COLLISIONS, attempt, commit, start_again
from .upominky_smtp import Failure, Watch, read_failure

_logger = logging.getLogger(__name__)

#: What changed while it was prepared is prepared again, at most so often in a row.
PASSES = 3
#: Seconds after the end of its time in which a worker still sends what it has prepared.
GRACE = 10


class UpominkySend(models.AbstractModel):
    """Job 2: claim, recheck, render, ask whether it may go out and mark it, hand over, record.

    The process may die between any two statements, and people and books may change. Before the SMTP
    conversation the delivery is committed as ``sending``; what a dead worker left in that state
    becomes ``uncertain``.
    """

    _name = "upominky.send"
    _description = "Automatic Sending of Reminders"
    _inherit = ["upominky.worker"]

    @api.model
    def _cron_send(self):
        """Send what waits, in every company: they take turns."""
        self._bury_dead()
        self.env["upominky.run"]._wake_unfinished()
        if not self._take_turns(self._companies_in_turn()):
            self.env.ref("upominky_addon.cron_send")._trigger()
            return
        self.env["upominky.run"]._close_asked()
        self._trigger_retries()

    def _companies_in_turn(self):
        """Return the companies that send, who had the last turn longest ago first."""
        last = dict(
            self.env["upominky.run"]._read_group(
                [("kind", "=", "send")], ["company_id"], ["id:max"]
            )
        )
        companies = self.env["res.company"].search([])
        sending = companies.filtered(self._may_have_turn)
        return sending.sorted(lambda company: (last.get(company, 0), company.id))

    def _may_have_turn(self, company):
        """Say whether a company sends now; an error in finding out is that company's alone."""
        try:
            mode = company._upominky_effective_mode()
            return mode != "off" and self._bank_lets_send(company)
        except Exception as problem:
            start_again(self.env)
            _logger.exception("Company %s has no turn", company.id)
            self._in(company)._break_off(company, None, problem)
            return False

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

    # ---------------------------------------------------------------- turns

    def _take_turns(self, companies, only=None):
        """Send a slice of each company in turn until nothing waits; what kills workers comes last.

        :param only: ids of reminders to send by hand, None for all
        :return: whether it came to the end in the time it had
        """
        workers = {}
        in_time = all(
            self._go_round(companies, workers, only, suspects) for suspects in (False, True)
        )
        # Not in case of a signal: then this is the end, and the next worker finds what is left.
        for company, worker in workers.items():
            if worker:
                self._in(company)._close_worker(worker)
        commit(self.env, 0, sum(self._count_waiting(company, only) for company in companies))
        return in_time

    def _go_round(self, companies, workers, only, suspects):
        turns = deque(companies)
        while turns:
            if self._is_time_up():  # more would be prepared for one message
                return not any(self._count_waiting(company, only) for company in turns)
            company = turns.popleft()
            if self._in(company)._take_turn(company, workers, only, suspects):
                turns.append(company)
        return True

    def _take_turn(self, company, workers, only, suspects):
        """Send one slice of a company; an error ends its turns alone.

        :param dict workers: of the companies that had turns before; None: whose turns are over
        :return: whether it may have another turn
        """
        try:
            if not self._count_waiting(company, only) or workers.get(company, True) is None:
                return False
            if company not in workers:
                workers[company] = self._open_worker(company)
            ids = self._claim(company, workers[company], only, suspects)
            goes_on = bool(ids) and self._send_slice(workers[company], ids)
            commit(self.env, len(ids), self._count_waiting(company, only))
            return goes_on
        except Exception as problem:
            start_again(self.env)
            _logger.exception("Sending for company %s was broken off", company.id)
            self._break_off(company, workers.get(company), problem)
            workers[company] = None
            return False

    def _break_off(self, company, worker, problem):
        """Tell people why the turns of a company ended, and give back what was in hand."""
        error = self._broken_off_text(problem)
        try:
            self._close_worker(worker or self._open_worker(company), error)
        except Exception:  # the next worker finds what is left, as of a dead one
            start_again(self.env)
            _logger.exception("What company %s had in hand was left", company.id)

    @api.model
    def _send(self, company, only=None):
        """Send what waits in one company.

        :param only: ids of reminders to send by hand, None for all
        :return: whether it came to the end in the time it had
        """
        return self._take_turns(company, only)

    def _is_time_up(self, grace=0):
        """Say whether the job has had the time that Odoo gives it.

        :param float grace: seconds more
        """
        return time.monotonic() > self.env.context.get("cron_end_time", float("inf")) + grace

    # ---------------------------------------------------------------- slice

    def _send_slice(self, worker, ids):
        """Send the reminders of one claim.

        :return: whether the worker goes on: all had their turn, and nobody took it for dead
        """
        started = time.monotonic()
        left, goes_on = list(ids), True
        for _pass in range(PASSES):
            left, goes_on = self._send_once(worker, left)
            if not left or not goes_on:
                break
        self._release(worker, ids, had_turn=goes_on)
        worker.pace.learn(len(ids), time.monotonic() - started)
        return goes_on

    def _send_once(self, worker, ids):
        """Prepare some reminders and send what may go out.

        :return: ids of those that changed meanwhile and must be prepared again, and whether there
            is time, and the worker is alive
        """
        outgoing = self._prepare_slice(worker, ids)
        if outgoing is None:
            return ids, True
        changed = []
        for message in outgoing:
            no = self._deliver(message, worker)
            if no == No.BURIED:
                return [], False
            if no == No.CHANGED:
                changed.append(message.reminder_id)
            if self._is_time_up(GRACE):
                return [], False
        return changed, not self._is_time_up(GRACE)

    def _prepare_slice(self, worker, ids):
        """Recheck and render on a fresh snapshot.

        :return: the messages; None if others wrote the same rows time and again
        :rtype: list[Outgoing] | None
        """
        by_hand = self.env.context.get("upominky_by_hand", False)
        reminders = self.env["upominky.reminder"].browse(ids)
        try:
            return attempt(self.env, lambda: self._prepare(reminders, worker, by_hand))
        except COLLISIONS:
            return None

    def _prepare(self, reminders, worker, by_hand):
        """Recheck and render; a reminder that cannot be rendered fails alone.

        :rtype: list[Outgoing]
        """
        try:
            with self.env.cr.savepoint():
                return self._prepare_all(reminders, worker, by_hand)
        except (*COLLISIONS, psycopg2.OperationalError, psycopg2.InterfaceError):
            raise
        except Exception as error:
            if len(reminders) == 1:
                self._fail_reminder(reminders, error)
                return []
            return [out for one in reminders for out in self._prepare(one, worker, by_hand)]

    def _prepare_all(self, reminders, worker, by_hand):
        reminders._recheck()
        if not by_hand:
            reminders._cancel_stale()
        ready, seen = reminders._may_send_now(worker.run_id)
        ready._queue_first()
        ready._note_prepared()
        deliveries = self.env["upominky.delivery"]
        for reminder in ready:
            deliveries |= reminder._queued_deliveries()
        return [
            replace(message, seen=seen[message.reminder_id])
            for lang, mine in deliveries.grouped("lang").items()
            for message in mine.with_context(upominky_lang=lang)._make_messages()
        ]

    def _fail_reminder(self, reminder, error):
        """Let one reminder fail for a reason that lies before any message."""
        unexpected = None if isinstance(error, UserError) else error
        if not unexpected:
            reminder._recheck()  # what had been read again went with the savepoint
        _logger.info("Reminder %s cannot be sent: %s", reminder.name, error, exc_info=unexpected)
        reminder._stop_sending(str(error) if not unexpected else repr(error))

    # ------------------------------------------------------------ one message

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
        reply_to = email_normalize(message.email["reply_to"])
        if watch.read_receipt and reply_to:  # RFC 8098, 2.1
            email["Disposition-Notification-To"] = f"<{reply_to}>"
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
