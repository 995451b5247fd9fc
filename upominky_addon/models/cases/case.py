import logging
from dataclasses import astuple
from tempfile import TemporaryFile

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...core.case_file import Entry, added
from ..base.logs import log_problem
from ..base.said import SaidText, say, words_of
from ..base.transactions import COLLISIONS, attempt, start_again
from ..base.trusted import trusted

_logger = logging.getLogger(__name__)

#: The kind of file that this room makes; statements of account are others.
LAWYER = "lawyer"
#: So many documents are put together within the request; more of them by job 2, slice by slice.
AT_ONCE = 20
#: Documents that are put in within one transaction, and bytes after which it takes no more.
SLICE = 20
SLICE_BYTES = 8_000_000
#: Files that somebody may ask for at once: what is in each is found out within the request.
MOST_AT_ONCE = 200
#: Documents that were begun so often and never put in are what stops the program.
MOST_TRIES = 3
STATES = [
    ("waiting", "Being Made"),
    ("done", "Done"),
    ("failed", "Failed"),
    ("deleted", "Deleted"),
]


class UpominkyCase(models.Model):
    """The file for a lawyer about one customer: one zip, made once and kept (SPEC rule 40).

    What is in it is settled when somebody asks for it; job 2 puts a large one together in slices,
    each in a transaction of its own, and goes on where a process died.
    """

    _name = "upominky.case"
    _description = "Document About a Customer"
    _inherit = ["upominky.context"]
    _order = "id desc"

    name = fields.Char(required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    kind = fields.Selection(
        [(LAWYER, "File for a Lawyer")], required=True, readonly=True, default=LAWYER
    )
    state = fields.Selection(STATES, required=True, readonly=True, default="waiting")
    error = SaidText(readonly=True)
    contents = fields.Json(readonly=True, help="Kinds and ids of what is in it, in order.")
    entries = fields.Json(readonly=True, help="What was put in so far.")
    place = fields.Integer(string="Documents Done", readonly=True)
    total = fields.Integer(string="Documents", readonly=True)
    tries = fields.Integer(
        readonly=True, help="How often the next documents were begun; counted before each time."
    )
    attachment_id = fields.Many2one(
        "ir.attachment", string="File", readonly=True, ondelete="set null", index="btree_not_null"
    )
    digest = fields.Char(string="SHA-256", readonly=True)

    # -------------------------------------------------------------- actions

    def action_download(self):
        """Fetch the file."""
        self.env["upominky.reminder"]._check_user_may()
        self.check_access("read")
        self.ensure_one()
        if not self.attachment_id:
            raise UserError(self._no_file_text())
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}?download=true",
            "target": "self",
        }

    # ------------------------------------------------------------- business

    def _no_file_text(self):
        """Say why there is no file to fetch."""
        if self.state == "waiting":
            return self.env._("The file is not ready yet: open it again in a while.")
        if self.state == "failed":
            return self.error or self.env._("The file could not be made: have it made anew.")
        return self.env._("The file was deleted: have it made anew, from what is kept.")

    @api.model
    def _open(self, company, partner, moves):
        """Make the file about some invoices of a customer, or have job 2 make a large one.

        :param company: whose books
        :param partner: the customer
        :param moves: what it is about
        :rtype: upominky.case
        """
        case = self._asked(company, partner, moves)
        case._start()
        return case

    @api.model
    def _asked(self, company, partner, moves):
        """Return a file that is to be made, with what will be in it."""
        contents = self._contents_of(company, partner, moves)
        return self.create(
            {
                "name": self.env._("File for a lawyer: %s", partner.name),
                "company_id": company.id,
                "partner_id": partner.id,
                "contents": contents,
                "total": len(contents["documents"]),
            }
        )

    def _start(self):
        """Make files within the request if they are small together, else have job 2 make them.

        :raises UserError: if the job is off, which is to make many
        """
        if self._needs_job():
            if self.env["upominky.run"]._job_is_on("cron_send"):
                # sudo: whoever may ask for it has the job make it.
                self.env.ref("upominky_addon.cron_send").sudo()._trigger()
                return
            if sum(self.mapped("total")) > AT_ONCE and len(self) > 1:
                raise UserError(
                    self.env._(
                        "So many files are made by the job “Automatic Sending of Reminders”, which "
                        "is off: switch it on in the settings, or choose one customer."
                    )
                )
        for case in self:
            while case.state == "waiting":
                case._put_in_some()

    def _needs_job(self):
        """Say whether making the files takes longer than a request may."""
        return sum(self.mapped("total")) > AT_ONCE

    def _next_documents(self):
        return self.contents["documents"][self.place : self.place + SLICE]

    def _put_in_some(self):
        """Put the next documents in; with the last of them the tables and the list of contents.

        They lie in a part of their own, so that no part is ever written again.
        """
        if self.state != "waiting":  # somebody else came to its end
            return
        with TemporaryFile() as part:
            values = self._put_into(part)
            self._keep_part(part)
        if values["place"] >= self.total:
            values |= self._finished()
        self.write(values)

    def _put_into(self, part):
        """Put the next documents into a part of the file, one at a time.

        :param part: open to be read and written
        :return: values that tell how far the file is
        """
        me, now = self._in_readers_words(), fields.Datetime.now()
        entries, place = self._entries(), self.place
        for document in self._next_documents():
            entries = added(part, me._documents([document]), entries, now)
            place += 1
            if part.tell() > SLICE_BYTES:
                break
        if place >= self.total:
            entries = added(part, me._sheets(), entries, now)
            entries = added(part, me._lists(entries), entries, now)
        return {"place": place, "tries": 0, "entries": [astuple(entry) for entry in entries]}

    def _in_readers_words(self):
        """Return it in the language of whoever asked for it, whoever makes it."""
        return self.with_context(lang=self.create_uid.lang or self.env.lang)

    def _entries(self):
        return tuple(Entry(*values) for values in self.entries or ())

    # -------------------------------------------------------------- the job

    @api.model
    def _make_waiting(self, is_time_up):
        """Put together what waits.

        :param is_time_up: says whether the job has had its time
        :return: whether there was time for all; one that others have in hand is left to them
        """
        for case in self.search([("state", "=", "waiting")], order="id"):
            goes_on = True
            while goes_on and case.state == "waiting":
                if is_time_up():
                    return False
                goes_on = case._go_on()
        return True

    def _go_on(self):
        """Put in a slice; an error ends this file alone, and is told on it.

        :return: whether to go on with it: not if others have it in hand, or write it each time
        """
        try:
            if not attempt(self.env, self._begin_slice):
                return False
            self._before_slice()
            attempt(self.env, self._take_slice)
        except COLLISIONS:
            _logger.info("The file %s is left to the next call", self.id)
            return False
        except Exception as problem:
            start_again(self.env)
            log_problem(_logger, problem, "The file %s cannot be made", self.id)
            words = words_of(problem)
            attempt(self.env, lambda: self._give_up(words))
        return True

    def _begin_slice(self):
        """Count that the next documents are begun: what they stop would count nothing afterwards.

        :return: whether they are to be put in; not if others have the file in hand, or if these
            documents stopped the program too often
        """
        if not self.try_lock_for_update() or self.state != "waiting":
            return False
        if self.tries >= MOST_TRIES:
            words = say(self.env, "case_kills_workers", times=MOST_TRIES)
            self._give_up(words)
            return False
        self.tries += 1
        return True

    def _before_slice(self):
        """Do what the next documents need beforehand, in transactions of its own."""

    def _take_slice(self):
        self.try_lock_for_update()._put_in_some_each()

    def _put_in_some_each(self):
        for case in self:
            case._put_in_some()


