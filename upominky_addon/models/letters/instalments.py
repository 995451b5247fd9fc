from odoo import api, fields, models
from odoo.tools import SQL

from .queries import PARTS


class UpominkyReminder(models.Model):
    _inherit = "upominky.reminder"

    has_instalments = fields.Boolean(
        compute="_compute_has_instalments",
        help="Some of its lines are parts of an invoice that is due in several.",
    )

    @api.depends("line_ids")
    def _compute_has_instalments(self):
        for reminder in self:
            reminder.has_instalments = any(line.part_number for line in reminder.line_ids)


class UpominkyReminderLine(models.Model):
    """Parts of an invoice: each is reminded by its own date, so each is told from the others."""

    _inherit = "upominky.reminder.line"

    part_number = fields.Integer(
        compute="_compute_part",
        aggregator=False,
        help="Which part of its invoice it is; zero where the invoice is due at once.",
    )
    part_count = fields.Integer(compute="_compute_part", aggregator=False)
    invoice_total = fields.Monetary(
        compute="_compute_part",
        aggregator=False,
        help="What the whole invoice comes to, where it is due in several parts.",
    )
    instalment = fields.Char(
        compute="_compute_instalment",
        help="Which part of its invoice it is, where the invoice is due in several parts.",
    )

    def _compute_part(self):
        # sudo: which part of its invoice it is tells no more than the line, which was read.
        mine = self.sudo()
        read = ["account_id", "amount_currency", "date_maturity", "move_id"]
        self.env["account.move.line"].flush_model(read)
        query = SQL(PARTS, mine.move_id.ids)
        parts = {item: part for item, *part in self.env.execute_query(query)}
        for line, known in zip(self, mine, strict=True):
            part = parts.get(known.move_line_id.id, (0, 0, 0))
            line.part_number, line.part_count, line.invoice_total = part

    def _read_parts(self):
        """Read which parts lines are of their invoices at once: letters ask one by one."""
        self.mapped("part_number")

    def _number_of_part(self):
        """Return the number of the invoice, and which part of it is meant."""
        return f"{self._number()} ({self.instalment})" if self.instalment else self._number()

    @api.depends("part_number", "part_count")
    @api.depends_context("lang")
    def _compute_instalment(self):
        for line in self:
            words = {"number": line.part_number, "count": line.part_count}
            is_part = bool(line.part_number)
            line.instalment = is_part and self.env._("%(number)s of %(count)s", **words)


class UpominkyReminderInterest(models.Model):
    """Rows of a calculation: two parts of one invoice are told from each other here, too."""

    _inherit = "upominky.reminder.interest"

    instalment = fields.Char(related="line_id.instalment")
