from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.upominky_addon.core.mail_text import clean
from odoo.addons.upominky_addon.models.base.trusted import trusted
from odoo.addons.upominky_addon.models.reminders.actions import MAX_REASON

from .sale_order import LIFTED, QUOTATION


class SaleOrder(models.Model):
    """What managers of reminders do with an order that is stopped."""

    _inherit = "sale.order"

    def action_upominky_overdue(self):
        """Open the overdue reminded invoices of the customer, for who works with reminders."""
        self.env["upominky.reminder"]._check_user_may()
        self.ensure_one()
        self.check_access("read")
        stop = self._upominky_stops().get(self.id)
        moves = sorted({move for debt in stop.debts for move in debt.moves}) if stop else []
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Overdue Reminded Invoices"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "views": [(self.env.ref("account.view_out_invoice_tree").id, "list"), (False, "form")],
            "domain": [("id", "in", moves)],
            "context": {"create": False},
        }

    def action_upominky_ask_release(self):
        """Ask why this order is released though its customer owes."""
        self._upominky_check_release()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Release the Order"),
            "res_model": "upominky.release",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_order_id": self.id},
        }

    def action_upominky_release(self, reason=None):
        """Let this order be confirmed though its customer owes, and no other.

        :param str reason: kept in the history, with who and when
        :raises AccessError: for who is no manager of reminders in the company of the order
        :raises UserError: without a reason, or if nothing stops the order
        """
        self._upominky_check_release()
        words = clean(str(reason or ""), MAX_REASON)
        if not words:
            raise UserError(
                self.env._("Say why the order is released; the reason is kept in its history.")
            )
        # sudo: managers of reminders need not be salespeople; their right was checked.
        trusted(self)._upominky_keep_release(words)
        return {"type": "ir.actions.act_window_close"}

    def _upominky_check_release(self):
        """Refuse callers who may not release this order, and orders that nothing stops."""
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group("upominky_addon.group_manager"):
            raise AccessError(
                self.env._("You need the right “Upomínky: manager” to release an order.")
            )
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("Switch to the company of the order to release it."))
        stop = self._upominky_stops().get(self.id) if self.state in QUOTATION else None
        if not stop or stop.effect not in LIFTED:
            raise UserError(
                self.env._(
                    "%s is not stopped: it can be confirmed, or is confirmed or cancelled already.",
                    self.name,
                )
            )

    def _upominky_keep_release(self, reason):
        """Release the order as it is now, as superuser.

        :param str reason: one line
        """
        self._upominky_use_release()  # of several the last one holds
        release = self.env["upominky.order.release"].create(
            {
                "order_id": self.id,
                "company_id": self.company_id.id,
                "partner_id": self._upominky_customer().id,
                "payer_id": self._upominky_payer().id,
                "currency_id": self.currency_id.id,
                "amount": self.amount_total,
                "user_id": self.env.uid,
                "date": fields.Datetime.now(),
                "reason": reason,
            }
        )
        self.upominky_release_id = release
        self._upominky_log(
            self.env._(
                "Released up to %(amount)s by %(user)s though its customer owes. "
                "Reason: %(reason)s",
                amount=self.currency_id.format(self.amount_total),
                user=self.env.user.name,
                reason=reason,
            )
        )
