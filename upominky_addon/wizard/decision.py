from datetime import date

from odoo import api, fields, models

from ..core.reasons import Code
from ..core.schedule import hold_end
from ..models.base.dates import day_text
from ..models.reminders.line import opening_item

#: So many customers are read and decided on at a time.
CHUNK = 500


def decided(customer, made):
    """Yield what was decided about each receivable and each item that is left out.

    :param core.plan.Customer customer: whose they are
    :param core.plan.Plan made: the decisions
    :return: pairs of the item and the decision, None for a receivable that is not overdue yet
    """
    for item in customer.receivables:
        yield item, made.decisions.get(item.id)
    for item in customer.left_out:
        yield item, made.left_out.get(item.id)


def decision_values(item, decision, customer, today):
    """Return what a row shows of the decision about one receivable.

    :param item: what is decided on, a core.schedule.Receivable or LeftOut
    :param core.schedule.Decision decision: what the core says
    :param core.plan.Customer customer: whose it is
    :param date today: the company's calendar date
    """
    return {
        "partner_id": customer.id,
        "move_id": item.move_id,
        "move_line_id": item.id,
        "due_date": item.due,
        "days_overdue": max(0, (today - item.due).days) if item.due else 0,
        "currency_id": item.currency,
        "amount": float(item.residual),
        "reason": str(decision.code),
        "rule_id": customer.rule.id if customer.rule else None,
        "level_id": decision.level.id if decision.level else None,
        # A day that has passed tells nobody when: then it is today.
        "next_date": decision.next_date and max(decision.next_date, today),
    }


class UpominkyDecision(models.AbstractModel):
    """A row that shows what was decided about one receivable, of :func:`decision_values`."""

    _name = "upominky.decision"
    _description = "Decision about a Receivable"
    _inherit = ["upominky.context"]

    company_id = fields.Many2one("res.company", required=True, index=True)
    partner_id = fields.Many2one("res.partner", string="Customer", index="btree_not_null")
    move_id = fields.Many2one("account.move", string="Invoice", index="btree_not_null")
    move_line_id = fields.Many2one("account.move.line", string="Receivable", index="btree_not_null")
    opening_item = fields.Char(
        compute="_compute_opening_item",
        help="What the item of an opening entry is called, which brings over many.",
    )
    due_date = fields.Date()
    days_overdue = fields.Integer(aggregator=False)
    currency_id = fields.Many2one("res.currency")
    amount = fields.Monetary(string="Left to Pay", aggregator=False)
    rule_id = fields.Many2one("upominky.rule", index="btree_not_null")
    level_id = fields.Many2one("upominky.level", index="btree_not_null")
    next_date = fields.Date(string="Next Reminder")
    detail = fields.Char(string="Details", help="Until when, why, below what.")

    @api.depends("move_line_id")
    def _compute_opening_item(self):
        # sudo: what the item is called is in the letter of whoever reads the row.
        for row, known in zip(self, self.sudo(), strict=True):
            row.opening_item = opening_item(known.move_id, known.move_line_id)

    @api.model
    def _detail(self, item, decision, customer, facts, company):
        """Return the facts of a reason in words, None where it says all by itself.

        :param item: what is decided on, a core.schedule.Receivable or LeftOut
        :param core.schedule.Decision decision: what the core says
        :param core.plan.Customer customer: whose it is
        :param core.plan.Company facts: what of the company bears on it
        :param company: the company itself
        """
        tellers = {
            Code.ON_HOLD: lambda: self._hold_detail(item, facts.today),
            Code.BELOW_MINIMUM: lambda: self.env._(
                "the rule's minimum is %s",
                company.currency_id.format(float(customer.rule.minimum)),
            ),
            Code.BEFORE_START: lambda: self.env._(
                "the start date is %s", day_text(self.env, facts.start)
            ),
        }
        if teller := tellers.get(decision.code):
            return teller()
        if decision.next_date and decision.next_date > facts.today:
            return self.env._("until %s", day_text(self.env, decision.next_date))
        return None

    def _hold_detail(self, item, today):
        """Return until when an item is held and why: by the hold that lasts longest."""
        end = hold_end(item, today)
        ending = [hold for hold in item.holds if hold.end(today) == end]
        field = self.env["res.partner"]._fields["upominky_hold_reason"]
        words = dict(field._description_selection(self.env))
        reason = next((words.get(hold.reason) for hold in ending if hold.reason), None)
        if end == date.max:
            return self.env._("without an end: %s", reason) if reason else None
        day = day_text(self.env, end)
        if not reason:
            return self.env._("up to and including %s", day)
        return self.env._("up to and including %(day)s: %(reason)s", day=day, reason=reason)
