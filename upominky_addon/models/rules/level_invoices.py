from odoo import fields, models


class UpominkyLevel(models.Model):
    """The files of its invoices that go with the message of a level."""

    _inherit = "upominky.level"

    attach_invoices = fields.Selection(
        [("none", "None"), ("pdf", "PDF of each invoice")],
        required=True,
        default="none",
        help="The e-mail carries the invoices as Odoo keeps them: the PDF, and an electronic "
        "invoice beside it where there is one. What is not there yet is made by the sending job. "
        "Where a message would be too large, it has links to their pages on the portal instead.",
    )
