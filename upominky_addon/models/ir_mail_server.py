from odoo import fields, models


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    delivery_receipt = fields.Boolean(
        string="Delivery Receipts",
        help="Payment reminders sent through this server ask the receiving servers to report "
        "whether they were delivered, delayed or refused (RFC 3461), where this server offers DSN. "
        "Reports come back to the company's bounce address: an incoming mail server must fetch it.",
    )
    read_receipt = fields.Boolean(
        string="Read Receipts",
        help="Payment reminders sent through this server ask the reader's mail program to report "
        "that they were displayed (RFC 8098). The reader may refuse. Answers come back to the "
        "reply address: an incoming mail server must fetch it.",
    )
