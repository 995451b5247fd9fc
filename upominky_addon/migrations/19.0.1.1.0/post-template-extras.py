from odoo import SUPERUSER_ID, api  # sudo: see below, the program itself


def migrate(cr, version):
    """Have templates send what they sent: what was set beside their text had no effect."""
    # sudo: a migration is the program's own, and of all companies.
    env = api.Environment(cr, SUPERUSER_ID, {})
    templates = env["mail.template"].with_context(active_test=False)
    templates.search([("model", "=", "upominky.reminder")])._upominky_keep_extras_off()
