from odoo import api, fields, models

from ...core.mail_text import clean
from ..base.dates import day_text

#: Characters of a name, a street, a number that a letter shows.
MAX_PART = 250

#: A blank at which no line ends.
NBSP = "\u00a0"
#: Invoices that a sentence names; of more it tells how many.
MOST_NUMBERS = 10

#: Placeholders of templates, what managers of reminders may write in them: nothing else.
PLACEHOLDERS = (
    "object.name",
    "object.invoice_table",
    "object.invoice_numbers",
    "object.totals_text",
    "object.level_order",
    "object.issue_date_text",
    "object.deadline_text",
    "object.creditor_text",
    "object.debtor_text",
    "object.customer_name",
    "object.company_name",
    "object.company_email",
    "object.company_phone",
    "object.company_id.name",
    "object.partner_id.name",
    "object.lang",
)


class UpominkyReminder(models.Model):
    """What a template may say of a reminder.

    The picker of placeholders offers fields that can be searched for, so these can be.
    """

    _inherit = "upominky.reminder"

    invoice_table = fields.Html(string="Table of Invoices", search="_search_invoice_table")
    invoice_numbers = fields.Char(
        string="Numbers of the Invoices",
        compute="_compute_invoice_numbers",
        search="_search_invoice_table",
    )
    totals_text = fields.Char(search="_search_totals_text")
    issue_date_text = fields.Char(
        string="Date of Issue",
        compute="_compute_issue_date_text",
        search="_search_issue_date_text",
    )
    creditor_text = fields.Char(string="Creditor with Address", search="_search_creditor_text")
    debtor_text = fields.Char(string="Debtor with Address", search="_search_debtor_text")
    customer_name = fields.Char(related="partner_id.name", string="Name of the Customer")
    company_name = fields.Char(related="company_id.name", string="Name of Our Company")
    company_email = fields.Char(related="company_id.email", string="E-mail of Our Company")
    company_phone = fields.Char(related="company_id.phone", string="Phone of Our Company")

    @api.depends("line_ids.state")
    @api.depends_context("lang")
    def _compute_invoice_numbers(self):
        for reminder in self:
            lines = reminder.line_ids.filtered(lambda line: line.state == "open")
            numbers = list(dict.fromkeys(line._number() for line in lines))
            named = ", ".join(clean(number, MAX_PART) for number in numbers[:MOST_NUMBERS])
            if more := len(numbers[MOST_NUMBERS:]):
                named = self.env._("%(numbers)s and %(count)s more", numbers=named, count=more)
            reminder.invoice_numbers = named

    @api.depends("issue_date")
    @api.depends_context("lang")
    def _compute_issue_date_text(self):
        for reminder in self:
            reminder.issue_date_text = day_text(self.env, reminder.issue_date)

    @api.model
    def _party(self, partner, whole=False):
        """Return a party as a letter names it: name, address, registration and tax numbers.

        :param bool whole: whether its country is named too, as in a final notice

        Each is cut to a sane length: customers write some of them themselves, on their portal page.
        """
        place = " ".join(filter(None, [partner.zip, partner.city]))
        country = (whole or self.is_final) and partner.country_id.name
        registry = partner.company_registry and self.env._("ID %s", partner.company_registry)
        vat = partner.vat and self.env._("VAT ID %s", partner.vat)
        parts = [
            clean(part or "", MAX_PART) for part in (partner.name, partner.street, place, country)
        ]
        # A number stays on the line of the words that say which it is.
        parts += [clean(part or "", MAX_PART).replace(" ", NBSP) for part in (registry, vat)]
        return ", ".join(filter(None, parts))

    def _search_invoice_table(self, operator, value):
        """Find reminders by the number of an invoice."""
        return [("line_ids.move_id.name", operator, value)]

    def _search_totals_text(self, operator, value):
        """Find reminders by the code of a currency."""
        return [("line_ids.currency_id.name", operator, value)]

    def _search_issue_date_text(self, operator, value):
        return [("issue_date", operator, value)] if operator in ("in", "not in") else NotImplemented

    def _search_creditor_text(self, operator, value):
        return [("company_id.name", operator, value)]

    def _search_debtor_text(self, operator, value):
        return [("partner_id.name", operator, value)]

    @api.model
    def mail_allowed_qweb_expressions(self):
        """Let managers of reminders write templates with these placeholders, and no others."""
        return PLACEHOLDERS
