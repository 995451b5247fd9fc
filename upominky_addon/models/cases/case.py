import hashlib
import logging
from dataclasses import astuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...core.case_file import Entry, added, safe_name
from ..base.logs import log_problem
from ..base.said import SaidText, say, words_of
from ..base.transactions import COLLISIONS, attempt, start_again
from ..base.trusted import trusted

_logger = logging.getLogger(__name__)

#: So many documents are put together within the request; more of them by job 2, slice by slice.
AT_ONCE = 20
#: Documents that are put in within one transaction.
SLICE = 20
#: Documents that were begun so often and never put in are what stops the program.
MOST_TRIES = 3
STATES = [("waiting", "Being Made"), ("done", "Done"), ("failed", "Failed")]


class UpominkyCase(models.Model):
    """The file for a lawyer about one customer: one zip, made once and kept (SPEC rule 40).

    What is in it is settled when somebody asks for it; job 2 puts a large one together in slices,
    each in a transaction of its own, and goes on where a process died.
    """

    _name = "upominky.case"
    _description = "File for a Lawyer"
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
        if self.state != "done":
            raise UserError(self.env._("The file is not ready yet: open it again in a while."))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}?download=true",
            "target": "self",
        }

    # ------------------------------------------------------------- business

    @api.model
    def _open(self, company, partner, moves):
        """Make the file about some invoices of a customer, or have job 2 make a large one.

        :param company: whose books
        :param partner: the customer
        :param moves: what it is about
        :rtype: upominky.case
        """
        contents = self._contents_of(company, partner, moves)
        title = self.env._("File for a lawyer: %s", partner.name)
        case = self.create(
            {
                "name": title,
                "company_id": company.id,
                "partner_id": partner.id,
                "contents": contents,
                "total": len(contents["documents"]),
            }
        )
        if case.total <= AT_ONCE or not self.env["upominky.run"]._job_is_on("cron_send"):
            while case.state == "waiting":
                case._put_in_some()
        else:
            # sudo: whoever may ask for it has the job make it.
            self.env.ref("upominky_addon.cron_send").sudo()._trigger()
        return case

    def _put_in_some(self):
        """Put the next documents in; with the last of them the tables and the list of contents."""
        if self.state != "waiting":  # somebody else came to its end
            return
        documents = self.contents["documents"][self.place : self.place + SLICE]
        found = self._in_readers_words()._documents(documents)
        place = self.place + len(documents)
        values = {"place": place, "tries": 0}
        if place >= self.total:
            found += self._in_readers_words()._sheets()
            values["state"] = "done"
        archive, entries = added(self._archive(), found, self._entries(), fields.Datetime.now())
        if place >= self.total:
            lists = self._in_readers_words()._lists(entries)
            archive, entries = added(archive, lists, entries, fields.Datetime.now())
            values["digest"] = hashlib.sha256(archive).hexdigest()
        self._keep(archive)
        self.write({**values, "entries": [astuple(entry) for entry in entries]})

    def _in_readers_words(self):
        """Return it in the language of whoever asked for it, whoever makes it."""
        return self.with_context(lang=self.create_uid.lang or self.env.lang)

    def _entries(self):
        return tuple(Entry(*values) for values in self.entries or ())

    def _archive(self):
        return self.attachment_id.raw or b""

    def _keep(self, archive):
        if self.attachment_id:
            self.attachment_id.raw = archive
            return
        self.attachment_id = self.env["ir.attachment"].create(
            {
                "name": safe_name(self.name, ".zip"),
                "raw": archive,
                "mimetype": "application/zip",
                "res_model": self._name,
                "res_id": self.id,
                "company_id": self.company_id.id,
            }
        )

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
            attempt(self.env, self._take_slice)
        except COLLISIONS:
            _logger.info("The file %s is left to the next call", self.id)
            return False
        except Exception as problem:
            start_again(self.env)
            log_problem(_logger, problem, "The file %s cannot be made", self.id)
            words = words_of(problem)
            attempt(self.env, lambda: self.write({"state": "failed", "error": words}))
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
            self.write({"state": "failed", "error": words})
            return False
        self.tries += 1
        return True

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
        found = self.env["upominky.case"]
        # sudo: users may have the file made, but write none; what they may read was checked.
        for company, mine in trusted(self).grouped("company_id").items():
            for partner, theirs in mine.grouped(
                lambda r: r.partner_id.commercial_partner_id
            ).items():
                cases = found.with_env(theirs.env).with_company(company)
                found |= cases._open(company, partner, theirs.line_ids.move_id).with_env(self.env)
        return found._shown()


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_upominky_case_file(self):
        """Make the file for a lawyer about what these customers owe the active company."""
        reminders = self.env["upominky.reminder"]
        reminders._check_user_may()
        self.check_access("read")
        found, company = self.env["upominky.case"], self.env.company
        for partner in self.commercial_partner_id:
            # sudo: users may have the file made, but write none; it is of their company.
            cases = trusted(found).with_company(company)
            moves = cases._moves_of(company, partner)
            found |= cases._open(company, partner, moves).with_env(self.env)
        return found._shown()


class UpominkyCaseShown(models.Model):
    _inherit = "upominky.case"

    def _shown(self):
        """Return what shows the files: the file itself where there is one, and it is ready.

        :raises UserError: if there is none
        """
        if not self:
            raise UserError(self.env._("Choose whose file is to be made."))
        if len(self) == 1 and self.state == "done":
            return self.action_download()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "upominky_addon.action_upominky_case"
        )
        return {**action, "domain": list(Domain("id", "in", self.ids))}