class UpominkyRun(models.Model):
    _inherit = "upominky.run"

    # EXTENDS 'upominky.run'
    @api.model
    def _do_last(self, is_time_up):
        """Make files for lawyers, for which no message waits."""
        in_time = super()._do_last(is_time_up)
        return in_time and self.env["upominky.case"]._make_waiting(is_time_up)


class UpominkyReminder(models.Model):
    _inherit = "upominky.reminder"

    def action_case_file(self):
        """Make the file for a lawyer about the customers of these reminders."""
        self._check_user_may()
        wanted = []
        # sudo: users may have the file made, but write none; what they may read was checked.
        for company, mine in trusted(self).grouped("company_id").items():
            theirs = mine.grouped(lambda r: r.partner_id.commercial_partner_id)
            wanted += [
                (company, partner, some.line_ids.move_id) for partner, some in theirs.items()
            ]
        return self.env["upominky.case"]._made_and_shown(wanted)


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_upominky_case_file(self):
        """Make the file for a lawyer about what these customers owe the active company."""
        self.env["upominky.reminder"]._check_user_may()
        self.check_access("read")
        company = self.env.company
        wanted = [(company, partner, None) for partner in self.commercial_partner_id]
        return self.env["upominky.case"]._made_and_shown(wanted)


class UpominkyCaseShown(models.Model):
    _inherit = "upominky.case"

    @api.model
    def _made_and_shown(self, wanted):
        """Make files and show them; customers who owe nothing are left out if others do.

        :param wanted: of each its company, its customer, and invoices: None for what is owed
        :raises UserError: if there are too many or none
        """
        if len(wanted) > MOST_AT_ONCE:
            raise UserError(
                self.env._("At most %s files at once: choose fewer customers.", MOST_AT_ONCE)
            )
        # sudo: users may have the file made, but write none; that they may was checked.
        cases, left_out = trusted(self), []
        for company, partner, moves in wanted:
            mine = cases.with_company(company)
            about = mine._moves_of(company, partner) if moves is None else moves
            if about:
                cases |= mine._asked(company, partner, about).with_env(cases.env)
            else:
                left_out.append(partner)
        if left_out and not cases:
            raise UserError(self._nothing_owed_text(left_out))
        cases._start()
        return cases.with_env(self.env)._shown(left_out)

    def _shown(self, left_out=()):
        """Return what shows the files: the file itself where there is one, and it is ready.

        :param left_out: customers about whom there is none
        :raises UserError: if there is none
        """
        if not self:
            raise UserError(self.env._("Choose whose file is to be made."))
        if len(self) == 1 and self.state == "done":
            action = self.action_download()
        else:
            action = self.env["ir.actions.act_window"]._for_xml_id(
                "upominky_addon.action_upominky_case"
            )
            action["domain"] = list(Domain("id", "in", self.ids))
        if not left_out:
            return action
        params = {"message": self._nothing_owed_text(left_out), "type": "warning", "sticky": True}
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {**params, "next": action},
        }

    @api.model
    def _nothing_owed_text(self, partners):
        return self.env._(
            "%s owes nothing that the file could be about. Make it from a reminder, if it is about "
            "what was paid.",
            ", ".join(partner.name or partner.display_name for partner in partners),
        )
