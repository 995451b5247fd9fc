from datetime import date
from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from ...core.letter import Kind
from ...core.mail_text import visible
from ...text.errors import Fault, TextError
from ...text.filters import number
from ...text.sandbox import render, used_names
from ...text.values import SAMPLE, with_texts
from ..base.dates import day_text
from .letter import Writer


def formats(env, lang, currencies):
    """Return the filters of a reader's language.

    :param lang: code of an installed language
    :param res.currency currencies: those that ``money`` knows
    """
    by_code = {currency.name: currency for currency in currencies}

    def money(value, code=""):
        if code not in by_code:
            raise TextError(Fault.NO_CURRENCY, str(code))
        return format_amount(env, float(number(value)), by_code[code], lang_code=lang)

    def day(value):
        if not value and value is not None and value is not False:
            raise TextError(Fault.NO_DATE)
        if value and not isinstance(value, date):
            raise TextError(Fault.NO_DATE)
        return day_text(env, value, lang) if value else ""

    return {"money": money, "date": day}


class UpominkyReminder(models.Model):
    """The plain-text part of a reminder's message."""

    _inherit = "upominky.reminder"

    def _plain_text(self, body):
        """Return the plain part of the message: the level's own text, else made from the HTML.

        Where a person changed this letter, from the HTML: it says nothing else than that.

        :param body: what the template gave, without the frame

        :raises UserError: if the level's text cannot be rendered
        """
        self.ensure_one()
        # sudo: the text is what the level says, whoever sends.
        level, lang = self.level_id.sudo(), self._language()
        source = level.with_context(lang=lang).text_template
        if self.own_introduction or not source or not source.strip():
            return self._default_text(body)
        me = self._in_its_language()
        filters = formats(self.env, lang, self._letter_currencies())
        try:
            values = with_texts(me._text_values(), filters, kinds=me._text_kinds())
            text = render(source, values, filters)
            return visible("\n\n".join(filter(None, [text, me._claim_not_in(source, text)])))
        except TextError as error:
            raise UserError(level._text_sentence(error, lang)) from error

    def _claim_not_in(self, source, text):
        """Return interest and costs as lines, if a template says nothing of them.

        All parts of a message ask for the same. A template that uses them says it itself, but for
        where they are paid, if it does not name the account.

        :param str text: what the template gave
        """
        claim = self._shown_letter()[0].claim
        if "claims" not in used_names(source):
            return self._shown_claim_as_text()
        payments = claim.payments if claim else ()
        unsaid = [p for p in payments if not p.account or p.account not in text]
        return self._own_payments_as_text(unsaid, Writer(self))

    def _text_kinds(self):
        """Return the names of dates and of amounts, which have a variant written as text."""
        columns = self._letter_columns()
        return tuple(
            {column.key for column in columns if column.kind == kind}
            for kind in (Kind.DAY, Kind.MONEY)
        )

    def _text_sample(self):
        """Return values to try a template on: each column that another add-on adds has one."""
        invented = {
            Kind.TEXT: "ABC",
            Kind.DAY: date(2026, 4, 15),
            Kind.NUMBER: 1,
            Kind.MONEY: Decimal("100.00"),
        }
        more = {column.key: invented[column.kind] for column in self._letter_columns()}
        blocks = [
            {**block, "lines": [more | line for line in block["lines"]]}
            for block in SAMPLE["currencies"]
        ]
        return {**SAMPLE, "currencies": blocks}

    def _text_values(self):
        """Return what a template may write: texts, numbers and dates, never a record."""
        company, partner = self.company_id, self.partner_id
        return {
            "number": self.name,
            "order": self.level_order,
            "level_name": self.level_id.name or "",
            "event": self.event,
            "language": self._language() or "",
            "issue_date": self.issue_date,
            "deadline": self._day_to_pay(),
            "customer_name": partner.name or "",
            "customer_reference": partner.ref or "",
            "company_name": company.name,
            "company_email": company.email or "",
            "company_phone": company.phone or "",
            "company_website": company.website or "",
            "creditor": self.creditor_text,
            "debtor": self.debtor_text,
            "currencies": [self._text_block(block) for block in self._letter().blocks],
            "claims": self._claim_values(self._letter()),
        }

    def _text_block(self, block):
        return {
            "code": block.currency,
            "lines": [dict(row.values) for row in block.rows],
            "credits": [{"name": d.name, "amount": d.amount} for d in block.deductions],
            "total": block.total,
            "account": block.account,
            "bank": block.bank,
            "codes": [self._text_code(code) for code in block.codes],
        }

    def _text_code(self, code):
        about = {"title": str(code.standard), "payload": code.payload, "number": code.number}
        return {**about, **code.values}
