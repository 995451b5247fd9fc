from odoo import api, fields, models

from ..core.plan import plan
from ..core.reasons import Code
from ..models.base.dates import day_text
from ..models.base.reason_words import reason_labels
from ..models.base.trusted import trusted
from .decision import CHUNK, decided, decision_values

#: Of so many rows at most the groups are open at once.
FEW = 40


class UpominkyPreviewLine(models.TransientModel):
    """What job 1 would do today with one overdue receivable, and why.

    Decided by the very code that job 1 runs; nothing but these rows is written.
    """

    _name = "upominky.preview.line"
    _description = "Preview of Payment Reminders"
    _inherit = ["upominky.decision"]
    _order = "days_overdue desc, amount desc, id"

    user_id = fields.Many2one("res.users", required=True, index=True)
    reason = fields.Selection(lambda self: reason_labels(self.env), string="Outcome")

    @api.model
    def action_open(self):
        """Decide anew for the user's companies, and open the result."""
        self.env["upominky.reminder"]._check_user_may()
        return self._open_on({c: c._upominky_today() for c in self.env.companies})

    @api.model
    def _open_on(self, days):
        """Open what job 1 would do on a day, as things stand now.

        :param dict days: the day by company
        """
        # sudo: users read previews, they do not write their rows themselves.
        trusted(self).search([("user_id", "=", self.env.uid)]).unlink()
        for company, day in days.items():
            trusted(self)._fill(company, day)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "upominky_addon.action_upominky_preview_line"
        )
        # Few rows are read at a glance: their groups are open.
        if self.search_count([], limit=FEW + 1) <= FEW:
            opened = self.env.ref("upominky_addon.view_upominky_preview_line_list_open")
            action["views"] = [(opened.id, "list"), (False, "kanban")]
        return action

    @api.model
    def _fill(self, company, today):
        """Write the rows of one company."""
        reader = self.env["upominky.reader"]
        facts = reader._facts(company, today)
        customers = reader._shown_customers(company, today)
        for start in range(0, len(customers), CHUNK):
            ids = customers[start : start + CHUNK]
            chunk = reader._customers(company, ids, facts=facts)
            rows = [vals for c in chunk.values() for vals in self._rows(c, facts, company)]
            mine = {"user_id": self.env.uid, "company_id": company.id}
            self.env["upominky.writer"]._insert(self._name, rows, **mine)

    def _rows(self, customer, facts, company):
        for item, decision in decided(customer, plan(customer, facts.company)):
            if decision:
                yield {
                    **decision_values(item, decision, customer, facts.company.today),
                    "detail": self._detail(item, decision, customer, facts.company, company),
                }

    @api.model
    def _explain(self, company, moves):
        """Say of each invoice what would happen to it today, a line for each instalment.

        :rtype: dict[int, str]
        """
        reader = self.env["upominky.reader"].with_company(company)
        facts = reader._company(company, company._upominky_today())
        # A customer may have become a contact of another since it was invoiced.
        owing = moves.commercial_partner_id.commercial_partner_id
        customers = reader._customers(company, owing.ids)
        found = {}
        for customer in customers.values():
            for item, decision in decided(customer, plan(customer, facts)):
                if item.move_id in moves.ids:
                    asked = (decision, item, customer, facts, company)
                    found.setdefault(item.move_id, []).append(asked)
        return {
            move_id: "\n".join(self._sentence(*one, is_part=len(asked) > 1) for one in asked)
            for move_id, asked in found.items()
        }

    def _sentence(self, decision, item, customer, facts, company, *, is_part):
        """Say what would happen to a receivable; which part of its invoice it is, if it is one."""
        if decision is None:
            return self.env._("Not overdue yet (due %s).", day_text(self.env, item.due))
        labels = dict(self._fields["reason"]._description_selection(self.env))
        reason = labels[str(decision.code)]
        if not item.due:
            return f"{reason}."
        told = decision.code in (Code.ON_HOLD, Code.BELOW_MINIMUM, Code.BEFORE_START)
        if told and (detail := self._detail(item, decision, customer, facts, company)):
            reason = self.env._("%(reason)s (%(detail)s)", reason=reason, detail=detail)
        if not decision.next_date:
            return self._of_part(reason, item)
        level = self.env["upominky.level"].browse(decision.level.id)
        return self.env._(
            "%(reason)s Next: %(level)s, on %(day)s at the earliest.",
            reason=self._of_part(reason, item) if is_part else f"{reason}.",
            level=level.name,
            day=day_text(self.env, max(decision.next_date, facts.today)),
        )

    def _of_part(self, reason, item):
        return self.env._(
            "%(reason)s (due %(due)s).", reason=reason, due=day_text(self.env, item.due)
        )

    def action_issue(self):
        """Issue reminders for the invoices of these rows by hand, with a preview."""
        self.check_access("read")
        return self.move_id.action_upominky_issue()

    def action_ask_hold(self):
        """Ask until when the customer of these rows gets no reminders.

        :raises UserError: if they are of several customers
        """
        self.check_access("read")
        return self.partner_id.action_upominky_ask_hold()

    def action_open_move(self):
        """Open the invoice of a row."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "view_mode": "form",
        }
