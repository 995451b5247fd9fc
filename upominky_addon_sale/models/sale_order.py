from dataclasses import dataclass

from odoo import api, fields, models

from odoo.addons.upominky_addon.models.base.amounts import exact, totals_text
from odoo.addons.upominky_addon.models.base.dates import day_text
from odoo.addons.upominky_addon.models.base.trusted import trusted
from odoo.addons.upominky_addon.models.res_company import INSIDE

from ..core.stop import Effect, Order, Overdue, effect_of, is_within, reaches

#: States in which an order is still to be confirmed.
QUOTATION = ("draft", "sent")
#: Effects that a release lifts.
LIFTED = (Effect.WARN, Effect.BLOCK)


@dataclass(frozen=True, slots=True)
class Stopped:
    """What a quotation meets with, and the debts that it does so for."""

    effect: Effect
    debts: tuple[Overdue, ...]


class SaleOrder(models.Model):
    """What the customers of quotations owe, told to who sells to them (SPEC rule 44).

    The customer and whom it is invoiced to count, both by their commercial partner, and only with
    the company of the order.
    """

    _inherit = "sale.order"

    upominky_release_id = fields.Many2one(
        "upominky.order.release",
        string="Release",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups=INSIDE,  # not fewer: it is read with the order then, and costs no query of its own
    )
    upominky_stop = fields.Selection(
        [
            (Effect.NONE.value, "Nothing Overdue"),
            (Effect.SHOW.value, "Overdue"),
            (Effect.WARN.value, "Asks Before Confirming"),
            (Effect.BLOCK.value, "Stopped"),
            (Effect.RELEASED.value, "Released"),
        ],
        string="Stop for Overdue Invoices",
        compute="_compute_upominky_stop",
        groups=INSIDE,
    )
    upominky_stop_text = fields.Text(
        string="Overdue Reminded Invoices", compute="_compute_upominky_stop", groups=INSIDE
    )

    @api.depends_context("lang", "uid", "allowed_company_ids")
    @api.depends(
        "state",
        "company_id",
        "partner_id",
        "partner_invoice_id",
        "currency_id",
        "amount_total",
        "upominky_release_id",
    )
    def _compute_upominky_stop(self):
        # A form that is being filled in may name any company: of others nothing is told.
        told = self if self.env.su else self.filtered(lambda order: order._upominky_is_of_mine())
        quotations = told.filtered(lambda order: order.state in QUOTATION)
        stops = quotations._upominky_stops()
        for order in self:
            stop = stops.get(order.id)
            order.upominky_stop = stop.effect.value if stop else Effect.NONE.value
            order.upominky_stop_text = stop and order._upominky_banner(stop)

    # ------------------------------------------------------------- business

    def _upominky_is_of_mine(self):
        """Say whether the order is of a company that its reader works in."""
        return self.company_id._origin in self.env.companies

    def _upominky_stops(self):
        """Return what these orders meet with: one query a company, and one for their releases.

        :return: by id, those orders alone that meet with anything
        :rtype: dict[int, Stopped]
        """
        found = {}
        # sudo: what a company has chosen binds whoever sells for it.
        for company, orders in self.sudo().grouped("company_id").items():
            if company and company.upominky_stop != "none":
                found.update(orders._upominky_stops_of(company._origin))
        return found

    def _upominky_stops_of(self, company):
        """Return what orders of one company meet with, as :meth:`_upominky_stops` does."""
        people = self.partner_id | self.partner_invoice_id
        # With them, in one query, the company's own contact, whose time zone tells its date.
        (people | company.partner_id).mapped("commercial_partner_id")
        customers = people.commercial_partner_id
        if not customers:
            return {}
        # sudo: whoever sells is told what the customer owes in all, and reads no invoice for it.
        reader = trusted(self.env["upominky.reader"])
        debts = reader._overdue_reminded(company, customers._origin.ids)
        return {
            order.id: stop for order in self if debts and (stop := order._upominky_stop_by(debts))
        }

    def _upominky_stop_by(self, debts):
        """Return what an order meets with, None for nothing.

        :param dict[int, Overdue] debts: of customers of its company
        :rtype: Stopped | None
        """
        whose = dict.fromkeys((self._upominky_customer().id, self._upominky_payer().id))
        mine = tuple(debts[customer] for customer in whose if customer in debts)
        policy, level = self.company_id.upominky_stop, self.company_id.upominky_stop_level
        # Few are reached, and of these alone the release is read.
        released = reaches(mine, level) and self._upominky_is_released()
        effect = effect_of(policy, level, mine, is_released=bool(released))
        return Stopped(effect, mine) if effect is not Effect.NONE else None

    def _upominky_customer(self):
        return self.partner_id.commercial_partner_id._origin

    def _upominky_payer(self):
        return self.partner_invoice_id.commercial_partner_id._origin or self._upominky_customer()

    def _upominky_is_released(self):
        """Say whether a manager let it pass, once, for these customers and for no less."""
        # sudo: the terms of a release bind whoever sells, also who may not read it.
        release = self.sudo().upominky_release_id
        if not release or release.used_on or release.order_id != self._origin:
            return False
        return is_within(self._upominky_to_core(), release._to_core())

    def _upominky_to_core(self):
        """Return what of the order bears on its release.

        :rtype: core.stop.Order
        """
        return Order(
            self.company_id._origin.id,
            self._upominky_customer().id,
            self._upominky_payer().id,
            self.currency_id.id,
            exact(self.amount_total, self.currency_id),
        )

    # ---------------------------------------------------------------- words

    def _upominky_facts(self, debts):
        """Return a sentence for each debt: whose, how much in each currency, since when.

        :rtype: str
        """
        # sudo: whom the order is for is told to who sells it; no more than the name.
        Partner = self.env["res.partner"].sudo()
        return "\n".join(
            self.env._(
                "%(customer)s owes %(amounts)s from overdue invoices that were reminded: the "
                "oldest was due on %(day)s, the highest reminder is number %(level)s.",
                customer=Partner.browse(debt.customer).name or "",
                amounts=totals_text(self.env, debt.totals),
                day=day_text(self.env, debt.since),
                level=debt.level,
            )
            for debt in debts
        )

    def _upominky_banner(self, stop):
        """Return what is owed, and what confirming the quotation does."""
        consequences = {
            Effect.WARN: self.env._("Whoever confirms the quotation is asked first."),
            Effect.BLOCK: self.env._(
                "The quotation cannot be confirmed until that is paid, the order is paid in full "
                "online in advance, or a manager of reminders releases it."
            ),
            Effect.RELEASED: self.env._(
                "A manager of reminders has released this order as long as its total does not "
                "grow; the reason is in its history."
            ),
        }
        lines = [self._upominky_facts(stop.debts), consequences.get(stop.effect)]
        lines.append(stop.effect in LIFTED and self._upominky_void())
        return "\n".join(line for line in lines if line)

    def _upominky_void(self):
        """Return a sentence on a release that the order has and that does not hold any more."""
        # sudo: up to which total it was released is told to who sells it.
        release = self.sudo().upominky_release_id
        if not release:
            return None
        if release.used_on:
            return self.env._(
                "It was released and confirmed before: to be confirmed anew, it needs another "
                "release."
            )
        return self.env._(
            "It was released up to %s, and has grown or is for somebody else now: that release is "
            "void.",
            release.currency_id.format(release.amount),
        )
