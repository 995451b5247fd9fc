from ast import literal_eval

from odoo import api, fields, models
from odoo.tools import SQL

from ..core.plan import ISSUED, plan
from ..core.reasons import Code
from ..models.base.dates import day_text
from ..models.base.reason_words import reason_labels
from ..models.base.slices import next_slice
from ..models.base.trusted import trusted
from .decision import decided

#: Of so many rows at most the groups are open at once.
FEW = 40
#: What a caller may say of whether it is the next slice.
GO_ON = [(False, "the first slice"), (True, "the next one")]


class UpominkyPreviewLine(models.TransientModel):
    """What job 1 would do today with one overdue receivable, and why.

    Decided by the very code that job 1 runs; nothing but these rows is written.
    """

    _name = "upominky.preview.line"
    _description = "Preview of Payment Reminders"
    _inherit = ["upominky.decision"]
    _order = "days_overdue desc, amount desc, id"

    preview_id = fields.Many2one(
        "upominky.preview", required=True, index=True, ondelete="cascade", help="Shown once whole."
    )
    user_id = fields.Many2one("res.users", required=True, index=True)
    reason = fields.Selection(lambda self: reason_labels(self.env), string="Outcome")

    # EXTENDS 'base'
    def _read_group_orderby(self, order, groupby_terms, query):
        # By their codes, groups would stand in the alphabet of words that nobody sees.
        if (order or "reason") == "reason" and [*groupby_terms] == ["reason"]:
            codes = [code for code, _label in reason_labels(self.env)]
            ranked = sorted(codes, key=lambda code: code not in ISSUED)
            return SQL("array_position(%s::text[], %s::text)", ranked, groupby_terms["reason"])
        return super()._read_group_orderby(order, groupby_terms, query)

    @api.model
    def action_open(self, go_on=False):
        """Decide anew for the user's companies, and open the result; of many, slice by slice.

        :param bool go_on: whether it is the next slice
        """
        self.env["upominky.reminder"]._check_user_may()
        days = {company: company._upominky_today() for company in self.env.companies}
        if left := self._decide(days, go_on):
            return next_slice(self, "action_open", *left, **self._progress_words(*left), go_on=True)
        return self._opened()

    @api.model
    def _decide(self, days, go_on):
        """Decide what job 1 would do on a day; see :meth:`upominky.preview._decide`."""
        self.env["upominky.reminder"]._refuse_choice(go_on, GO_ON)
        # sudo: users read previews, they do not write their rows themselves; and it is decided as
        # the job decides, who sees all customers.
        days = {trusted(company): day for company, day in days.items()}
        return trusted(self.env["upominky.preview"])._decide(days, go_on)

    def _progress_words(self, done, total):
        words = {"done": done, "total": total}
        return {
            "title": self.env._("Preview"),
            "text": self.env._("Decided: %(done)s of %(total)s customers.", **words),
        }

    @api.model
    def _opened(self):
        """Return the action of the preview as it was decided."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "upominky_addon.action_upominky_preview_line"
        )
        # Few rows are read at a glance: their groups are open.
        if self.search_count([], limit=FEW + 1) <= FEW:
            opened = self.env.ref("upominky_addon.view_upominky_preview_line_list_open")
            action["views"] = [(opened.id, "list"), (False, "kanban")]
        has_items = bool(self.search_count([("move_id.move_type", "=", "entry")], limit=1))
        context = {**literal_eval(action["context"]), "upominky_opening_items": has_items}
        return {**action, "context": context}

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
        """Ask until when the customers of these rows get no reminders."""
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
