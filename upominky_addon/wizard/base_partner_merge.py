from datetime import date

from odoo import models

from ..core.schedule import Hold


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    # EXTENDS 'base'
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Keep all reminders of the merged customers, and each of them once in a rule."""
        # sudo: who merges contacts need not see reminders, or rules of other companies.
        reminders = self.env["upominky.reminder"].sudo()
        raising = self.env["upominky.event"]._raising()
        domain = [("partner_id", "in", src_partners.ids), ("event", "not in", raising)]
        # Both may have got a summary on the same day.
        reminders.search(domain).is_merged = True
        # sudo: as above; the rules stay as they are but for the merged customer.
        rules = self.env["upominky.rule"].sudo().with_context(active_test=False)
        # A contact that a rule lists cannot be deleted, and Odoo leaves it there beside the other.
        for rule in rules.search([("partner_ids", "in", src_partners.ids)]):
            rule.partner_ids = (rule.partner_ids - src_partners) | dst_partner
        self._upominky_merge_holds(src_partners, dst_partner)
        self.env.flush_all()
        return super()._update_foreign_keys(src_partners, dst_partner)

    def _upominky_merge_holds(self, src_partners, dst_partner):
        """Let the longest hold of each company go on, whole.

        Odoo takes date and reason each from where it finds one: of a dispute without an end and a
        promise of last week it would make a hold that is over.
        """
        # sudo: who merges contacts need not see holds, or be a user of each company.
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        # sudo: as above, who merges need not see holds.
        partners = (dst_partner | src_partners).sudo()
        for company in companies.search([]):
            today = company._upominky_today()
            mine = partners.with_company(company)
            held = mine.filtered(lambda p: p.upominky_hold_until or p.upominky_hold_reason)
            if not held - dst_partner:
                continue
            longest = max(held, key=lambda p, day=today: p._upominky_hold().end(day) or date.min)
            hold = longest._upominky_hold()
            (mine - dst_partner)._upominky_set_hold(Hold())
            (mine & dst_partner)._upominky_set_hold(hold)
