from odoo import models

from odoo.addons.upominky_addon.models.res_company_todos import TODO


class SaleOrder(models.Model):
    """Who is told that a customer signed or paid an order that is stopped."""

    _inherit = "sale.order"

    def _upominky_tell_stopped(self):
        """Give whoever sells the order a to-do, one at a time: its customer could not confirm it.

        Whoever is responsible for reminders is told where nobody sells it.
        """
        self.ensure_one()
        # sudo: a customer did it, or a job for him; a colleague is told.
        order = self.sudo()
        user = order._upominky_seller()
        if not user:
            return
        theirs = order.with_context(lang=user.lang)
        summary = theirs.env._("The customer wants this order, and it is stopped")
        if not order.activity_search([TODO], additional_domain=[("summary", "=", summary)]):
            # No facts: what is done is kept as a message that customers may read.
            # No mail about it: it would be written as the customer, whose payment must not fail.
            order.with_context(mail_activity_quick_update=True).activity_schedule(
                TODO,
                date_deadline=order.company_id._upominky_today(),
                summary=summary,
                note=theirs.env._("The banner of the quotation says what is owed."),
                user_id=user.id,
            )

    def _upominky_seller(self):
        """Return who is told about the order: somebody who may read it, if anybody."""
        candidates = self.user_id | self.company_id._upominky_responsible()
        return candidates.filtered(self._upominky_is_for)[:1]

    def _upominky_is_for(self, user):
        """Say whether a colleague reads the order in its company."""
        company = self.company_id
        if not (user.active and user._is_internal() and company in user.company_ids):
            return False
        there = self.with_context(allowed_company_ids=company.ids)
        # sudo: none; it is asked as that user whether he may read the order.
        return there.with_user(user).has_access("read")
