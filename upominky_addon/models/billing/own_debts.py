from odoo import api, models
from odoo.exceptions import UserError

from ...core.bills import MalformedError, read
from ..base.trusted import trusted


class UpominkyBilling(models.AbstractModel):
    """An invoice bills interest on debts of its own customer, in its own company, and no others.

    What it says that it bills is kept on its lines, which whoever may write invoices fills with
    what he likes. It is read before anything is noted.
    """

    _inherit = "upominky.billing"

    # EXTENDS 'upominky_addon'
    @api.model
    def _bill_again(self, bills):
        # sudo: whoever posts an invoice need not read what it bills.
        for line in bills.sudo().invoice_line_ids.filtered("upominky_bills"):
            self._own_rows(line)
        return super()._bill_again(bills)

    @api.model
    def _own_rows(self, line):
        """Return what a line of an invoice says that it bills, if it may.

        :rtype: tuple[core.bills.Said, ...]
        :raises UserError: if it says nothing that can be read, or names what is not the customer's
        """
        try:
            rows = read(line.upominky_bills)
        except MalformedError as error:
            raise UserError(
                self.env._(
                    "What “%s” bills cannot be read. Take the line out of the invoice, and bill "
                    "interest from the invoices that it is about.",
                    _title(line),
                )
            ) from error
        if not self._are_own(line, rows):
            raise UserError(
                self.env._(
                    "“%s” says that it bills interest on a debt of another customer or company, or "
                    "on one that is not there any more. Take the line out of the invoice, and bill "
                    "interest from the invoices that it is about.",
                    _title(line),
                )
            )
        return rows

    @api.model
    def _are_own(self, line, rows):
        """Say whether what rows name are debts of the line's company and customer.

        :param rows: of :class:`core.bills.Said`; a receivable that is gone is known by its invoice
        """
        # sudo: whose a debt is decides, seen or not by whoever posts.
        items = trusted(self.env["account.move.line"]).browse({row.item for row in rows})
        items = items.exists()
        moves = items.move_id.browse({row.move for row in rows if row.move}).exists()
        gone = any(row.item not in items.ids and row.move not in moves.ids for row in rows)
        mine = (line.company_id.id, line.move_id.partner_id.commercial_partner_id.id)
        return not gone and all(
            (debt.company_id.id, debt.partner_id.commercial_partner_id.id) == mine
            for debts in (items, moves)
            for debt in debts
        )


def _title(line):
    """Return what a line is called: its first row."""
    return (line.name or "").partition("\n")[0]
