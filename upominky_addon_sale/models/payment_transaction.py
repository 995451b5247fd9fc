from odoo import models

from .sale_order import QUOTATION


class PaymentTransaction(models.Model):
    """Payments of orders that are stopped: the money is never lost for it (SPEC rule 44)."""

    _inherit = "payment.transaction"

    # EXTENDS 'sale'
    def _check_amount_and_confirm_order(self):
        """Leave a quotation that is stopped as it is, and book its payment like any other.

        An error here would roll back what the bank has done already. The customer gets Odoo's
        message that the payment arrived, and who sells the order gets a to-do. What is paid in full
        is confirmed: nothing of it is on credit.
        """
        stopped = self.filtered(lambda tx: tx._upominky_is_stopped())
        for order in stopped.sale_order_ids:
            order._upominky_tell_stopped()
        return super(PaymentTransaction, self - stopped)._check_amount_and_confirm_order()

    def _upominky_is_stopped(self):
        """Say whether confirming the quotation that was paid would be refused."""
        orders = self.sale_order_ids
        if len(orders) != 1 or orders.state not in QUOTATION:
            return False
        return orders._is_confirmation_amount_reached() and bool(orders._upominky_refused())
