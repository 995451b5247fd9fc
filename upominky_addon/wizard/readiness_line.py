from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..models.base.trusted import trusted
from .readiness import STATES

#: Who mends what: the group, and the action that opens the place.
PLACES = {
    "server": ("base.group_system", "base.action_ir_mail_server_list"),
    "jobs": ("upominky_addon.group_manager", "upominky_addon.action_server_settings"),
    "runs": ("upominky_addon.group_user", "upominky_addon.action_upominky_run"),
    "rules": ("upominky_addon.group_manager", "upominky_addon.action_upominky_rule"),
    "mode": ("upominky_addon.group_manager", "upominky_addon.action_server_settings"),
    "address": ("base.group_erp_manager", "base.action_res_company_form"),
    "bank": ("account.group_account_invoice", "account.open_account_journal_dashboard_kanban"),
    "codes": ("account.group_account_invoice", "account.action_account_supplier_accounts"),
    "interest": ("upominky_addon.group_manager", "upominky_addon.action_upominky_rate"),
    "filters": ("upominky_addon.group_manager", "upominky_addon.action_upominky_rule"),
    "calendar": ("upominky_addon.group_manager", "upominky_addon.action_server_settings"),
    "receipts": ("base.group_system", "mail.action_email_server_tree"),
}
ASKED = 3


class UpominkyReadinessLine(models.TransientModel):
    """One condition: whether it is met, what to do, and who can."""

    _name = "upominky.readiness.line"
    _description = "Condition for Payment Reminders"
    _inherit = ["upominky.context"]
    _order = "id"

    readiness_id = fields.Many2one(
        "upominky.readiness", required=True, ondelete="cascade", index=True
    )
    code = fields.Selection(
        [
            ("server", "1. Tested outgoing mail server"),
            ("jobs", "2. Both jobs are on"),
            ("rules", "3. A rule with a level that is sent"),
            ("runs", "What the jobs could not do"),
            ("mode", "Mode: pilot or live"),
            ("address", "Sender's e-mail address"),
            ("receipts", "Replies and receipts"),
            ("bank", "Bank data fresh enough"),
            ("calendar", "Sending calendar"),
            ("codes", "Payment codes"),
            ("interest", "Interest by law"),
            ("filters", "Filters of rules"),
        ],
        required=True,
    )
    state = fields.Selection(STATES, required=True)
    text = fields.Text()
    may_fix = fields.Boolean(compute="_compute_may_fix")
    ask_text = fields.Text(compute="_compute_may_fix")

    @api.depends("code", "state")
    @api.depends_context("uid")
    def _compute_may_fix(self):
        for line in self:
            group, _action = PLACES[line.code]
            line.may_fix = self.env.user.has_group(group)
            line.ask_text = line.state != "done" and not line.may_fix and line._whom_to_ask(group)

    def _whom_to_ask(self, group):
        # sudo: names of colleagues who can help, of the company that was checked.
        users = (
            self.env.ref(group)
            .sudo()
            .all_user_ids.filtered(
                lambda user: (
                    user.active
                    and user._is_internal()
                    and self.readiness_id.company_id in user.company_ids
                )
            )
        )
        names = ", ".join(users[:ASKED].mapped("name"))
        if names:
            return self.env._("Ask %s to set it up.", names)
        return self.env._("Ask an administrator to set it up.")

    def action_fix(self):
        """Open the place where the condition can be met."""
        self.ensure_one()
        group, xmlid = PLACES[self.code]
        if not self.env.user.has_group(group):
            raise AccessError(self._whom_to_ask(group))
        # sudo: the action's definition alone is read; what it opens keeps its own rights.
        action = trusted(self.env.ref(xmlid))
        if action._name == "ir.actions.server":
            company = self.readiness_id.company_id
            return self.env["upominky.settings"].with_company(company).action_open()
        found = action._get_action_dict()
        if self.code == "runs":
            runs = self.env["upominky.run"]._troubles(self.readiness_id.company_id)
            found["domain"] = [("id", "in", runs.ids)]
        if self.code == "bank":
            found["domain"] = [("type", "=", "bank")]
        if self.code == "codes":
            owner = self.readiness_id.company_id.partner_id
            found["domain"] = [("partner_id", "=", owner.id)]
        return found
