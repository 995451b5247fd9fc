from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    upominky_mode = fields.Selection(related="company_id.upominky_mode", readonly=False)
    upominky_pilot_partner_ids = fields.Many2many(
        related="company_id.upominky_pilot_partner_ids", readonly=False
    )
    upominky_start_date = fields.Date(related="company_id.upominky_start_date", readonly=False)
    upominky_four_eyes = fields.Boolean(related="company_id.upominky_four_eyes", readonly=False)
    upominky_bank_days = fields.Integer(related="company_id.upominky_bank_days", readonly=False)
    upominky_calendar_id = fields.Many2one(
        related="company_id.upominky_calendar_id",
        readonly=False,
        domain="[('company_id', 'in', [company_id, False])]",
    )
    upominky_hourly_limit = fields.Integer(
        related="company_id.upominky_hourly_limit", readonly=False
    )
    upominky_attachment_limit = fields.Integer(
        related="company_id.upominky_attachment_limit", readonly=False
    )
    upominky_letter_layout = fields.Boolean(
        related="company_id.upominky_letter_layout", readonly=False
    )
    upominky_case_months = fields.Integer(related="company_id.upominky_case_months", readonly=False)
    upominky_timezone = fields.Char(
        string="Time Zone of Reminders", compute="_compute_upominky_timezone"
    )

    @api.depends("company_id")
    def _compute_upominky_timezone(self):
        for settings in self:
            settings.upominky_timezone = settings.company_id._upominky_timezone().zone
