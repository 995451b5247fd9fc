from odoo import models


class MailTrackingValue(models.Model):
    """Changes of a customer's holds: each company sees its own, with its name where it has others.

    Odoo's chatter shows a record's history to everybody who may read the record and the field.
    """

    _inherit = "mail.tracking.value"

    def _upominky_company_id(self):
        """Return the id of the company that a change was made for, None if for all."""
        return (self.field_info or {}).get("company_id")

    # EXTENDS 'mail'
    def _filter_has_field_access(self, env):
        found = super()._filter_has_field_access(env)
        of_companies = found.filtered(lambda value: value._upominky_company_id())
        if env.su or not of_companies:
            return found
        mine = env.companies.ids
        return found - of_companies.filtered(lambda v: v._upominky_company_id() not in mine)

    # EXTENDS 'mail'
    def _tracking_value_format_model(self, model):
        """Name the company that a change was made for, if there are several."""
        formatted = super()._tracking_value_format_model(model)
        companies = {v.id: v._upominky_company_id() for v in self if v._upominky_company_id()}
        # sudo: whether there are several is asked for; shown are names of the reader's own.
        Company = self.env["res.company"].sudo()
        if companies and Company.search_count([], limit=2) > 1:
            for row in formatted:
                if company_id := companies.get(row["id"]):
                    company = Company.browse(company_id).exists()
                    field = row["fieldInfo"]
                    field["changedField"] = f"{field['changedField']}, {company.name or ''}"
        return formatted
