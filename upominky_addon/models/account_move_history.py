from odoo import api, models

from ..core.carry import Reminded, carry
from .base.in_use import refuse_in_use
from .books.receivables import of_customers


def _reminded(line):
    """Return whom a reminder's line went to, as the customer that it is now."""
    return line.reminder_id.partner_id.commercial_partner_id


def _owing(items):
    """Return the customers who owe journal items."""
    return items.partner_id.commercial_partner_id


class AccountMove(models.Model):
    """What becomes of an invoice's reminders when it is reset to draft, changed and posted again.

    Odoo may delete its receivables and make others. Without their history the customer would get
    the first level again.
    """

    _inherit = "account.move"

    # EXTENDS 'account'
    def _post(self, soft=True):
        posted = super()._post(soft)
        posted._upominky_carry_history()
        return posted

    def _upominky_carry_history(self):
        """Let the reminders of documents count for the receivables that they have now.

        A customer is who it is today: one that has become a contact of a company since it was
        reminded is that company, and its history goes on.
        """
        # sudo: whoever posts an invoice need not read reminders; the history of it stays its own.
        lines = self.env["upominky.reminder.line"].sudo()
        domain = [("move_id", "in", self.ids), ("counted", "=", True)]
        for move, counted in lines.search(domain).grouped("move_id").items():
            items = move._upominky_items()
            others = counted.filtered(
                lambda line, i=items: _reminded(line) not in _owing(line.move_line_id or i)
            )
            others.counted = False  # it was another customer who was reminded
            for customer, mine in (counted - others).grouped(_reminded).items():
                owed = items.filtered(lambda item, c=customer: _owing(item) == c)
                move._upominky_carry_lines(mine, owed)

    def _upominky_items(self):
        """Return the items of customers' receivables that have a due date."""
        # sudo: as above; nothing of them is shown.
        items = self.sudo().line_ids.filtered("date_maturity")
        return items.filtered_domain(of_customers())

    def _upominky_carry_lines(self, counted, items):
        """Attach counted lines whose receivable was deleted to the one that took its place."""
        lost = counted.filtered(lambda line: not line.move_line_id)
        if not lost:
            return
        found = carry(
            (Reminded(line.id, line.level_order, line.due_date) for line in lost),
            {item.id: item.date_maturity for item in items},
            {(line.move_line_id.id, line.level_order) for line in counted - lost},
        )
        for line in lost:
            line.move_line_id = found.get(line.id, False)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_reminded(self):
        # sudo: whether an invoice was reminded matters also to who may not read reminders.
        lines = self.sudo().upominky_line_ids
        kept = lines.filtered(lambda line: line.counted or line.reminder_id._is_out())
        if kept:
            invoice, reminder = kept[0].move_id.display_name, kept[0].reminder_id
            refuse_in_use(
                reminder,
                self.env._(
                    "%(invoice)s cannot be deleted: the reminder %(reminder)s asks for it. Cancel "
                    "the reminder if it was not sent yet, or cancel the invoice instead.",
                    invoice=invoice,
                    reminder=reminder.name,
                ),
                self.env._(
                    "%s cannot be deleted: a payment reminder asks for it. Cancel the invoice "
                    "instead.",
                    invoice,
                ),
            )
        lines.unlink()
