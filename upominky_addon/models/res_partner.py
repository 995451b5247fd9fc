from odoo import api, fields, models

from .context import traced

#: Who says that a customer gets no reminders, and sees it.
ACCOUNTING = (
    "account.group_account_invoice,account.group_account_readonly,upominky_addon.group_user"
)

#: What keeps reminders from a customer.
HOLDS = ("upominky_excluded", "upominky_hold_until", "upominky_hold_reason")
HOLD_REASONS = [("dispute", "Dispute"), ("promise", "Promise to pay"), ("other", "Other")]


class ResPartner(models.Model):
    _inherit = "res.partner"

    upominky_excluded = fields.Boolean(
        string="No Reminders",
        copy=False,
        tracking=True,
        groups=ACCOUNTING,
        help="This customer never gets a payment reminder.",
    )
    upominky_hold_until = fields.Date(
        string="On Hold Until",
        copy=False,
        tracking=True,
        groups=ACCOUNTING,
        help="No reminder is issued or sent up to and including this day; then it goes on by "
        "itself. A reason without a date holds until it is lifted.",
    )
    upominky_hold_reason = fields.Selection(
        HOLD_REASONS, string="Reason of Hold", copy=False, tracking=True, groups=ACCOUNTING
    )
    # sudo: rules are the users' of reminders, and so are these two fields; the active company's
    # rules alone are looked through.
    upominky_rule_id = fields.Many2one(
        "upominky.rule",
        string="Reminder Rule",
        compute="_compute_upominky_rule_id",
        compute_sudo=True,
        groups="upominky_addon.group_user",
        help="The rule that applies to this customer now.",
    )
    upominky_rule_reason = fields.Char(
        string="Why This Rule",
        compute="_compute_upominky_rule_id",
        compute_sudo=True,
        groups="upominky_addon.group_user",
    )
    upominky_reminder_ids = fields.One2many(
        "upominky.reminder",
        "partner_id",
        string="Payment Reminders",
        groups="upominky_addon.group_user",
    )
    upominky_reminder_count = fields.Integer(
        string="Reminders",
        compute="_compute_upominky_reminder_count",
        groups="upominky_addon.group_user",
    )

    # Job 1 walks customers by their commercial partner, which Odoo does not index.
    _upominky_commercial_idx = models.Index("(commercial_partner_id)")

    @api.depends_context("company")
    @api.depends("category_id", "commercial_partner_id")
    def _compute_upominky_rule_id(self):
        Rule = self.env["upominky.rule"]
        cover = Rule._cover(self.env.company)
        for partner in self:
            customer = partner.commercial_partner_id
            rule = Rule._effective(cover, customer._origin.id, customer.category_id.ids)
            partner.upominky_rule_id = rule
            partner.upominky_rule_reason = partner._upominky_why(rule, cover)

    def _upominky_why(self, rule, cover):
        """Return a sentence that says why ``rule`` applies."""
        by_partner, _by_category, general = cover
        if not rule:
            return self.env._("No rule covers this customer, so it gets no reminder.")
        if by_partner.get(self.commercial_partner_id._origin.id) == rule:
            return self.env._("The rule lists this customer.")
        if rule == general:
            return self.env._("The rule covers all customers, and no other covers this one.")
        return self.env._("The rule lists a group of this customer.")

    def _compute_upominky_reminder_count(self):
        customers = self.commercial_partner_id
        counts = dict(
            self.env["upominky.reminder"]._read_group(
                [("partner_id", "in", customers.ids), ("state", "!=", "cancelled")],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.upominky_reminder_count = counts.get(partner.commercial_partner_id, 0)

    def write(self, vals):
        return super(ResPartner, traced(self, vals, HOLDS)).write(vals)

    # EXTENDS 'base'
    def _commercial_fields(self):
        # Odoo takes over a parent's values as superuser: by a detour through another parent anybody
        # could exclude a customer without a trace. So holds follow where the user may write them.
        # sudo: none; it is asked as the user.
        may_hold = self.sudo(False)._has_field_access(self._fields["upominky_excluded"], "write")
        return [*super()._commercial_fields(), *(HOLDS if may_hold else ())]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_upominky_rule(self):
        self.env["upominky.rule"]._refuse_unlisting("partner_ids", self)

    def action_upominky_issue(self):
        """Show what issuing the next reminder of all that these customers owe would do."""
        self.env["upominky.reminder"]._check_user_may()
        self.check_access("read")
        return self.env["upominky.issue"]._open(customers=self.commercial_partner_id)

    def action_open_upominky_reminders(self):
        """Open the customer's reminders."""
        self.env["upominky.reminder"]._check_user_may()
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "upominky_addon.action_upominky_reminder"
        )
        action["domain"] = [("partner_id", "=", self.commercial_partner_id.id)]
        action["context"] = {}
        return action


class ResPartnerCategory(models.Model):
    _inherit = "res.partner.category"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_upominky_rule(self):
        self.env["upominky.rule"]._refuse_unlisting("category_ids", self)
