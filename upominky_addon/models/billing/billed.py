from odoo import fields, models


class UpominkyBilled(models.Model):
    """Days of a receivable whose interest was billed, and the cost that was, by which invoice.

    What that invoice bills is billed while it is neither cancelled nor credited in full.
    """

    _name = "upominky.billed"
    _description = "Billed Interest and Costs"
    _inherit = ["upominky.context"]
    _order = "move_line_id, date_from, id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Receivable",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="Empty while the invoice is being corrected and its receivable was taken away.",
    )
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    due_date = fields.Date(
        readonly=True, help="When the receivable was due: by it another one takes its place."
    )
    is_carried = fields.Boolean(
        readonly=True, help="It was billed of a receivable whose place another one took."
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    date_from = fields.Date(string="From", readonly=True)
    date_to = fields.Date(string="To", readonly=True)
    amount = fields.Monetary(readonly=True)
    kind = fields.Selection(
        [("interest", "Interest"), ("cost", "Cost of Recovery")], required=True, readonly=True
    )
    billed_move_id = fields.Many2one(
        "account.move",
        string="Billed By",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )

    billed_line_id = fields.Many2one(
        "account.move.line",
        string="Billed by the Line",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
        help="What is taken out of a draft is billed no more.",
    )

    # The database refuses a day and a cost twice, whoever presses at the same moment. Two
    # instalments that were billed each may have become one.
    _day_unique = models.UniqueIndex(
        "(move_line_id, date_from) WHERE kind = 'interest' AND is_carried IS NOT TRUE",
        "The interest of these days was billed already.",
    )
    _cost_unique = models.UniqueIndex(
        "(move_line_id) WHERE kind = 'cost' AND is_carried IS NOT TRUE",
        "The cost of recovery of this invoice was billed already.",
    )
