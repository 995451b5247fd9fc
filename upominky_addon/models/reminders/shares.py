from datetime import date

from odoo import api, models

from ...core.money import Credit, share_credits
from ...core.schedule import Receivable
from ..base.amounts import exact


class UpominkyReminder(models.Model):
    """How the credits of a reminder are shared over its lines."""

    _inherit = "upominky.reminder"

    @api.model
    def _shared_credits(self, lines, credits):
        """Return the shares of credits by line, shared as at the issue.

        :param lines: of one currency, which are paid to one account
        :param credits: what is deducted of these lines
        :rtype: dict[int, list[core.money.Share]]
        """
        if not credits:
            return {}
        owed = [
            Receivable(
                line.id,
                line.move_id.id,
                line.currency_id.id,
                line.due_date or date.max,
                exact(line.amount_due, line.currency_id),
            )
            for line in lines
        ]
        orders = {line.id: line.level_order for line in lines}
        return share_credits(owed, orders, [credit._to_core() for credit in credits])


class UpominkyReminderCredit(models.Model):
    _inherit = "upominky.reminder.credit"

    def _to_core(self):
        """Return a credit as :func:`core.money.share_credits` knows it."""
        # sudo: which invoice a credit note reverses decides what is left of it in the letter.
        reverses = self.sudo().move_line_id.move_id.reversed_entry_id.id
        amount = exact(self.amount, self.currency_id)
        return Credit(self.id, self.currency_id.id, amount, reverses or None)
