from odoo import fields, models
from odoo.exceptions import UserError


class UpominkyReminder(models.Model):
    _inherit = "upominky.reminder"

    file_ids = fields.One2many(
        "upominky.reminder.file", "reminder_id", string="Files of Invoices", readonly=True
    )
    invoices_as = fields.Selection(
        [("files", "As files"), ("links", "As links")],
        string="Invoices Were Sent",
        readonly=True,
        copy=False,
        help="Whether the message had the files of its invoices beside it, or links to them, as "
        "the files were too large.",
    )


class UpominkyReminderFile(models.Model):
    """A file of an invoice as it went out with a reminder.

    The file itself is the invoice's own, where Odoo keeps it: there is one, however many contacts
    and reminders it was sent with. What is kept here tells whether it is still the same.
    """

    _name = "upominky.reminder.file"
    _description = "File Sent With a Payment Reminder"
    _inherit = ["upominky.context"]
    _order = "reminder_id, id"

    reminder_id = fields.Many2one(
        "upominky.reminder", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    attachment_id = fields.Many2one(
        "ir.attachment",
        string="File",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    name = fields.Char(required=True, readonly=True, help="What it was called in the message.")
    size = fields.Integer(string="Bytes", readonly=True, aggregator=False)
    sha256 = fields.Char(
        string="SHA-256",
        required=True,
        readonly=True,
        help="Tells whether a file is the one that was sent.",
    )

    def action_open_file(self):
        """Open the file in the browser as it went out."""
        self.env["upominky.reminder"]._check_user_may()
        self.check_access("read")
        self.ensure_one()
        if not self.attachment_id:
            raise UserError(self.env._("“%s” is not there any more.", self.name))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}",
            "target": "new",
        }

    def _kept_text(self):
        """Say why a file is not changed and not deleted."""
        return self.env._(
            "“%(file)s” went out with the reminder %(reminder)s. It is kept: nobody can change or "
            "delete it. To correct the invoice, reset it to draft.",
            file=self.name,
            reminder=self.reminder_id.name,
        )
