"""Interest and costs in a letter. All texts of this module are read by customers."""

from decimal import Decimal

from odoo import api, models

from ...core.letter_claim import Claimed, LetterClaim, Reckoned, told_apart
from ...core.mail_text import clean
from ...core.money import ZERO
from ..base.amounts import exact
from .letter import Writer
from .placeholders import MAX_PART

#: What tells interest and costs in HTML from the rest of a message.
CLAIM_CLASS = "o_upominky_claim"


class UpominkyReminder(models.Model):
    """What a letter claims beside the total to pay: interest, day by day, and costs.

    The totals of its blocks, and so the codes to pay by, stay the principal: what is paid by them
    is what the invoices ask for, to the last decimal.
    """

    _inherit = "upominky.reminder"

    def _letter_currencies(self):
        """Return the currencies of the letter: costs are in the company's."""
        own = self.line_ids.currency_id
        # sudo: in which currency costs are asked is in the letter, whoever sends it.
        return own | self.company_id.sudo().currency_id if self.claim_totals else own

    def _letter_claim(self, asked):
        """Return the interest and costs of the letter, None where it asks none.

        :param asked: codes of the currencies in which its blocks ask for something
        :rtype: core.letter_claim.LetterClaim | None
        """
        currencies = {currency.name: currency for currency in self._letter_currencies()}
        sums = [
            Claimed(
                name, **{part: exact(amount, currencies[name]) for part, amount in parts.items()}
            )
            for name, parts in sorted((self.claim_totals or {}).items())
        ]
        billed = self._billed_before() if sums else {}
        sums = [told_apart(each, billed.get(each.currency, ZERO)) for each in sums]
        asks = any(claimed.interest or claimed.costs for claimed in sums)
        if not asks and not (sums and self._has_bills_of_interest()):
            return None
        rows = self.interest_ids.sorted(
            lambda r: (r.currency_id.name, r.line_id.due_date, r.line_id.id, r.date_from)
        )
        alone = [c for c in sums if c.currency not in asked and c.beside > 0]
        payments = tuple(self._own_payment(c, currencies[c.currency]) for c in alone)
        return LetterClaim(tuple(row._reckoned() for row in rows), tuple(sums), payments=payments)

    # ------------------------------------------------------------------ texts

    def _claim_texts(self, claim, writer):
        """Return what a letter says of interest and costs, in the language of its environment.

        :param LetterClaim claim: what of it is listed, None for no texts
        :param Writer writer: of the letter
        :rtype: dict | None
        """
        if claim is None:
            return None
        return {
            "title": self._claim_title(claim),
            "heads": self._claim_heads() if claim.rows else [],
            "rows": [self._reckoned_cells(row, writer) for row in claim.rows],
            "not_listed": claim.left_out and self._not_reckoned_text(claim),
            "sums": [pair for claimed in claim.sums for pair in self._sums(claimed, writer)],
            "note": self._claim_note(claim),
            "payments": [self._own_payment_texts(p, writer) for p in claim.payments],
        }

    def _has_bills_of_interest(self):
        """Say whether invoices of interest are among those that it asks for."""
        return any(line._is_of_interest() for line in self._open_lines())

    def _billed_before(self):
        """Return what it asks for of invoices of interest, by currency, less what is deducted.

        :rtype: dict[str, Decimal]
        """
        found = {}
        if not self._has_bills_of_interest():
            return found
        for line, credits in self._credits_of_lines({}):
            if line._is_of_interest():
                name, amount = line.currency_id.name, exact(line.amount_due, line.currency_id)
                left = amount - sum((credit.amount for credit in credits), ZERO)
                found[name] = found.get(name, ZERO) + left
        return found

    def _claim_note(self, claim):
        """Return what the sums are and how they are paid; none is asked on interest."""
        if self._has_bills_of_interest():
            notes = [
                self.env._(
                    "The totals to pay above are the principal, and interest and costs that were "
                    "billed before. Interest and costs of the time since are claimed beside them."
                ),
                self.env._("No interest is asked on invoices of interest."),
            ]
        else:
            notes = [self._principal_text(claim)]
        own = {payment.currency for payment in claim.payments}
        if any(claimed.beside and claimed.currency not in own for claimed in claim.sums):
            notes.insert(
                1,
                self.env._(
                    "Please pay them to the same account and with the same reference as the "
                    "invoice that they belong to."
                ),
            )
        return " ".join(notes)

    def _principal_text(self, claim):
        """Say that the totals are the principal, and what is claimed beside them."""
        if not any(claimed.costs for claimed in claim.sums):
            return self.env._(
                "The totals to pay above are the principal. Interest is claimed beside them."
            )
        if not any(claimed.interest for claimed in claim.sums):
            return self.env._(
                "The totals to pay above are the principal. Costs are claimed beside them."
            )
        return self.env._(
            "The totals to pay above are the principal. Interest and costs are claimed beside them."
        )

    def _claim_html(self, template, claim, writer):
        """Return interest and costs in HTML, nothing where none are asked.

        :param str template: of :meth:`_claim_texts`
        """
        texts = self._claim_texts(claim, writer)
        return texts and self.env["ir.qweb"]._render(template, {"claim": texts})

    def _with_claim(self, body):
        """Return a rendered body that says interest and costs: at its end where nothing does.

        A template without the table of invoices, or with a table of its own from before, asks for
        them all the same: all parts of a message ask for the same.

        :param Markup body: what the template gave, without the frame
        """
        me = self._in_its_language()
        claim = me._shown_letter()[0].claim
        if claim is None or f'class="{CLAIM_CLASS}' in body:
            return body
        return body + me._claim_html("upominky_addon.invoice_table_claim", claim, Writer(me))

    @api.model
    def _claim_title(self, claim):
        if claim.until:
            day = self._day_text(claim.until)
            return self.env._("Interest for late payment until %s", day)
        return self.env._("Interest and costs")

    @api.model
    def _claim_heads(self):
        return [self.env._("Invoice"), self.env._("From the balance"), self.env._("Interest")]

    def _reckoned_cells(self, row, writer):
        """Return the cells of a row of the calculation, each with lines in small letters.

        :rtype: list[tuple[str, list[str]]]
        """
        days = f"{self._day_text(row.first)} – {self._day_text(row.last)}"
        number = self.env._("days: %s", row.days)
        return [
            (row.number, [days, number]),
            (writer.amount(row.base, row.currency), [self._percent_text(row.percent)]),
            (writer.amount(row.amount, row.currency), []),
        ]

    @api.model
    def _percent_text(self, percent):
        """Return a rate as the reader writes it.

        :param Decimal percent: a year's
        """
        point = self.env["res.lang"]._get_data(code=self.env.lang).decimal_point or "."
        number = f"{percent.normalize():f}".replace(".", point)
        return self.env._("%s%% a year", number)

    def _not_reckoned_text(self, claim):
        """Return how much of the calculation the message does not list."""
        words = {"count": claim.left_out, "file": self._list_name()}
        return self.env._("Rows not listed here: %(count)s, see %(file)s", **words)

    def _sums(self, claimed, writer):
        """Yield what is claimed in a currency: a label, an amount, whether it is all of it."""
        for label, amount in (
            (self.env._("Principal"), claimed.principal),
            (self.env._("Interest and costs billed before"), claimed.billed),
            (self.env._("Interest for late payment"), claimed.interest),
            (self.env._("Flat cost of recovery"), claimed.costs),
        ):
            if amount:
                yield label, writer.amount(amount, claimed.currency), False
        label = self.env._("Whole claim in %s", claimed.currency)
        yield label, writer.amount(claimed.total, claimed.currency), True

    def _claim_as_text(self, claim, writer):
        """Return interest and costs as lines that can be read aloud, nothing where none are asked.

        :param LetterClaim claim: what of it is listed, None for nothing
        """
        texts = self._claim_texts(claim, writer)
        if texts is None:
            return None
        rows = [self._reckoned_as_text(cells) for cells in texts["rows"]]
        rows += [texts["not_listed"]] if texts["not_listed"] else []
        sums = [f"{label}: {amount}" for label, amount, _is_total in texts["sums"]]
        payments = self._own_payments_as_text(claim.payments, writer)
        parts = [f"{texts['title']}:", *rows, *sums, payments, texts["note"]]
        return "\n".join(filter(None, parts))

    def _shown_claim_as_text(self):
        """Return interest and costs as lines, as much of them as a message lists."""
        return self._claim_as_text(self._shown_letter()[0].claim, Writer(self))

    @api.model
    def _reckoned_as_text(self, cells):
        (number, days), (base, percent), (amount, _nothing) = cells
        words = {"days": ", ".join(days), "base": base, "percent": ", ".join(percent)}
        about = self.env._("%(days)s, from %(base)s, %(percent)s", **words)
        return f"- {number}, {about}: {amount}"

    # ----------------------------------------------------------------- values

    def _claim_values(self, letter):
        """Return interest and costs as values of a plain-text template: by currency, with rows."""
        claim = letter.claim
        payments = {payment.currency: payment for payment in claim.payments} if claim else {}
        return [
            {
                "code": claimed.currency,
                "principal": claimed.principal,
                "billed": claimed.billed,
                "interest": claimed.interest,
                "costs": claimed.costs,
                "total": claimed.total,
                **self._own_payment_values(payments.get(claimed.currency)),
                "calculation": [
                    _values_of(row) for row in claim.rows if row.currency == claimed.currency
                ],
            }
            for claimed in (claim.sums if claim else ())
        ]


class UpominkyReminderInterest(models.Model):
    _inherit = "upominky.reminder.interest"

    def _reckoned(self):
        """Return a row of the calculation as the letter has it.

        :rtype: core.letter_claim.Reckoned
        """
        line, currency = self.line_id, self.currency_id
        return Reckoned(
            number=clean(line._number_of_part(), MAX_PART),
            currency=currency.name,
            first=self.date_from,
            last=self.date_to,
            days=self.days,
            base=exact(self.base, currency),
            percent=Decimal(str(self.percent)),
            amount=exact(self.amount, currency),
        )


def _values_of(row):
    """Return a row of the calculation as values of a template."""
    return {
        "number": row.number,
        "date_from": row.first,
        "date_to": row.last,
        "days": row.days,
        "base": row.base,
        "percent": row.percent,
        "amount": row.amount,
    }
