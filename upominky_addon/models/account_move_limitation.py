from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..core.limitation import limited_on
from .base.dates import day_text
from .books.limitation import limited
from .books.receivables import receivables
from .res_company import INSIDE

ONE_DAY = timedelta(days=1)


class AccountMove(models.Model):
    """When what is owed on an invoice becomes statute-barred (SPEC rule 40)."""

    _inherit = "account.move"

    upominky_acknowledged_on = fields.Date(
        string="Debt Acknowledged On",
        copy=False,
        tracking=True,
        index="btree_not_null",
        groups=INSIDE,
        help="The day on which the debtor acknowledged the debt in writing. It is barred ten years "
        "after that day, instead of three years after the day after its due date (§ 639 of the "
        "Czech civil code).",
    )
    upominky_limitation_date = fields.Date(
        string="Statute-Barred On",
        compute="_compute_upominky_limitation_date",
        search="_search_upominky_limitation_date",
        groups=INSIDE,
        help="The day on which the earliest of what is open becomes statute-barred by Czech law. A "
        "reminder does not put it off.",
    )

    upominky_is_of_many = fields.Boolean(
        string="Of Several Customers",
        compute="_compute_upominky_is_of_many",
        groups=INSIDE,
        help="An entry that says what several customers owe: none of them acknowledges all of it.",
    )

    @api.depends("move_type", "line_ids.partner_id", "line_ids.account_id")
    def _compute_upominky_is_of_many(self):
        for move in self:
            items = move.line_ids if move.move_type == "entry" else move.line_ids.browse()
            owed = items.filtered("upominky_of_customer")
            move.upominky_is_of_many = len(owed.partner_id.commercial_partner_id) > 1

    @api.depends("upominky_acknowledged_on", "line_ids.date_maturity", "line_ids.reconciled")
    def _compute_upominky_limitation_date(self):
        # sudo: when an invoice that is read becomes barred follows from its own items.
        items = self.env["account.move.line"].sudo()
        mine = Domain("move_id", "in", self.ids) & receivables()
        earliest = dict(items._read_group(mine, ["move_id"], ["date_maturity:min"]))
        by_id = {move.id: due for move, due in earliest.items()}
        for move in self:
            due = by_id.get(move.id)
            said = move.upominky_acknowledged_on or None
            move.upominky_limitation_date = due and limited_on(due, said)

    @api.model
    def _search_upominky_limitation_date(self, operator, value):
        """Find invoices by their items: an index of due dates answers it."""
        self._upominky_check_search("upominky_limitation_date")
        if operator == "in":
            days = [self._upominky_to_date(day) for day in value if day]
            found = Domain.OR(self._upominky_limited(day, day) for day in days)
            none = False in value and ~self._upominky_limited(None, None)
            return found | none if none else found
        if operator not in ("<", "<=", ">", ">="):
            return NotImplemented
        day = self._upominky_to_date(value)
        if operator in ("<", "<="):
            return self._upominky_limited(None, day - ONE_DAY if operator == "<" else day)
        return self._upominky_limited(day + ONE_DAY if operator == ">" else day, None)

    @api.model
    def _upominky_limited(self, first, last):
        """Return the domain of those whose earliest item becomes barred in a span of days."""
        some = Domain("line_ids", "any", limited(self, first, last))
        earlier = first and Domain("line_ids", "any", limited(self, None, first - ONE_DAY))
        return some & ~earlier if earlier else some

    @api.constrains("upominky_acknowledged_on")
    def _check_upominky_acknowledged_by_one(self):
        for move in self:
            if move.upominky_acknowledged_on and move.upominky_is_of_many:
                raise ValidationError(
                    self.env._(
                        "%s says what several customers owe: who acknowledged the debt cannot be "
                        "said on it. Bring over what that customer owes by an entry of its own.",
                        move.display_name,
                    )
                )

    @api.constrains("upominky_acknowledged_on")
    def _check_upominky_acknowledged_on(self):
        for move in self:
            day, today = move.upominky_acknowledged_on, move.company_id._upominky_today()
            if day and day > today:
                raise ValidationError(
                    self.env._(
                        "%(invoice)s would be acknowledged on %(day)s, which is to come: enter the "
                        "day on which the debtor signed.",
                        invoice=move.display_name,
                        day=day_text(self.env, day),
                    )
                )
