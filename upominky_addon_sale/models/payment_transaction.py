from odoo import api, models
from odoo.exceptions import UserError

from .callers import is_colleague, who_asks
from .sale_order import QUOTATION
from .words_for_customers import not_online


class PaymentTransaction(models.Model):
    """Payments of orders that are stopped: the money is never lost for it (SPEC rule 44)."""

    _inherit = "payment.transaction"

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse a customer's payment that would not confirm the order, before it is made.

        Whichever page it is paid on, it begins here: the portal, a link, the checkout of a shop.

        :raises UserError: in words that tell nothing of why
        """
        transactions = super().create(vals_list)
        of_customer = not is_colleague(who_asks(self.env))
        if of_customer and any(one._upominky_is_in_vain() for one in transactions):
            raise UserError(not_online(self.env))
        return transactions

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

    # ------------------------------------------------------------- business

    def _upominky_quotation(self):
        """Return the one quotation that is paid, as Odoo confirms no more; none otherwise."""
        orders = self.sale_order_ids
        return orders if len(orders) == 1 and orders.state in QUOTATION else orders.browse()

    def _upominky_is_stopped(self):
        """Say whether confirming the quotation that was paid would be refused."""
        order = self._upominky_quotation()
        return (
            bool(order)
            and order._is_confirmation_amount_reached()
            and bool(order._upominky_refused())
        )

    def _upominky_is_in_vain(self):
        """Say whether a customer is about to pay something for a quotation that stays stopped."""
        if self.source_transaction_id or not str(self.operation).startswith("online_"):
            return False
        order = self._upominky_quotation()
        if not order or not order._upominky_refused():
            return False
        return not (self._upominky_pays_ahead() and order._upominky_is_prepaid(self.amount))

    def _upominky_pays_ahead(self):
        """Say whether the money is there before the order is confirmed.

        It is not where one pays on delivery, or when fetching the goods: add-ons of Odoo's confirm
        such an order at once, by a mode of its provider that they bring.
        """
        provider = self.provider_id
        modes = provider["custom_mode"] if "custom_mode" in provider._fields else None
        return modes in (None, False, "wire_transfer")
