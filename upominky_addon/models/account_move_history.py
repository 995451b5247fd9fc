from odoo import api, models
from odoo.exceptions import UserError

from ..core.carry import Reminded, carry
from .account_move import CUSTOMER_INVOICES


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
        """Let the reminders of invoices count for the receivables that they have now."""
        invoices = self.filtered(lambda move: move.move_type in CUSTOMER_INVOICES)
        # sudo: whoever posts an invoice need not read reminders; the history of it stays its own.
        lines = self.env["upominky.reminder.line"].sudo()
        domain = [("move_id", "in", invoices.ids), ("counted", "=", True), ("event", "=", "issue")]
        for move, counted in lines.search(domain).grouped("move_id").items():
            others = counted.filtered(
                lambda line, m=move: line.reminder_id.partner_id != m.commercial_partner_id
            )
            others.counted = False  # it was another customer who was reminded
            move._upominky_carry_lines(counted - others)

    def _upominky_carry_lines(self, counted):
        """Attach counted lines whose receivable was deleted to the one that took its place."""
        lost = counted.filtered(lambda line: not line.move_line_id)
        if not lost:
            return
        items = self.line_ids.filtered(
            lambda item: item.account_type == "asset_receivable" and item.date_maturity
        )
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
        if kept and not kept[0].reminder_id.sudo(False).has_access("read"):
            raise UserError(
                self.env._(
                    "%s cannot be deleted: a payment reminder asks for it. Cancel the invoice "
                    "instead.",
                    kept[0].move_id.display_name,
                )
            )
        if kept:
            raise UserError(
                self.env._(
                    "%(invoice)s cannot be deleted: the reminder %(reminder)s asks for it. Cancel "
                    "the reminder if it was not sent yet, or cancel the invoice instead.",
                    invoice=kept[0].move_id.display_name,
                    reminder=kept[0].reminder_id.name,
                )
            )
        lines.unlink()
