from collections import Counter
from datetime import date

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from ..core.plan import ISSUED, plan
from ..models.base.amounts import totals_text
from ..models.base.names import some_names
from ..models.base.reason_words import BY_HAND, reason_labels
from ..models.base.trusted import trusted
from ..models.jobs.progress import CUSTOMERS_AT_ONCE
from .decision import CHUNK, decided, decision_values

NAMES_SHOWN = 10


class UpominkyIssue(models.TransientModel):
    """Issuing reminders by hand, for chosen invoices or customers: a preview, then what was done.

    Dates, automatic levels, the start date and the minimum do not bind here; exclusions, holds,
    unsent reminders, credits and the mode do (:func:`core.plan.plan` with ``by_hand``).
    """

    _name = "upominky.issue"
    _description = "Issue Payment Reminders by Hand"
    _inherit = ["upominky.context"]

    state = fields.Selection(
        [("preview", "Preview"), ("done", "Done")], required=True, default="preview"
    )
    line_ids = fields.One2many("upominky.issue.line", "issue_id", string="Receivables")
    reminder_ids = fields.Many2many("upominky.reminder", string="Reminders")
    can_send = fields.Boolean(compute="_compute_can_send", help="One of them is not sent yet.")
    reminder_count = fields.Integer(string="Reminders To Issue", readonly=True)
    customer_count = fields.Integer(string="Customers", readonly=True)
    totals_text = fields.Char(string="Total to Pay", readonly=True)
    left_out_text = fields.Text(readonly=True, help="Chosen documents that nobody owes anything.")
    problem_text = fields.Text(readonly=True, help="What could not be issued, and why.")

    @api.depends("reminder_ids.state")
    def _compute_can_send(self):
        for wizard in self:
            wizard.can_send = "issued" in wizard.reminder_ids.mapped("state")

    # -------------------------------------------------------------- preview

    @api.model
    def _open(self, moves=None, customers=None):
        """Decide about what was chosen and open the preview.

        :param moves: invoices that the user may read, or
        :param customers: commercial partners, for all their overdue receivables
        """
        # sudo: the rows are what the core decided; users read them, they do not write them.
        wizard = trusted(self).create({})
        companies = self.env.companies if moves is None else moves.company_id & self.env.companies
        counts, totals = Counter(), Counter()
        # sudo: as above; it is decided as the job decides, who sees all customers.
        for company in map(trusted, companies):
            reader = wizard.env["upominky.reader"]
            facts = reader._facts(company, company._upominky_today())
            for chosen in wizard._chosen(company, moves, customers, facts):
                wizard._fill(company, facts.company, chosen, counts, totals)
        wizard.write(
            {
                "reminder_count": counts["reminders"],
                "customer_count": counts["customers"],
                "totals_text": totals_text(self.env, totals),
                "left_out_text": wizard._left_out(moves),
            }
        )
        return wizard._reopen()

    def _chosen(self, company, moves, customers, facts):
        """Yield customers with all that they owe, a chunk at a time, and the chosen receivables.

        :param Facts facts: what all of them share
        :return: pairs of core customers by id, and of the set of ids of receivables
        """
        reader = self.env["upominky.reader"].with_company(company)
        today = facts.company.today
        picked = None
        if moves is not None:
            mine = moves.filtered(lambda move: move.company_id == company)
            found = reader._customers(company, moves=mine, facts=facts)
            picked = set(self._chosen_items(found, date.max))
            ids = sorted(found)
        else:
            ids = customers.ids
        for start in range(0, len(ids), CHUNK):
            chunk = reader._customers(company, ids[start : start + CHUNK], facts=facts)
            overdue = set(self._chosen_items(chunk, today))
            yield chunk, overdue if picked is None else picked

    def _chosen_items(self, customers, today):
        """Yield ids of what customers owe that was due before ``today``, or has no due date."""
        for owing in customers.values():
            for item in (*owing.receivables, *owing.left_out):
                if item.due is None or item.due < today:
                    yield item.id

    def _fill(self, company, facts, chosen, counts, totals):
        """Write the rows of some customers, and add up what would be issued.

        :param core.plan.Company facts: what of the company bears on it
        :param chosen: of :meth:`_chosen`
        :param Counter counts: gets the numbers of reminders and customers
        :param Counter totals: gets the total to pay by currency id
        """
        (customers, picked), rows, lines = chosen, [], self.env["upominky.issue.line"]
        for customer in customers.values():
            made = plan(customer, facts, by_hand=picked)
            counts["reminders"] += len(made.reminders)
            counts["customers"] += bool(made.reminders)
            for reminder in made.reminders:
                totals.update(reminder.totals)
            rows += [
                {
                    **decision_values(item, decision, customer, facts.today),
                    "detail": lines._detail(item, decision, customer, facts, company),
                }
                for item, decision in decided(customer, made)
                if decision and item.id in picked
            ]
        whose = {"issue_id": self.id, "company_id": company.id}
        self.env["upominky.writer"]._insert(lines._name, rows, **whose)
        self.invalidate_recordset(["line_ids"])

    def _left_out(self, moves):
        """Name the chosen documents that are no open customer invoices."""
        others = (moves or self.env["account.move"]) - self.line_ids.move_id
        return self._names(others.mapped("display_name"))

    @api.model
    def _names(self, names):
        """Return names as a list in a sentence, the first few of them."""
        return some_names(self.env, names[:NAMES_SHOWN], len(names))

    # ---------------------------------------------------------------- issue

    def action_issue(self):
        """Issue what the preview shows, decided once more, and show what was issued."""
        self.env["upominky.reminder"]._check_user_may()
        self.ensure_one()
        self.check_access("read")
        # sudo: users issue reminders, but write neither them nor the rows of this preview.
        wizard = trusted(self)
        if wizard.line_ids.company_id - self.env.companies:
            raise AccessError(self.env._("Choose the company of these invoices first."))
        if wizard.state == "preview":
            if wizard._is_long():
                return wizard._leave()
            wizard._issue()
        return self._reopen()

    def _is_long(self):
        """Say whether issuing is left to job 1, as too much for the request.

        :raises UserError: if it is, and the job is switched off
        """
        many = self.customer_count > CUSTOMERS_AT_ONCE
        if many and not self.env["upominky.run"]._job_is_on("cron_generate"):
            raise UserError(
                self.env._(
                    "While the generating job is switched off, reminders of at most %s customers "
                    "are issued at once. Choose fewer, or switch it on in the settings.",
                    CUSTOMERS_AT_ONCE,
                )
            )
        return many

    def _leave(self):
        """Have job 1 issue what the preview shows, and open the page that shows how far it is."""
        runs = self.env["upominky.run"]
        for company, lines in self.line_ids.grouped("company_id").items():
            customer_ids, item_ids = lines.partner_id.ids, lines.move_line_id.ids
            runs |= runs._ask_to_issue(company, customer_ids, item_ids)
        self.state = "done"
        return {**runs._show_progress(), "target": "main"}

    def _issue(self):
        runs = self.env["upominky.run"]
        for company, lines in self.line_ids.grouped("company_id").items():
            generate = self.env["upominky.generate"].with_company(company)
            customer_ids, item_ids = lines.partner_id.ids, lines.move_line_id.ids
            runs |= generate._issue_by_hand(company, customer_ids, item_ids)
        issued = {line.move_line_id: line.reminder_id for line in runs.reminder_ids.line_ids}
        for line in self.line_ids:
            line.reminder_id = issued.get(line.move_line_id)
        self.write(
            {
                "state": "done",
                "reminder_ids": [Command.set(runs.reminder_ids.ids)],
                "problem_text": "\n".join(filter(None, [*runs.mapped("error"), self._missed()])),
            }
        )

    def _missed(self):
        """Name the invoices that the preview promised and that were not issued after all."""
        promised = self.line_ids.filtered(lambda line: line.reason in ISSUED)
        missed = promised.filtered(lambda line: not line.reminder_id).move_id
        if not missed:
            return None
        return self.env._(
            "Not issued, for something failed or has changed since the preview: %s.",
            self._names(missed.mapped("display_name")),
        )

    def action_send_now(self):
        """Send what was issued; rights are those of the user on each of them."""
        self.ensure_one()
        self.check_access("read")
        return self.reminder_ids.filtered(lambda r: r.state == "issued").action_send_now()

    def action_open_reminders(self):
        """Open the reminder book with what was issued."""
        self.ensure_one()
        reminders = self.reminder_ids
        name = self.env._("Reminders Issued Just Now")
        return reminders._open_book([("id", "in", reminders.ids)], target="main", name=name)

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Issue Reminders"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }


class UpominkyIssueLine(models.TransientModel):
    """What issuing by hand does with one receivable, and why."""

    _name = "upominky.issue.line"
    _description = "Receivable to Remind by Hand"
    _inherit = ["upominky.decision"]
    _order = "company_id, partner_id, due_date, id"

    issue_id = fields.Many2one("upominky.issue", required=True, ondelete="cascade", index=True)
    reason = fields.Selection(lambda self: reason_labels(self.env, BY_HAND), string="Outcome")
    reminder_id = fields.Many2one("upominky.reminder", index="btree_not_null")
