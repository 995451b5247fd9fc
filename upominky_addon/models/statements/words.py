from markupsafe import Markup

from odoo import api, models

from ...core.ages import AGES
from ...core.statement import Kind, Section
from .statement import CONFIRMATION


class UpominkyCase(models.Model):
    """What a statement says in words, on paper and in the message, in the reader's language."""

    _inherit = "upominky.case"

    def _statement_title(self):
        """Return what it is, in the language of its reader."""
        if self.kind == CONFIRMATION:
            return self.env._("Balance confirmation")
        return self.env._("Statement of account")

    def _request_text(self):
        """Return what a confirmation asks for."""
        return self.env._(
            "To reconcile our books, please compare the balance with yours and send this letter "
            "back signed by %s.",
            self._day(self.reply_until),
        )

    def _age_labels(self):
        labels = [self.env._("Not overdue")]
        for start, end in AGES:
            if end is None:
                labels.append(self.env._("Over %s days", start - 1))
            else:
                labels.append(self.env._("%(start)s–%(end)s days", start=start, end=end))
        return labels

    def _balance_label(self, balance):
        """Return whose the balance is: a sign alone is read one way by one, and the other way."""
        if balance > 0:
            return self.env._("Balance in our favour")
        return (
            self.env._("Balance in your favour") if balance < 0 else self.env._("Closing balance")
        )

    def _heads(self):
        """Return the heads of the table's columns, by what they are of."""
        return {
            "number": self.env._("Document"),
            "on": self.env._("Booked"),
            "due": self.env._("Due"),
            "days": self.env._("Days overdue"),
            "amount": self.env._("Amount"),
            "balance": self.env._("Open"),
        }

    @api.model
    def _section_titles(self):
        return {
            Section.OVERDUE: self.env._("Overdue"),
            Section.NOT_DUE: self.env._("Not due yet"),
            Section.INTEREST: self.env._("Interest and costs that were billed"),
            Section.CREDIT: self.env._("Payments on account and credit notes"),
        }

    @api.model
    def _kind_texts(self):
        return {
            Kind.INVOICE: self.env._("Invoice"),
            Kind.INTEREST: self.env._("Invoice of interest"),
            Kind.CREDIT_NOTE: self.env._("Credit note"),
            Kind.PAYMENT: self.env._("Payment"),
            Kind.ENTRY: self.env._("Entry"),
        }

    def _statement_message(self):
        """Return subject and body of the message, in the language of its reader."""
        day = self._day(self.as_of)
        subject = self.env._(
            "%(company)s: %(what)s as of %(day)s",
            company=self.company_id.name,
            what=self._statement_title(),
            day=day,
        )
        paragraphs = [self.env._("Good day,"), self._what_is_asked(day), self.company_id.name]
        body = Markup().join(Markup("<p>%s</p>") % text for text in paragraphs)
        return subject, str(body)

    def _what_is_asked(self, day):
        if self.kind == CONFIRMATION:
            return self.env._(
                "please compare the balance as of %(day)s in the attached letter with your books, "
                "and send it back signed by %(reply)s.",
                day=day,
                reply=self._day(self.reply_until),
            )
        return self.env._(
            "attached is the statement of your account as of %s. If your books say otherwise, "
            "please let us know.",
            day,
        )
