from odoo import SUPERUSER_ID, api  # sudo: see below, the program itself


def migrate(cr, version):
    """Give companies the rules of notices and of thanks that new ones have, switched off."""
    # sudo: a migration is the program's own, and of all companies.
    env = api.Environment(cr, SUPERUSER_ID, {})
    companies = env["res.company"].with_context(active_test=False)
    companies.search([])._upominky_add_friendly_rules()
