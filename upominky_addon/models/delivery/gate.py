from dataclasses import dataclass, replace
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...core.lifecycle import (
    SENDABLE,
    UNFINISHED,
    WAITING,
    Situation,
    may_send,
    may_withdraw,
)
from ..base.said import say
from .queries import CHOSEN_PEOPLE, OF_DEBTORS, SITUATION, SITUATION_KEPT

#: How long what was tried without any progress is left alone.
NO_PROGRESS = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Gate:
    """What a worker asks before each message: a prepared query, and whether it is in a copy."""

    query: SQL
    is_copy: bool


class UpominkyReader(models.AbstractModel):
    _inherit = "upominky.reader"

    def _situations(self, reminders, run_id):
        """Read what bears on whether reminders may go out, in one snapshot.

        :param reminders: of the company of the environment; nothing of them is read before
        :param int run_id: the run of the worker that asks
        :return: by reminder id: state, claim, life of the run, mode, pilot, and what was seen
        :rtype: dict[int, dict]
        """
        self._flush()
        self.env.cr.execute(self._ask_situations(SITUATION, reminders.ids, run_id))
        return {row.pop("id"): row for row in self.env.cr.dictfetchall()}

    def _ask_situations(self, query, reminders, run_id):
        """Return the query for the situations of reminders of the company of the environment.

        :param str query: :data:`SITUATION` or :data:`SITUATION_KEPT`
        :param reminders: ids, or an expression of an array of them
        :rtype: SQL
        """
        books = self._of_items(self.env.company, self._accounts(), SQL(OF_DEBTORS, reminders))
        people = self._order_people()
        return SQL(query, run=run_id, reminders=reminders, people=people, **books)

    @api.model
    def _order_people(self):
        """Return the query for ids of the contact persons behind the row ``reminder``.

        Bridges that extend :meth:`account.move._upominky_order_contacts` add theirs here: who is
        changed after the letter was written gets it anew.

        :rtype: SQL
        """
        return SQL(CHOSEN_PEOPLE)

    def _prepare_gate(self, run_id):
        """Have PostgreSQL plan once what is asked before each message: that takes longest of it.

        It is a worker's, on its connection, until :meth:`_drop_gate`.

        :return: its name
        :rtype: SQL
        """
        name = SQL.identifier(f"upominky_gate_{run_id}")
        query = self._ask_situations(SITUATION_KEPT, SQL("ARRAY[$1]"), run_id)
        self.env.cr.execute(SQL("PREPARE %s (integer) AS %s", name, query))
        return name

    def _drop_gate(self, worker):
        """Forget what :meth:`_prepare_gate` planned: the connection is used again."""
        if worker.gate is not None:
            self.env.cr.execute(SQL("DEALLOCATE %s", worker.gate.query))
            worker.gate = None


