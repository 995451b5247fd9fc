import logging
import time
from contextlib import contextmanager

import psycopg2

from odoo import api, fields, models, modules
from odoo.exceptions import UserError
from odoo.tools import SQL, email_normalize

from ..core.delivery import MAX_ATTEMPTS
from .upominky_smtp import Watch, read_failure

_logger = logging.getLogger(__name__)

BATCH = 50
TRIES = 3

#: Takes reminders up for one worker; those that another worker has in hand are passed over.
CLAIM = """
    UPDATE upominky_reminder
       SET send_run_id = %(run)s
     WHERE id IN (
        SELECT id
          FROM upominky_reminder
         WHERE company_id = %(company)s
           AND state IN ('issued', 'sent')
           AND next_try <= %(now)s
           AND send_run_id IS NULL
           AND %(scope)s
         ORDER BY next_try, id
         LIMIT %(limit)s
           FOR NO KEY UPDATE SKIP LOCKED
     )
 RETURNING id
"""

#: The balances that a message was rendered from are still those in the books.
UNCHANGED = """
    NOT EXISTS (
        SELECT 1
          FROM unnest(%s::int[], %s::numeric[]) AS seen (id, residual)
     LEFT JOIN account_move_line item ON item.id = seen.id AND item.parent_state = 'posted'
         WHERE item.amount_residual_currency IS DISTINCT FROM seen.residual
    )
"""


