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

    # EXTENDS 'base'
    def _get_test_email_from(self):
        """Write the test of the readiness from the address that reminders leave from.

        Odoo takes that of the user, who may have none. Only steps of the program may name another.
        """
        given = self.env.su and self.env.context.get("upominky_test_from")
        return given or super()._get_test_email_from()
