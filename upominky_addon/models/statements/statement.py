from datetime import timedelta
from hashlib import sha256
from tempfile import TemporaryFile

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...core import file_names
from ..base.dates import day_text
from ..base.trusted import trusted
from ..cases.case import LAWYER

#: Kinds of files that this room makes.
STATEMENT, CONFIRMATION = "statement", "confirmation"
KINDS = [(STATEMENT, "Statement of Account"), (CONFIRMATION, "Balance Confirmation")]
#: Statements that somebody may ask for at once: more than a company sends at the end of its year.
MOST_AT_ONCE = 5000
#: Items of a statement: so many fill some fifty pages, and take half a minute.
MOST_ITEMS = 1500
#: Items that are written within a request, in some seconds; more of them by the job.
ITEMS_AT_ONCE = 300
#: Days within which an answer is asked for, where nobody chose others.
REPLY_DAYS = 14
PDF = "application/pdf"
LIST = "upominky_addon.action_upominky_statement"


class UpominkyCase(models.Model):
    """A statement of account, or a balance confirmation, of one customer: a letter, and no zip.

    It is asked for, made and kept as the file for a lawyer is: by the same job, in slices, with the
    same answers to a process that dies. What was open is read when it is made.
    """

    _name = "upominky.case"
    _inherit = ["upominky.case", "upominky.paper"]

    kind = fields.Selection(
        selection_add=KINDS, ondelete=dict.fromkeys((STATEMENT, CONFIRMATION), "cascade")
    )
    as_of = fields.Date(
        readonly=True, help="The day at whose end the items were open; of a statement."
    )
    reply_until = fields.Date(
        readonly=True, help="The day by which an answer is asked for; of a balance confirmation."
    )

    # -------------------------------------------------------------- asking

    @api.model
    def _statements_shown(self, partners, kind, day, reply=None):
        """Have statements of the active company made, and show the list of them.

        The caller's right to the customers must have been checked.

        :param partners: customers, or contacts of them
        :param str kind: ``statement`` or ``confirmation``
        :param date day: the day at whose end items were open
        :param date reply: by when an answer is asked for; of a confirmation
        :raises UserError: if there are none or too many, or a day makes no sense
        """
        customers = partners.commercial_partner_id
        self._check_statements(customers, kind, day, reply)
        # sudo: users may have statements made, but write none; that they may was checked.
        cases = trusted(self).create(self._statement_values(customers, kind, day, reply))
        cases._start()
        action = self.env["ir.actions.act_window"]._for_xml_id(LIST)
        return {**action, "domain": [("id", "in", cases.ids)]}

    @api.model
    def _check_statements(self, customers, kind, day, reply):
        """Refuse what no statement can be made of, in a sentence."""
        today = self.env.company._upominky_today()
        if not customers:
            raise UserError(self.env._("Nobody had anything open on that day: choose customers."))
        if len(customers) > MOST_AT_ONCE:
            raise UserError(
                self.env._("At most %s statements at once: choose fewer customers.", MOST_AT_ONCE)
            )
        if not day or day > today:
            raise UserError(
                self.env._(
                    "A statement says what was open at the end of a day: choose today, or a day "
                    "before."
                )
            )
        if kind == CONFIRMATION and (not reply or reply < today):
            raise UserError(
                self.env._("Choose by when an answer is asked for: today, or a day after.")
            )

    @api.model
    def _statement_values(self, customers, kind, day, reply):
        titles = {
            STATEMENT: self.env._("Statement of account"),
            CONFIRMATION: self.env._("Balance confirmation"),
        }
        common = {
            "company_id": self.env.company.id,
            "kind": kind,
            "as_of": day,
            "reply_until": reply if kind == CONFIRMATION else False,
            "total": 1,
        }
        of_day = day_text(self.env, day)
        return [
            {
                **common,
                "name": f"{titles[kind]} {of_day}: {customer.name or customer.display_name}",
                "partner_id": customer.id,
                "contents": {"documents": [["statement", customer.id]]},
            }
            for customer in customers
        ]

    @api.model
    def _reply_day(self):
        """Return the day by which an answer is asked for, where nobody chooses another."""
        return self.env.company._upominky_today() + timedelta(days=REPLY_DAYS)

    # -------------------------------------------------------------- making

    def _is_statement(self):
        return self.kind != LAWYER

    # EXTENDS 'upominky.case'
    def _needs_job(self):
        return super()._needs_job() or self._has_many_items()

    def _has_many_items(self):
        """Say whether there is more on these statements together than is written in a request."""
        first = self[:1]  # those that are asked for together are of one company and one day
        if not first or not first._is_statement():
            return False
        customers = self.partner_id.commercial_partner_id
        counted = self.env["upominky.reader"]._count_on(
            first.company_id, customers.ids, first.as_of
        )
        return counted > ITEMS_AT_ONCE

    # EXTENDS 'upominky.case': it is one letter, with nothing to be put together
    def _put_in_some(self):
        if not self._is_statement():
            return super()._put_in_some()
        if self.state == "waiting":  # nobody else came to its end
            self.write(self._statement_made())
        return None

    def _statement_made(self):
        """Make the letter and keep it.

        :return: values that tell so
        :raises UserError: if it cannot be made
        """
        pdf = self.env["upominky.reminder"]._letter_pdf(self._statement_page())
        with TemporaryFile() as file:
            file.write(pdf)
            attachment = self._kept(self._statement_file_name(), file, PDF)
        return {
            "state": "done",
            "attachment_id": attachment.id,
            "digest": sha256(pdf).hexdigest(),
            "place": self.total,
            "tries": 0,
        }

    def _statement_file_name(self):
        """Return what the file is called, in the language of its reader."""
        me = self.with_context(lang=self._statement_lang())
        whose = f"{self.as_of} {self.partner_id.name or ''}"
        return file_names.of_letter(me._statement_title(), whose)

    def _refuse_many(self, blocks):
        """Refuse a letter of more items than somebody reads, and than are written in time."""
        count = sum(len(block.rows) for block in blocks)
        if count > MOST_ITEMS:
            raise UserError(
                self.env._(
                    "%(customer)s: %(count)s items were open, more than the %(most)s that fit into "
                    "a letter: match payments with invoices first, or use the partner ledger.",
                    customer=self.partner_id.display_name,
                    count=count,
                    most=MOST_ITEMS,
                )
            )

    def _check_ready(self):
        """Refuse what is no statement, or is not there.

        :raises UserError: with what to do
        """
        for case in self:
            if not case._is_statement():
                raise UserError(
                    self.env._("“%s” is no statement of account: download it instead.", case.name)
                )
            if not case.attachment_id:
                words = f"{case.name}: {case._no_file_text()}"  # both are in words already
                raise UserError(words)


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_upominky_statement(self):
        """Ask which statement of account of these customers is to be made."""
        self.env["upominky.reminder"]._check_user_may()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Statement of Account"),
            "res_model": "upominky.statement",
            "view_mode": "form",
            "target": "new",
            "context": {"default_partner_ids": self.commercial_partner_id.ids},
        }
