from odoo import fields, models


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    delivery_receipt = fields.Boolean(
        string="Delivery Receipts",
        help="Payment reminders ask the receiving server to report their delivery (RFC 3461).",
    )
    read_receipt = fields.Boolean(
        string="Read Receipts",
        help="Payment reminders ask the reader's program to report that they were read (RFC 8098).",
    )
