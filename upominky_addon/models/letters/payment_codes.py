import base64
import re
from hashlib import sha256
from urllib.parse import urlencode

from markupsafe import Markup, escape

from odoo import api, fields, models

from ...core.mail_build import Attachment
from ...core.payment_codes import Payment, codes
from ..base.amounts import exact
from .code_picture import picture

KIND = "image/png"
#: What the ids of pictures end with.
DOMAIN = "@upominky"


class UpominkyLevel(models.Model):
    _inherit = "upominky.level"

    payment_code = fields.Boolean(
        string="Payment Codes",
        help="The message has a code for each invoice, which a bank's app reads: QR Platba for "
        "Czech accounts, PAY by square for Slovak ones in euro, a SEPA code for others in euro. "
        "From seven invoices on, one for all that go to the same account.",
    )
    code_warning = fields.Text(compute="_compute_code_warning", string="Why There Is No Code")

    @api.model
    def _have_codes(self, company):
        """Say whether a rule of a company has a level with payment codes."""
        domain = [("payment_code", "=", True), ("rule_id.company_id", "=", company.id)]
        # sudo: whether there are any is told by the company's invoices.
        return bool(self.sudo().search_count([*domain, ("rule_id.active", "=", True)], limit=1))

    @api.depends("payment_code", "mail_template_id.body_html")
    @api.depends_context("lang")
    def _compute_code_warning(self):
        for level in self:
            # sudo: whether a text has the table is told to whoever reads the level.
            template = level.mail_template_id.sudo()
            lacks = template and "invoice_table" not in (template.body_html or "")
            level.code_warning = (
                level.payment_code
                and lacks
                and self.env._(
                    "“%s” has no table of invoices, below which the payment codes stand: its "
                    "messages have none. Put the placeholder of the table in again.",
                    template.name,
                )
            )


class UpominkyReminder(models.Model):
    """Codes to pay by, a picture each, and the same payments as text.

    A page refers to its pictures as those of a message, which carries them as files. Where the web
    client shows what is kept, Odoo's own route of barcodes draws them.
    """

    _inherit = "upominky.reminder"

    # ---------------------------------------------------------- what is paid

    def _codes_of(self, block, total):
        """Return the codes of a block, none where the level has none.

        :param dict block: of :meth:`_currency_blocks`
        :param Decimal total: what it asks for
        :rtype: tuple[core.payment_codes.PaymentCode, ...]
        """
        # sudo: what the level says is done, whoever sends.
        if not self.level_id.sudo().payment_code:
            return ()
        account, currency = block["bank"]._upominky_account(), block["currency"].name
        return codes(account, currency, self._code_payments(block), total, self.name)

    def _code_payments(self, block):
        """Return what is left of each line of a block, once its credits are shared over them."""
        shared = self._shared_credits(block["lines"], block["credits"])
        for line in block["lines"]:
            left = exact(line.amount_due, line.currency_id)
            yield line._code_payment(left - sum(share.amount for share in shared.get(line.id, ())))

    # ------------------------------------------------------------- pictures

    letter_table = fields.Html(
        compute="_compute_letter_table",
        sanitize=False,
        help="The table of the letter, as the web client shows it.",
    )

    @api.depends("invoice_table")
    @api.depends_context("lang")
    def _compute_letter_table(self):
        for reminder in self:
            reminder.letter_table = reminder._with_code_urls(reminder.invoice_table)

    def _code_image(self, code, writer, currency):
        """Return the attributes of the picture of a code: what it is, how large, what it says.

        :param Writer writer: of the letter
        :param str currency: of its block, the code
        """
        amount = writer.amount(code.values["amount"], currency)
        said = [code.standard, code.number or self.name, amount]
        side = picture(code.payload).side
        source = f"cid:{content_id(code)}"
        return {"src": source, "width": side, "height": side, "alt": ", ".join(said)}

    def _codes_in(self, html):
        """Return the codes whose pictures a page shows, as it stands in the end."""
        if DOMAIN not in html:
            return {}
        found = {content_id(code): code for code in self._in_its_language()._letter().codes}
        return {cid: code for cid, code in found.items() if f'"cid:{cid}"' in html}

    def _code_files(self, html):
        """Return the pictures that a page shows, as files of its message.

        :rtype: tuple[Attachment, ...]
        """
        self.ensure_one()
        return tuple(
            Attachment(self._code_file_name(code), KIND, picture(code.payload).png, cid=cid)
            for cid, code in self._codes_in(html).items()
        )

    def _code_file_name(self, code):
        words = f"{code.standard} {code.number or self.name}"
        return f"{re.sub(r'[^0-9A-Za-z_.]+', '-', words).strip('-.')}.png"

    def _with_code_urls(self, html):
        """Return a page whose pictures Odoo's own route of barcodes draws: for the web client."""
        text = str(html or "")
        for cid, code in self._codes_in(text).items():
            text = text.replace(f'"cid:{cid}"', f'"{escape(code_url(code))}"')
        return Markup(text)  # a part of it was replaced by what was escaped


def content_id(code):
    """Return the id of the picture of a code, unique in the world (RFC 2392, 2).

    The same payment has the same picture.
    """
    return f"{sha256(code.payload.encode()).hexdigest()[:32]}{DOMAIN}"


def code_url(code):
    """Return where Odoo draws the picture of a code; level M is what the standards ask for."""
    side = picture(code.payload).side
    asked = {"barcode_type": "QR", "value": code.payload, "barLevel": "M"}
    return f"/report/barcode/?{urlencode({**asked, 'width': side, 'height': side})}"


def shown_inline(html, files):
    """Return a page that shows its pictures itself, for a look at a message before it is sent.

    :param files: of the message, those with a ``cid`` are its pictures
    """
    text = str(html)
    for file in files:
        if file.cid:
            data = base64.b64encode(file.data).decode()
            text = text.replace(f'"cid:{file.cid}"', f'"data:{file.kind};base64,{data}"')
    return Markup(text)  # a part of it was replaced by what needs no escaping


class UpominkyReminderLine(models.Model):
    _inherit = "upominky.reminder.line"

    def _code_payment(self, amount):
        """Return what is to be paid of a line.

        :param Decimal amount: what is left of it
        :rtype: core.payment_codes.Payment
        """
        reference = self._payment_reference()
        return Payment(
            number=self._number(),
            amount=amount,
            symbol=reference.symbol,
            reference=reference.message,
            due=self._code_day(),
        )

    def _code_day(self):
        """Return the day of a payment: the due date, else that by which the reminder asks to pay.

        A day that is over is none that a bank would take.

        :rtype: datetime.date | None
        """
        if self.due_date and self.days_overdue < 0:
            return self.due_date
        day = self.reminder_id._day_to_pay()
        return day if day and day >= self.company_id._upominky_today() else None
