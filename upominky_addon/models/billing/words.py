"""What an invoice of interest says. All texts of this module are read by customers."""

from odoo import api, models


class UpominkyBilling(models.AbstractModel):
    _inherit = "upominky.billing"

    @api.model
    def _interest_words(self, item, segments, writer):
        """Return what a line of the invoice says: of which debt, and each row of its calculation.

        :param account.move.line item: the receivable
        :param segments: what is billed of it
        :param upominky.reminder writer: none, in the customer's language
        """
        number = item.move_id.name
        due = writer._day_text(item.date_maturity)
        head = self.env._(
            "Interest for late payment of %(invoice)s, due on %(day)s", invoice=number, day=due
        )
        return "\n".join([head, *(self._days_words(item, row, writer) for row in segments)])

    @api.model
    def _days_words(self, item, row, writer):
        words = {
            "first": writer._day_text(row.first),
            "last": writer._day_text(row.last),
            "days": row.days,
            "base": writer._money_text(item.currency_id, float(row.balance)),
            "percent": writer._percent_text(row.percent),
            "amount": writer._money_text(item.currency_id, float(row.amount)),
        }
        return self.env._(
            "%(first)s – %(last)s, days: %(days)s, from %(base)s, %(percent)s: %(amount)s", **words
        )

    @api.model
    def _cost_words(self, item):
        return self.env._("Flat cost of recovery of %s", item.move_id.name)
