from odoo import SUPERUSER_ID, api  # sudo: see below, the program itself


def migrate(cr, version):
    """Give each company its own templates: what one writes was also another one's text."""
    # sudo: a migration is the program's own, and of all companies.
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["res.company"].with_context(active_test=False).search([])._upominky_own_templates()
