from odoo.tools import SQL

from .models.res_partner_bank import METHODS

#: Tables whose rows refer to each other and to others' with RESTRICT, the referring ones first.
TABLES = (
    "upominky_delivery",
    "upominky_reminder_file",
    "upominky_reminder_credit",
    "upominky_reminder_line",
    "upominky_reminder",
    "upominky_run",
    "upominky_level",
    "upominky_rule",
)


def post_init_hook(env):
    """Give every company that is there already its number series and its default rules."""
    env["res.company"].search([])._upominky_set_up()


def uninstall_hook(env):
    """Take away what Odoo would stumble over or leave behind.

    It deletes templates before the levels that restrict it, and does not know of what was made
    for companies, or by users upon models that are gone.
    """
    companies = env["res.company"].search([])
    (companies.upominky_bank_activity_id | companies.upominky_job_activity_id).unlink()
    env.flush_all()
    env["upominky.mark"]._unwatch()
    for table in TABLES:
        env.cr.execute(SQL("DELETE FROM %s", SQL.identifier(table)))
    env.invalidate_all()
    env["ir.sequence"].search([("code", "=", "upominky.reminder")]).unlink()
    filters = env["ir.filters"].with_context(active_test=False)
    filters.search([("model_id", "=like", "upominky.%")]).unlink()
    env["ir.exports"].search([("resource", "=like", "upominky.%")]).unlink()
    templates = env["mail.template"].with_context(active_test=False)
    templates.search([("model", "=", "upominky.reminder")]).unlink()
    _forget_qr_methods(env)
    _forget_names(env)


def _forget_qr_methods(env):
    """Have invoices name no code of ours: Odoo could not print one that names what is gone."""
    env["account.move"].flush_model(["qr_code_method"])
    query = "UPDATE account_move SET qr_code_method = NULL WHERE qr_code_method = ANY(%s)"
    env.cr.execute(SQL(query, list(METHODS)))
    env["account.move"].invalidate_model(["qr_code_method"])


def _forget_names(env):
    """Take away rows by which Odoo's registry would go on naming models that are gone.

    Odoo writes external names of our models' parts for other modules too, and removes only ours;
    and foreign keys have none, so that their rows stay when their columns are dropped.
    """
    env.cr.execute(
        r"DELETE FROM ir_model_data WHERE module != 'upominky_addon' "
        r"AND (name LIKE 'selection\_\_upominky\_%' OR name LIKE 'model\_inherit\_\_upominky\_%')"
    )
    env.cr.execute(
        "DELETE FROM ir_model_constraint USING ir_module_module WHERE type = 'f' "
        "AND module = ir_module_module.id AND ir_module_module.name = 'upominky_addon'"
    )
