from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...core.bills import any_meets
from ..base.trusted import trusted
from .queries import LIVING_LINES


class UpominkyBilling(models.AbstractModel):
    """What a living invoice says that it bills is billed, whatever was noted meanwhile.

    An invoice that was credited in full is dead, and what it billed may be billed anew. Where the
    credit note is taken back it lives again, and is owed again.
    """

    _inherit = "upominky.billing"

    # EXTENDS 'upominky_addon'
    @api.model
    def _forget_dead(self, items):
        result = super()._forget_dead(items)
        self._note_living(self._living_of(items))
        return result

    # EXTENDS 'upominky_addon'
    @api.model
    def _bill_again(self, bills):
        result = super()._bill_again(bills)
        self._refuse_living(bills)
        return result

    @api.model
    def _living_of(self, items):
        """Return lines that say what they bill, of posted invoices to the debtors of some items.

        Not of those that were credited in full.
        """
        self.env.flush_all()
        scope = {
            "companies": items.company_id.ids,
            "customers": items.partner_id.commercial_partner_id.ids,
        }
        rows = self.env.execute_query(SQL(LIVING_LINES, **scope))
        # sudo: what was billed is read whole.
        return trusted(self.env["account.move.line"]).browse([id for (id,) in rows])

    @api.model
    def _note_living(self, lines):
        """Note what lines of living invoices bill, where nothing else was noted meanwhile.

        :return: the lines that another invoice stands in the way of
        """
        # sudo: what was billed is read whole.
        noted = trusted(self.env["upominky.billed"])
        hindered = lines.browse()
        for line in lines - noted.search([("billed_line_id", "in", lines.ids)]).billed_line_id:
            rows = self._said_by(line)
            if self._noted_instead(rows):
                hindered |= line
            elif rows:
                self._note_billed(line)
        return hindered

    @api.model
    def _refuse_living(self, bills):
        """Refuse to post what a living invoice says that it bills.

        :raises UserError: naming that invoice
        """
        # sudo: what an invoice bills decides whether it may be posted, whoever posts.
        lines = bills.sudo().invoice_line_ids.filtered("upominky_bills")
        mine = {line: self._said_by(line) for line in lines}
        ids = {row.item for rows in mine.values() for row in rows}
        # sudo: what an invoice bills is read whole, whoever posts.
        items = trusted(self.env["account.move.line"]).browse(ids).exists()
        others = [(line, self._said_by(line)) for line in self._living_of(items) - lines]
        for rows in mine.values():
            for other, said in others:
                if row := any_meets(rows, said):
                    raise UserError(self._billed_text(items.browse(row.item), other.move_id))

    @api.model
    def _revive(self, bills):
        """Note again what invoices bill whose credit note was taken back.

        :raises UserError: if another invoice bills it by now, naming both
        """
        # sudo: what an invoice bills decides whether it may be owed again, whoever asks.
        lines = bills.sudo().invoice_line_ids.filtered("upominky_bills")
        ids = {row.item for line in lines for row in self._said_by(line)}
        # sudo: what an invoice bills is read whole, whoever posts.
        items = trusted(self.env["account.move.line"]).browse(ids).exists()
        items.partner_id.commercial_partner_id._upominky_reserve()
        self._forget_dead(items)
        for line in self._note_living(self._living_of(items) & lines):
            other = self._noted_instead(self._said_by(line))[:1]
            raise UserError(
                self.env._(
                    "Without this credit note %(bill)s would bill interest of %(invoice)s again, "
                    "which %(other)s bills by now. Delete, cancel or credit %(other)s first.",
                    bill=line.move_id.display_name,
                    invoice=other.move_line_id.move_id.name,
                    other=other.billed_move_id.display_name,
                )
            )


class AccountMove(models.Model):
    """A credit note that is taken back: what it credited is owed again."""

    _inherit = "account.move"

    # EXTENDS 'account'
    def button_draft(self):
        """Have invoices of interest bill again what they did before they were credited.

        :raises UserError: if another invoice bills it by now
        """
        # sudo: what a credit note credited is asked whoever takes it back.
        notes = self.sudo().filtered(lambda m: m.move_type == "out_refund" and m.state == "posted")
        bills = notes.reversed_entry_id | notes.line_ids.matched_debit_ids.debit_move_id.move_id
        bills = bills.filtered("upominky_is_interest")
        result = super().button_draft()
        if bills:
            self.env["upominky.billing"]._revive(bills)
        return result


class AccountPartialReconcile(models.Model):
    """A credit note that is matched with an invoice no more credits it no more."""

    _inherit = "account.partial.reconcile"

    # EXTENDS 'account'
    def unlink(self):
        # sudo: what a credit note credited is asked whoever takes them apart.
        credited = self.sudo().filtered(
            lambda partial: (
                partial.credit_move_id.move_id.move_type == "out_refund"
                and partial.debit_move_id.move_id.upominky_is_interest
            )
        )
        bills = credited.debit_move_id.move_id
        result = super().unlink()
        if bills := bills.exists():
            self.env["upominky.billing"]._revive(bills)
        return result
