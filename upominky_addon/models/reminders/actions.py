import base64
from collections import defaultdict
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...core.lifecycle import UNFINISHED, may_withdraw
from ...core.mail_text import clean
from ..base.dates import day_text
from ..base.empty import nothing_of_these
from ..base.names import as_given
from ..base.said import Label, said, say
from ..base.trusted import trusted

#: Characters of a reason that are kept.
MAX_REASON = 500
#: Characters of a number, and of the name of a file.
MAX_NUMBER = 100
#: With more reminders than these no file is kept in the history of each.
MAX_PROOFS = 50
WAYS = [
    ("post", "Post"),
    ("data_box", "Data box"),
    ("phone", "Phone"),
    ("other", "Another way"),
]
#: No person says it of a reminder: another system sent it, before the books came here.
ELSEWHERE = "elsewhere"
#: What becomes of the invoices of a reminder that is cancelled before it was mailed.
AFTERWARDS = [
    ("hold", "Hold its invoices until a date"),
    ("skip", "Skip this level: the next reminder is of the next level"),
    ("again", "Let the reminder be issued again"),
]


class UpominkyReminder(models.Model):
    """What people do with reminders, with one or with many.

    Each button checks the right, takes its step with all of them together, and tells what came of
    it: one that cannot take the step stops no other.
    """

    _inherit = "upominky.reminder"

    sent_way = fields.Selection(
        [*WAYS, (ELSEWHERE, "Another system, before the books came here")],
        string="Marked as Sent By",
        readonly=True,
        copy=False,
        help="How it reached the customer, where a person marked it as sent.",
    )
    sent_number = fields.Char(
        string="Tracking or Message Number",
        readonly=True,
        copy=False,
        help="The number of the registered letter or of the data message.",
    )

    def _check_user_may(self):
        """Refuse callers who may not work with reminders, whatever way they call."""
        self.check_access("read")
        if not self.env.user.has_group("upominky_addon.group_user") and not self.env.su:
            raise AccessError(
                self.env._("You need the right “Upomínky: user” to work with payment reminders.")
            )

    # -------------------------------------------------------------- buttons

    def action_approve(self):
        """Approve reminders that wait for it: they are read again and go out with the next run."""
        self._check_user_may()
        # sudo: users may approve, but write no field of a reminder themselves.
        me = trusted(self)
        return me._step_or_leave(self.env._("Approve"), "approve", **self._read_by_caller())

    def action_approve_next(self):
        """Approve the reminder that was read, and open the next one that waits for it."""
        self.ensure_one()
        told = self.action_approve()
        following = self._next_to_approve()
        words = self.env._("None is left to approve.") if not following else ""
        params = told["params"]
        return {
            **told,
            "tag": "upominky_next" if following else told["tag"],
            "params": {
                **params,
                "message": " ".join(filter(None, [params["message"], words])),
                "next": following._form_in_place() if following else params["next"],
            },
        }

    def _form_in_place(self):
        """Return the form of a reminder, as the client takes it from within another answer."""
        return {**self.action_open_form(), "views": [(False, "form")]}

    def _next_to_approve(self):
        """Return the next reminder that waits for approval: in the order of the book, then anew."""
        waiting = [("state", "=", "to_approve"), ("id", "!=", self.id)]
        day = self.issue_date
        later = ["|", ("issue_date", "<", day), "&", ("issue_date", "=", day), ("id", "<", self.id)]
        return self.search([*waiting, *later], limit=1) or self.search(waiting, limit=1)

    def action_send_now(self):
        """Send reminders at once, also those that were issued without being sent."""
        self._check_user_may()
        # sudo: users may send, but write no field of a reminder themselves.
        return trusted(self)._send_or_leave(self.env._("Send Now"))

    def action_retry(self):
        """Send failed reminders again, to the contacts that have not accepted them yet."""
        self._check_user_may()
        # sudo: users may send, but write no field of a reminder themselves.
        return trusted(self)._send_or_leave(self.env._("Retry"), "retry")

    def action_mark_sent(self, date=None, way="other", number=None, proof=None, proof_name=None):
        """Record that unsent reminders reached the customer another way than by e-mail.

        :param date: the day it was sent, default the company's today
        :param str way: one of :data:`WAYS`
        :param str number: of the registered letter or of the data message
        :param str proof: a file as proof, in base64; it is kept in the history of each of them
        :param str proof_name: what the file is called
        :raises UserError: if the file is none, or these are too many to keep it with each
        """
        self._check_user_may()
        self._refuse_choice(way, WAYS)
        day = self._day_of(date)
        arguments = {"day": day and str(day), "way": way}
        if number:
            arguments["number"] = clean(str(number), MAX_NUMBER)
        if proof:
            arguments["proof"] = self._proof(proof, proof_name)
        # sudo: users may mark reminders, but write no field of them themselves.
        return trusted(self)._step_or_leave(self.env._("Mark as sent"), "mark_sent", **arguments)

    def _proof(self, content, name):
        """Return a file that a caller gave as it is kept: its name, and its content in base64.

        :raises UserError: if it is none, or these reminders are too many to keep it with each
        :rtype: tuple[str, str]
        """
        if len(self) > MAX_PROOFS:
            raise UserError(
                self.env._(
                    "A file is kept with at most %s reminders at once: choose fewer.", MAX_PROOFS
                )
            )
        try:
            raw = content if isinstance(content, bytes) else str(content).encode("ascii")
            base64.b64decode(raw, validate=True)
        except ValueError as error:  # binascii's and Unicode's too
            raise UserError(self.env._("The file of the proof cannot be read.")) from error
        return clean(str(name or ""), MAX_NUMBER) or self.env._("Proof"), raw.decode("ascii")

    def action_cancel(self, reason=None, afterwards="again", until=None):
        """Cancel reminders; those that were mailed are marked only, and go on counting.

        :param str reason: required for a reminder that was mailed
        :param str afterwards: one of :data:`AFTERWARDS`, for those that were not mailed
        :param until: the last day of the hold, if they are held afterwards
        """
        self._check_user_may()
        self._refuse_choice(afterwards, AFTERWARDS)
        reason = reason and clean(str(reason), MAX_REASON)
        last = self._day_of(until)
        # sudo: users may cancel, but write no field of a reminder or a hold themselves.
        return trusted(self)._step_or_leave(
            self.env._("Cancel"),
            "cancel",
            wanted="cancelled",
            reason=reason,
            afterwards=afterwards,
            until=last and str(last),
        )

    def action_ask_mark_sent(self):
        """Ask on which day and how the reminders were sent, then mark them."""
        self._check_user_may()
        return self._ask("upominky.mark.sent", self.env._("Mark as Sent"))

    def action_ask_cancel(self):
        """Ask what becomes of the invoices, then cancel the reminders."""
        self._check_user_may()
        return self._ask("upominky.cancel", self.env._("Cancel Reminders"))

    def action_open_form(self):
        """Open one reminder, from a list on another form."""
        self._check_user_may()
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    def action_open_upominky_rules(self):
        """Open the rules and levels, one click from the book."""
        self._check_user_may()
        return self.env["ir.actions.act_window"]._for_xml_id("upominky_addon.action_upominky_rule")

    @api.model
    def _open_book(self, domain, **values):
        """Return the action of the book with some of its reminders only.

        :param domain: which ones; where there is none of these, the page says that, not that the
            book is empty
        :param values: other values of the action
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "upominky_addon.action_upominky_reminder"
        )
        some = {"domain": list(domain), "context": {}, "path": False}
        return {**action, **some, "help": nothing_of_these(self.env), **values}

    # ---------------------------------------------------------------- steps

    def _together(self, step, check):
        """Take a step with all reminders at once, but for those that cannot take it.

        :param step: called with some reminders; raises UserError if one of them cannot take it
        :param check: called with one reminder; raises what ``step`` would, as far as can be told
            without writing
        :return: the sentences of those errors, by reminder id
        :rtype: dict[int, str]
        """
        # What a check overlooks, or what changes meanwhile, the step itself refuses.
        refused = self._refusals(check) if len(self) > 1 else {}
        refused |= self.filtered(lambda reminder: reminder.id not in refused)._in_halves(step)
        return {id: refused[id] for id in self.ids if id in refused}

    def _refusals(self, check):
        """Ask of each whether it can take a step, without taking it.

        :param check: called with one reminder; raises UserError if it cannot, and writes nothing
        :return: the sentences of those errors, by reminder id
        :rtype: dict[int, str]
        """
        refused = {}
        for reminder in self:
            try:
                check(reminder)
            except UserError as error:
                refused[reminder.id] = said(error)
        return refused

    def _in_halves(self, step):
        """Take a step with all; if one cannot take it, with each half, down to that one.

        :return: the sentences of those errors, by reminder id
        :rtype: dict[int, str]
        """
        if not self:
            return {}
        try:
            with self.env.cr.savepoint():
                step(self)
        except UserError as error:
            if len(self) == 1:
                return {self.id: said(error)}
            middle = len(self) // 2
            return self[:middle]._in_halves(step) | self[middle:]._in_halves(step)
        return {}

    def _check_may_mark(self, day, **_way):
        """Refuse what :meth:`_mark_sent` refuses, as far as can be told without writing."""
        self._refuse_state(UNFINISHED)
        # One that is being sent is refused for that, and settled first if its worker is dead.
        if may_withdraw(self.delivery_ids.mapped("state")):
            today = self.company_id._upominky_today()
            self._refuse_day(self._day_of(day) or today, today)

    def _check_may_cancel(self, reason, afterwards, until):
        """Refuse what :meth:`_cancel_by_hand` refuses, as far as can be told without writing."""
        self._refuse_state(UNFINISHED | {"sent"})
        if not may_withdraw(self.delivery_ids.mapped("state")):
            return  # as above
        if self._is_out():
            self._refuse_no_reason(reason)
        elif afterwards == "hold":
            self._refuse_hold(self._day_of(until), self.company_id._upominky_today())

    def _approve(self):
        self._refuse_state({"to_approve"})
        self._recheck()
        waiting = self.filtered(lambda reminder: reminder.state == "to_approve")
        waiting._refuse_unknown_claim()
        alike = waiting.grouped(lambda reminder: (reminder.company_id, reminder.to_send))
        for (company, to_send), mine in alike.items():
            mine._set_state(
                "issued",
                approved_date=company._upominky_today(),
                next_try=fields.Datetime.now() if to_send else False,
            )

    def _check_may_retry(self):
        self._refuse_state({"failed", "sent"})

    def _mark_sent(self, day, way, number=None, proof=None):
        self._lock_rows()
        self._refuse_state(UNFINISHED)
        self._refuse_being_sent()
        for company, mine in self.grouped("company_id").items():
            today = company._upominky_today()
            sent = self._day_of(day) or today
            mine._refuse_day(sent, today)
            # The letter that was printed was worked out to its day; so is what is kept of it.
            mine._work_out_charges(sent)
            mine._refuse_unknown_claim()
            mine.delivery_ids._cancel_queued()
            values = {"sent_date": sent, "sent_way": way, "sent_number": number, "error": False}
            for day_to_pay, some in mine.grouped(lambda r, d=sent: r._deadline_sent(d)).items():
                values["deadline"] = day_to_pay or False
                some._set_state("sent", next_try=False, send_run_id=False, **values)
            mine._log_marked(sent, way, number, proof)

    def _log_marked(self, sent, way, number, proof):
        """Note in the history how reminders reached the customer, with what proves it."""
        words = {"day": day_text(self.env, sent), "way": self._label("sent_way", way)}
        body = self.env._("Marked as sent on %(day)s. Way: %(way)s.", **words)
        if number:
            of_number = self.env._("Number: %s.", number)
            body = f"{body} {of_number}"
        if not proof:
            self._message_log_batch(dict.fromkeys(self.ids, body))
            return
        name, content = proof
        for reminder in self:
            about = {"res_model": self._name, "res_id": reminder.id}
            file = self.env["ir.attachment"].create({"name": name, "datas": content, **about})
            reminder._message_log(body=body, attachment_ids=file.ids)

    def _refuse_day(self, sent, today):
        for reminder in self:
            if not reminder.issue_date <= sent <= today:
                values = {"reminder": reminder.name, "issued": reminder.issue_date}
                raise UserError(say(self.env, "day_refused", **values))

    def _cancel_by_hand(self, reason, afterwards, until):
        self._lock_rows()
        self._refuse_state(UNFINISHED | {"sent"})
        self._refuse_being_sent()
        out = self.filtered(lambda reminder: reminder._is_out())
        out._refuse_no_reason(reason)
        out._cancel(reason)
        # What is paid cannot be held: whoever stops thanks stops them.
        thanks = (self - out)._of_thanks()
        unmailed = self - out - thanks
        if afterwards == "hold":
            unmailed._hold_invoices(until)
        words = reason or say(self.env, "cancelled_by", user=self.env.user.name)
        unmailed._cancel(words, keep_counted=afterwards == "skip")
        thanks._cancel(words, keep_counted=afterwards != "again")

    def _refuse_no_reason(self, reason):
        if self and not reason:
            raise UserError(say(self.env, "reason_needed", reminder=self[0].name))

    def _lines_to_hold(self):
        """Return the lines whose invoices are held with a reminder: of notices none counts."""
        return self.line_ids.filtered(
            lambda line: line.counted or (line.state == "open" and not line.reminder_id._demands())
        )

    def _hold_invoices(self, until):
        """Put the invoices that reminders ask for on hold; a longer hold stays as it is."""
        until = self._day_of(until)
        reasons = defaultdict(self.env["account.move"].browse)
        for company, mine in self.grouped("company_id").items():
            today = company._upominky_today()
            self._refuse_hold(until, today)
            for move in mine._lines_to_hold().move_id:
                held_to, reason = move.upominky_hold_until, move.upominky_hold_reason
                if not (held_to and held_to >= until) and not (reason and not held_to):
                    reasons[(held_to and held_to >= today and reason) or "other"] |= move
        for reason, moves in reasons.items():
            moves._upominky_set_hold(until, reason)

    def _refuse_hold(self, until, today):
        if not until or until < today:
            raise UserError(say(self.env, "hold_needs_day"))

    def _day_of(self, day):
        """Return a day that a caller gave, False for none.

        :raises UserError: if it is no date
        """
        given = day if isinstance(day, str | date) else str(day)
        return self.env["account.move"]._upominky_to_date(given) if day else False

    def _refuse_choice(self, chosen, choices):
        """Refuse what is none of the choices, whoever calls.

        :raises UserError: naming it
        """
        if chosen not in [code for code, _label in choices]:
            raise UserError(self.env._("“%s” is not to be chosen here.", as_given(chosen)))

    def _refuse_state(self, allowed):
        """Refuse reminders of which one is in another state than those ``allowed``.

        :raises UserError: naming the reminder and its state
        """
        for reminder in self:
            if reminder.state not in allowed:
                state = Label("upominky.reminder", "state", reminder.state)
                values = {"reminder": reminder.name, "state": state}
                raise UserError(say(self.env, "state_refused", **values))