class UpominkySend(models.AbstractModel):
    """Job 2: claim, recheck, render, mark, hand over, record.

    The process may die between any two statements. Before the SMTP conversation the delivery is
    committed as ``sending``; what a dead worker left in that state becomes ``uncertain``.
    """

    _name = "upominky.send"
    _description = "Automatic Sending of Reminders"

    @api.model
    def _cron_send(self):
        """Send what waits, in every company."""
        self._bury_dead()
        for company in self.env["res.company"].search([]):
            if company._upominky_effective_mode() == "off":
                continue
            if not self._in(company)._send(company):
                self.env.ref("upominky_addon.cron_send")._trigger()
                return
        self._trigger_retries()

    def _in(self, company):
        return self.with_company(company).with_context(lang=company.partner_id.lang or "en_US")

    def _trigger_retries(self):
        """Have the job called when the next attempt is due, if that is before its next run."""
        waiting = self.env["upominky.reminder"].search(
            [("next_try", ">", fields.Datetime.now())], order="next_try", limit=1
        )
        if waiting:
            self.env.ref("upominky_addon.cron_send")._trigger(at=waiting.next_try)

    @api.model
    def _send(self, company, only=None):
        """Send what waits in one company.

        :param only: ids of reminders to send by hand, None for all
        :return: whether it came to the end in the time it had
        """
        with self._worker(company) as run_id:
            while ids := self._claim(company, run_id, only):
                in_time = self._send_batch(company, run_id, ids)
                waiting = self._count_waiting(company, only)
                if not self._commit(len(ids), waiting) or not in_time:
                    return not waiting
        return True

    # ----------------------------------------------------- workers and claims

    @contextmanager
    def _worker(self, company):
        """Keep a run of this worker, locked as long as it lives."""
        run = self.env["upominky.run"].create(
            {"company_id": company.id, "kind": "send", "date": company._upominky_today()}
        )
        run_id = run.id
        self._commit()
        if modules.module.current_test:  # the row is not visible to another connection
            yield run_id
        else:
            with self.env.registry.cursor() as lock:
                lock.execute("SELECT id FROM upominky_run WHERE id = %s FOR UPDATE", [run_id])
                yield run_id
                lock.rollback()
        self.env["upominky.run"].browse(run_id).state = "done"
        self._commit()

    def _dead_runs(self):
        """Lock and return the runs whose worker is gone: a living one keeps its run locked."""
        self.env.flush_all()
        query = SQL(
            "SELECT id FROM upominky_run WHERE kind = 'send' AND state = 'running' "
            "FOR UPDATE SKIP LOCKED"
        )
        try:
            return self.env["upominky.run"].browse(r[0] for r in self.env.execute_query(query))
        except psycopg2.errors.SerializationFailure:  # one ended just now: it is not dead
            self.env.cr.rollback()
            return self.env["upominky.run"]

    @api.model
    def _bury_dead(self):
        """Settle what dead workers left: what they were sending is uncertain, the rest goes on."""
        dead = self._dead_runs()
        Delivery = self.env["upominky.delivery"]
        left = Delivery.search([("state", "=", "sending")]).filtered(
            lambda d: d.run_id in dead or d.run_id.state != "running"
        )
        for delivery in left:
            delivery._set_state("uncertain", error=self._in(delivery.company_id)._uncertain_text())
        claimed = self.env["upominky.reminder"].search([("send_run_id", "in", dead.ids)])
        (left.reminder_id | claimed)._settle()
        dead.state = "dead"
        self._commit()

    def _uncertain_text(self):
        return self.env._(
            "The program was stopped while the message was being sent: nobody knows whether the "
            "server accepted it. Send it again, or mark it as sent."
        )

    def _claim(self, company, run_id, only):
        """Take up reminders that wait.

        :return: their ids
        """
        scope = SQL("TRUE") if only is None else SQL("id = ANY(%s)", list(only))
        if company._upominky_effective_mode() == "pilot":
            pilots = company.upominky_pilot_partner_ids.commercial_partner_id.ids
            scope = SQL("%s AND partner_id = ANY(%s)", scope, pilots)
        now = fields.Datetime.now()
        query = SQL(CLAIM, run=run_id, company=company.id, now=now, scope=scope, limit=BATCH)
        for _attempt in range(TRIES):
            try:
                self.env.flush_all()
                ids = [row[0] for row in self.env.execute_query(query)]
                self._commit()
                self.env.invalidate_all()
                return sorted(ids)
            except psycopg2.errors.SerializationFailure:
                self.env.cr.rollback()
        return []

    def _count_waiting(self, company, only):
        domain = [
            ("company_id", "=", company.id),
            ("state", "in", ("issued", "sent")),
            ("next_try", "<=", fields.Datetime.now()),
            ("send_run_id", "=", False),
        ]
        if company._upominky_effective_mode() == "pilot":
            pilots = company.upominky_pilot_partner_ids.commercial_partner_id.ids
            domain.append(("partner_id", "in", pilots))
        return self.env["upominky.reminder"].search_count(
            domain if only is None else [*domain, ("id", "in", list(only))]
        )

    def _commit(self, processed=0, remaining=None):
        """Make what was done durable, and say whether there is time for more."""
        if modules.module.current_test and "cron_id" not in self.env.context:
            self.env.flush_all()  # the transaction belongs to the test
            return True
        return self.env["ir.cron"]._commit_progress(processed, remaining=remaining) > 0

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
            if time.monotonic() > self.env.context.get("cron_end_time", float("inf")):
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
            if not reminder._is_mailed() and reminder._is_stale(
                reminder.company_id._upominky_today()
            ):
                reminder._cancel(self.env._("Nobody tried to send it for 7 days."))
        ready = reminders.filtered(lambda r: r.state in ("issued", "sent"))
        deliveries = self.env["upominky.delivery"]
        for reminder in ready:
            deliveries |= reminder._queued_deliveries()
        return deliveries.reminder_id._make_messages(deliveries)

    def _fail_reminder(self, reminder, error):
        """Let one reminder fail for a reason that lies before any message."""
        _logger.info("Reminder %s cannot be sent", reminder.name, exc_info=error)
        template = reminder._template().name
        sentence = str(error) if isinstance(error, UserError) else self.env._(
            "The template “%(template)s” cannot be rendered: %(error)s",
            template=template,
            error=error,
        )
        reminder.delivery_ids._cancel_queued()
        reminder._set_state("failed", error=sentence, next_try=False, send_run_id=False)
        reminder._message_log(body=sentence)

    # ------------------------------------------------------------ one message

    def _deliver(self, message, run_id, sessions):
        """Mark, hand over and record one message; each of the three is committed."""
        delivery = self.env["upominky.delivery"].browse(message.delivery_id)
        if not email_normalize(delivery_address := message.email["email_to"][0]):
            delivery._fail(self._invalid_address_text(delivery_address))
            self._commit()
            return
        if not self._mark_sending(delivery, message, run_id):
            return
        failure = self._hand_over(message, sessions)
        if failure is None:
            delivery._set_state("sent", sent_at=fields.Datetime.now(), error=None)
        elif failure.uncertain:
            delivery._set_state("uncertain", error=self._lost_text(failure))
        else:
            delivery._fail(self._refused_text(failure), temporary=failure.temporary)
        self._commit()

    def _mark_sending(self, delivery, message, run_id):
        """Commit that this message is about to be sent, unless its balances changed meanwhile."""
        ids, residuals = zip(*message.seen, strict=True) if message.seen else ((), ())
        guard = SQL(UNCHANGED, list(ids), list(residuals))
        try:
            moved = delivery._set_state("sending", guard=guard, run_id=run_id)
        except psycopg2.errors.SerializationFailure:
            self.env.cr.rollback()
            return False
        self._commit()
        return bool(moved)

    def _hand_over(self, message, sessions):
        """Hold the SMTP conversation.

        :return: None if the server accepted the message, else a Failure
        """
        IrMailServer = self.env["ir.mail_server"].with_context(**message.context)
        for last in (False, True):
            watch = self._session(IrMailServer, message, sessions)
            if not isinstance(watch, Watch):
                return watch
            watch.start()
            try:
                email = IrMailServer._build_email__(**message.email)
                IrMailServer.send_email(
                    email, mail_server_id=message.mail_server_id, smtp_session=watch.session
                )
                watch.used = True
                return None
            except Exception as error:
                failure = read_failure(error, watch.dot_sent)
                reused, watch.used = watch.used, True
                # A server may close a session between messages: nothing of this one was sent.
                if last or not reused or not watch.is_closed() or failure.uncertain:
                    return failure
        return None

    def _session(self, IrMailServer, message, sessions):
        """Return an open session for the sender, or the Failure to open one, once per batch."""
        key = (message.mail_server_id, message.email["email_from"])
        watch = sessions.get(key)
        if watch is None or (isinstance(watch, Watch) and watch.is_closed()):
            try:
                session = IrMailServer._connect__(
                    mail_server_id=message.mail_server_id, smtp_from=message.email["email_from"]
                )
                sessions[key] = Watch(session)
            except Exception as error:
                sessions[key] = read_failure(error)
        return sessions[key]

    # ---------------------------------------------------------------- texts

    def _invalid_address_text(self, address):
        return self.env._(
            "“%s” is not an e-mail address. Correct it on the contact, then retry.", address
        )

    def _refused_text(self, failure):
        words = f"{failure.code or ''} {failure.answer}".strip()
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
            failure.answer,
        )

    # -------------------------------------------------------------- by hand

    @api.model
    def _send_by_hand(self, reminders):
        """Send reminders now, to the contacts that have not accepted them yet.

        :raises UserError: if a reminder waits for approval or is cancelled, or the mode forbids it
        """
        for reminder in reminders:
            reminder._check_may_send()
        reminders._refresh_recipients()
        for reminder in reminders:
            reminder._queue_again()
        for company in reminders.company_id:
            mine = reminders.filtered(lambda r, c=company: r.company_id == c)
            sender = self._in(company).with_context(upominky_by_hand=True)
            sender._send(company, only=mine.ids)
