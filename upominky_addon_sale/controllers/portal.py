from odoo.exceptions import AccessError, MissingError
from odoo.http import request, route

from odoo.addons.sale.controllers.portal import CustomerPortal

from ..models.sale_order import QUOTATION
from ..models.words_for_customers import not_online


class StoppedOrders(CustomerPortal):
    """Customers are told before they sign that it would not confirm their order."""

    @route()
    def portal_quote_accept(self, order_id, access_token=None, name=None, signature=None):
        token = access_token or request.httprequest.args.get("access_token")
        order = self._upominky_stopped(order_id, token)
        # What is to be paid as well is decided on when it is paid: in full, it may pass.
        if order and order._has_to_be_signed() and not order._has_to_be_paid():
            order._upominky_tell_stopped()
            return {"error": not_online(request.env)}
        return super().portal_quote_accept(
            order_id, access_token=access_token, name=name, signature=signature
        )

    def _upominky_stopped(self, order_id, access_token):
        """Return a quotation that is stopped; None if it is not, or is not this customer's.

        :rtype: sale.order | None
        """
        try:
            order = self._document_check_access("sale.order", order_id, access_token=access_token)
        except (AccessError, MissingError):
            return None  # Odoo says so in its own words
        return order if order.state in QUOTATION and order._upominky_refused() else None
