from odoo import fields, models


class UpominkyRuleFound(models.Model):
    """Whom the filter of a rule found when it could last be evaluated, a row for each rule.

    Nobody knows whom a filter that broke would find: those it found last stay its customers, so
    that they do not fall to another rule, and others are left alone. Whoever came since may be one
    of them: its id is higher than ``last_id``.
    """

    _name = "upominky.rule.found"
    _description = "Whom the Filter of a Rule Found Last"
    _inherit = ["upominky.context"]
    _log_access = False
    _unique = models.Constraint("UNIQUE (rule_id)", "Found twice.")

    rule_id = fields.Many2one("upominky.rule", required=True, ondelete="cascade")
    customer_ids = fields.Json(required=True, help="Ids of commercial partners.")
    last_id = fields.Integer(required=True, help="The highest id of a contact by then.")
