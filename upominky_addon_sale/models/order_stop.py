from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import RedirectWarning, UserError

from ..core.stop import Effect
from .callers import is_colleague, who_asks
from .sale_order import QUOTATION
from .words_for_customers import not_online

#: What of a confirmation changes whose the order is, or how much.
TERMS = frozenset(
    ("company_id", "currency_id", "order_line", "partner_id", "partner_invoice_id", "pricelist_id")
)
#: So many orders are named in a refusal.
NAMED = 10


class SaleOrder(models.Model):
    """A quotation that becomes an order: where a stop asks, refuses or is noted.

    Whoever confirms it, and by whichever way, writes its state. So it is looked at there, once: a
    button, a batch, a customer who signs, an import and a call from outside all come by.
    """

    _inherit = "sale.order"

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders.filtered(lambda order: order.state == "sale")._upominky_heed_stop()
        return orders

    def write(self, vals):
        confirms = self if vals.get("state") == "sale" else self.browse()
        confirmed = confirms.filtered(lambda order: order.state != "sale")
        is_known = vals.keys().isdisjoint(TERMS)
        confirmed.check_access("write")  # before anything is told of their customers
        if is_known:  # before it is written: who catches the error finds a quotation
            confirmed._upominky_heed_stop()
        result = super().write(vals)
        if not is_known:
            confirmed._upominky_heed_stop()
        confirmed._upominky_use_release()
        return result

    def action_upominky_confirm(self):
        """Confirm quotations of debtors on the word of the person who was asked."""
        orders = self.filtered(lambda order: order.state in QUOTATION)
        # As the buttons of the form do, whose question this answers.
        context = {"validate_analytic": True, "upominky_ask": False}
        result = orders.with_context(**context).action_confirm()
        done = {"type": "ir.actions.client", "tag": "soft_reload"}
        return result if isinstance(result, dict) else done

    # ------------------------------------------------------------- business

    def _upominky_heed_stop(self):
        """Refuse orders that are stopped, ask the person who confirms, or note it in the history.

        :raises UserError: naming what is owed and what to do; a customer is told neither
        :raises RedirectWarning: if a person is to be asked, with a button that goes on
        """
        stops = self._upominky_stops()
        stopped = self.filtered(lambda order: order.id in stops)
        refused = stopped.filtered(lambda order: order._upominky_is_refused(stops[order.id]))
        if refused:
            raise UserError(refused._upominky_refusal(stops, self))
        asked = stopped.filtered(lambda order: stops[order.id].effect is Effect.WARN)
        if asked and self.env.context.get("upominky_ask") and asked._upominky_may_be_told():
            asked._upominky_ask(stops, self)
        for order in stopped.filtered(lambda order: stops[order.id].effect is not Effect.SHOW):
            order._upominky_note(stops[order.id])

    def _upominky_is_refused(self, stop):
        """Say whether a stop refuses the order: of what is paid in advance nothing is on credit."""
        return stop.effect is Effect.BLOCK and not self._upominky_is_prepaid()

    def _upominky_is_prepaid(self, more=0.0):
        """Say whether the order is paid in full already.

        :param float more: what is being paid just now, in the currency of the order
        """
        # sudo: what was paid online for the order is looked at, whoever confirms it.
        order = self.sudo()
        paid = order.amount_paid + more
        total = order.amount_total
        return total > 0 and order.currency_id.compare_amounts(paid, total) >= 0

    def _upominky_refused(self):
        """Return those of these quotations that cannot be confirmed now."""
        stops = self._upominky_stops()
        return self.filtered(
            lambda order: order.id in stops and order._upominky_is_refused(stops[order.id])
        )

    def _upominky_may_be_told(self):
        """Say whether who confirms is a colleague in the companies of these orders, or a job."""
        user = who_asks(self.env)
        # sudo: the companies that somebody works in decide what he is told, whoever acts for him.
        foreign = self.sudo().company_id - user.sudo().company_ids
        return is_colleague(user) and (user.id == SUPERUSER_ID or not foreign)

    def _upominky_use_release(self):
        """Have a release let its order pass once; opened again, the order needs another one."""
        # sudo: whoever confirms the order uses it up.
        releases = self.env["upominky.order.release"].sudo()
        used = releases.search([("order_id", "in", self.ids), ("used_on", "=", False)])
        used.write({"used_on": fields.Datetime.now()})

    def _upominky_refusal(self, stops, confirming):
        """Return why these orders are refused: facts for colleagues, a bare no for customers.

        :param confirming: all that were to be confirmed, none of which is
        """
        if not self._upominky_may_be_told():
            return not_online(self.env)
        facts = [
            self.env._(
                "%(order)s cannot be confirmed. %(facts)s",
                order=order.name,
                facts=order._upominky_facts(stops[order.id].debts),
            )
            for order in self[:NAMED]
        ]
        if len(self) > NAMED:
            facts.append(self.env._("And %s more orders.", len(self) - NAMED))
        facts.append(
            self.env._(
                "Have it paid, or ask a manager of reminders to release the order with a reason: "
                "“Release…” on the quotation."
            )
        )
        if len(confirming) > len(self):
            facts.append(
                self.env._("None was confirmed. Leave these orders out to confirm the others.")
            )
        return "\n".join(facts)

    def _upominky_ask(self, stops, confirmed):
        """Ask the person at the form whether debtors' orders are confirmed all the same.

        As an error, so that nothing stays of what others did on confirming before they were asked.

        :param confirmed: all that are being confirmed
        :raises RedirectWarning: always
        """
        facts = [order._upominky_facts(stops[order.id].debts) for order in self[:NAMED]]
        raise RedirectWarning(
            "\n".join([*facts, self.env._("Confirm the order all the same?")]),
            self.env.ref("upominky_addon_sale.action_confirm_all_the_same").id,
            self.env._("Confirm All the Same"),
            {
                "active_model": self._name,
                "active_id": confirmed[:1].id,
                "active_ids": confirmed.ids,
            },
        )

    def _upominky_note(self, stop):
        """Keep in the history that the order was confirmed though its customer owes."""
        why = {
            Effect.WARN: self.env._("Confirmed all the same."),
            Effect.BLOCK: self.env._("Confirmed because it is paid in full in advance."),
            Effect.RELEASED: self.env._("Confirmed because a manager of reminders released it."),
        }
        self._upominky_log(f"{self._upominky_facts(stop.debts)} {why[stop.effect]}")

    def _upominky_log(self, body):
        """Keep a note in the history for colleagues alone.

        Of internal messages Odoo keeps from customers comments only: of others whoever reads the
        order may read the text by its id.
        """
        user = self.env.user
        author = user.partner_id if is_colleague(user) else self.env.ref("base.partner_root")
        self._message_log(body=body, message_type="comment", author_id=author.id)
