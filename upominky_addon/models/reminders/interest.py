from odoo import api, fields, models

from ..base.dates import day_text


class UpominkyReminderInterest(models.Model):
    """Days of a debt on which its balance and its rate stayed, and the interest on it (rule 38).

    The rows of a reminder are its calculation, line by line; those of a debt add up to its
    interest. They are made anew until the reminder went out, and changed by nobody after that.
    """

    _name = "upominky.reminder.interest"
    _description = "Interest in a Payment Reminder"
    _inherit = ["upominky.context"]
    _order = "reminder_id, line_id, date_from, id"

    reminder_id = fields.Many2one(
        "upominky.reminder", required=True, readonly=True, ondelete="cascade", index=True
    )
    line_id = fields.Many2one(
        "upominky.reminder.line",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    move_id = fields.Many2one(related="line_id.move_id")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    date_from = fields.Date(string="From", required=True, readonly=True)
    date_to = fields.Date(
        string="To", required=True, readonly=True, help="The last day, which counts as well."
    )
    days = fields.Integer(required=True, readonly=True, aggregator=False)
    base = fields.Monetary(
        string="Balance", readonly=True, aggregator=False, help="What was owed on these days."
    )
    percent = fields.Float(
        string="Rate in %", digits=(9, 3), readonly=True, aggregator=False, help="A year's."
    )
    amount = fields.Monetary(string="Interest", readonly=True)

    @api.depends("date_from", "date_to")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for row in self:
            days = (row.date_from, row.date_to)
            row.display_name = " – ".join(day_text(self.env, day) for day in days if day)

    @api.model_create_multi
    def create(self, vals_list):
        self.browse().check_access("create")
        given = {vals["reminder_id"] for vals in vals_list if vals.get("reminder_id")}
        self.env["upominky.reminder"].browse(given)._refuse_fixed_claim()
        return super().create(vals_list)

    def write(self, vals):
        self.check_access("write")
        self.reminder_id._refuse_fixed_claim()
        result = super().write(vals)
        self.reminder_id._refuse_fixed_claim()  # the values may name another one
        return result

    def unlink(self):
        self.check_access("unlink")
        self.reminder_id._refuse_fixed_claim()
        return super().unlink()