class UpominkyReminder(models.Model):
    """Whether a reminder goes out, between a worker, people and the books.

    A worker's steps and those of people write the reminder's row, so that whoever read it before
    finds out, and the one that came second sees what the first did.
    """

    _inherit = "upominky.reminder"

    # ------------------------------------------------------------ the worker

    def _may_send_now(self, run_id):
        """Return those that may go out now, and what was seen of each.

        :param int run_id: the run of the worker that asks
        :rtype: tuple[upominky.reminder, dict[int, str]]
        """
        rows = {}
        for company, mine in self.grouped("company_id").items():
            reader = self.env["upominky.reader"].with_company(company)
            rows |= reader._situations(mine, run_id)
        is_copy = self.env.company._upominky_is_copy()
        ready = self.filtered(
            lambda r: r.id in rows and not may_send(self._situation(rows[r.id], run_id, is_copy))
        )
        return ready, {id: row["seen"] for id, row in rows.items()}

    @api.model
    def _situation(self, row, run_id, is_copy, alive=True, seen=None):
        """Return what is asked of :func:`core.lifecycle.may_send`.

        What was seen was rechecked: if it is the same, the same is owed.
        """
        return Situation(
            state=row["state"],
            mode="off" if is_copy else row["mode"],
            is_pilot=row["is_pilot"],
            claimed_by=row["send_run_id"],
            asking=run_id,
            alive=alive and row["alive"],
            changed=seen is not None and seen != row["seen"],
        )

    def _situation_kept(self, worker, seen):
        """Read the situation of one reminder and keep its row until what comes of it is written.

        :param Worker worker: who asks
        :param str seen: what its message was written from
        """
        self.ensure_one()
        alive, reader = worker.is_alive(), self.env["upominky.reader"]
        # What does not change within a turn is read once: each message waits for this.
        if worker.gate is None:
            is_copy = self.env.company._upominky_is_copy()
            worker.gate = Gate(reader._prepare_gate(worker.run_id), is_copy)
        reader._flush()
        self.env.cr.execute(SQL("EXECUTE %s (%s)", worker.gate.query, self.id))
        row = self.env.cr.dictfetchone()
        now = self._situation(row, worker.run_id, worker.gate.is_copy, alive, seen)
        return replace(now, changed=True) if worker.is_day_over() else now

    def _touch(self):
        """Write the rows with nothing new, so that whoever read them before finds out."""
        self.flush_recordset(["send_run_id"])
        self.env.cr.execute(
            SQL(
                "UPDATE upominky_reminder SET send_run_id = send_run_id WHERE id = ANY(%s)",
                self.ids,
            )
        )

    def _note_prepared(self):
        """Note that who has them in hand came as far as their messages."""
        self._touch()
        self.write({"is_prepared": True, "preparing_deaths": 0})

    def _let_go(self):
        """Give reminders back as they are, to be tried a little later."""
        later = fields.Datetime.now() + NO_PROGRESS
        self.write({"send_run_id": False, "next_try": later})

    def _postpone(self):
        """Leave alone for a little while what was tried without any progress."""
        now = fields.Datetime.now()
        for reminder in self.filtered(lambda r: r.state in SENDABLE):
            queued = reminder.delivery_ids.filtered(
                lambda d: d.state == "queued" and d._next_time() <= now
            )
            queued.next_try = now + NO_PROGRESS
            if not reminder.delivery_ids:
                reminder.next_try = now + NO_PROGRESS

    def _stop_sending(self, sentence):
        """Let fail what was not sent yet, for a reason that lies before any message.

        A reminder that another contact has stays what it is.
        """
        self.ensure_one()
        if self._is_fixed():
            self.delivery_ids.filtered(lambda d: d.state == "queued")._fail(sentence)
            self._settle()
        elif self.state in UNFINISHED:
            self.delivery_ids._cancel_queued()
            values = {"next_try": False, "send_run_id": False, "deadline": False}
            self._set_state("failed", error=sentence, **values)
            self._message_log(body=sentence)

    def _cancel_stale(self):
        """Take back what nobody tried to send for so long that it says what is no longer so."""
        sentence = say(self.env, "stale")
        for reminder in self.filtered(lambda r: r.state in SENDABLE):
            if not reminder._is_stale(reminder.company_id._upominky_today()):
                continue
            if reminder._is_fixed():
                reminder._withhold(sentence)
            else:
                reminder._cancel(sentence)

    def _withhold(self, sentence):
        """Keep what waits of a mailed reminder from going out, and say why."""
        waiting = self.delivery_ids.filtered(lambda d: d.state in WAITING)
        for delivery in waiting._set_state("cancelled", error=sentence):
            text = self.env._("Not sent to %(address)s: %(reason)s")
            body = text % {"address": delivery.email_to, "reason": sentence}
            delivery.reminder_id._message_log(body=body)

    # ---------------------------------------------------------------- people

    def _lock_rows(self):
        """Keep the reminders' rows; what was read before they changed is an error to try again."""
        self.env.cr.execute(
            "SELECT id FROM upominky_reminder WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
            [list(self.ids)],
        )

    def _refuse_being_sent(self):
        """Refuse while a message is being handed over; what a dead worker left is settled first.

        :raises UserError: naming the reminder
        """
        if all(may_withdraw(r.delivery_ids.mapped("state")) for r in self):
            return
        sender = self.env["upominky.send"]
        for run in self.delivery_ids.filtered(lambda d: d.state == "sending").run_id:
            sender._bury(run)
        sender._settle_orphans(("reminder_id", "in", self.ids))
        for reminder in self:
            if not may_withdraw(reminder.delivery_ids.mapped("state")):
                raise UserError(say(self.env, "being_sent", reminder=reminder.name))

    @api.model
    def _take_away(self, domain, refuse=True):
        """Take reminders out of the hands of workers: a person decided that they do not go out.

        What a worker takes up at this moment is noticed: it writes the same rows.

        :param domain: whose reminders they are
        :param bool refuse: whether it is refused while a message is being handed over
        :return: those that are being handed over all the same
        :raises UserError: naming a reminder that is being sent
        """
        # sudo: whoever holds a customer or an invoice decides about its reminders, seen or not.
        waiting = self.sudo().search(
            [("state", "in", list(SENDABLE)), ("next_try", "!=", False), *domain], order="id"
        )
        if not waiting:
            return waiting
        self.env.flush_all()
        waiting._lock_rows()
        if refuse:
            waiting._refuse_being_sent()
        self.env.cr.execute(
            SQL("UPDATE upominky_reminder SET send_run_id = NULL WHERE id = ANY(%s)", waiting.ids)
        )
        waiting.invalidate_recordset(["send_run_id"])
        return waiting.filtered(lambda r: not may_withdraw(r.delivery_ids.mapped("state")))
