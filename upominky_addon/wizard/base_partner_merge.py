from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    # EXTENDS 'base'
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Keep all reminders of the merged customers, and each of them once in a rule."""
        # sudo: who merges contacts need not see reminders, or rules of other companies.
        reminders = self.env["upominky.reminder"].sudo()
        domain = [("partner_id", "in", src_partners.ids), ("event", "=", "resend")]
        # Both may have got a summary on the same day.
        reminders.search(domain).is_merged = True
        # sudo: as above; the rules stay as they are but for the merged customer.
        rules = self.env["upominky.rule"].sudo().with_context(active_test=False)
        # A contact that a rule lists cannot be deleted, and Odoo leaves it there beside the other.
        for rule in rules.search([("partner_ids", "in", src_partners.ids)]):
            rule.partner_ids = (rule.partner_ids - src_partners) | dst_partner
        self.env.flush_all()
        return super()._update_foreign_keys(src_partners, dst_partner)
