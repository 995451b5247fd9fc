import hashlib
import re

from markupsafe import Markup, escape

from odoo import SUPERUSER_ID, models
from odoo.tools.image import image_data_uri

from ...core.letter import Deduction
from ...core.mail_text import clean, visible
from .introduction import with_other_table
from .letter import Writer
from .payment_codes import shown_inline
from .placeholders import MAX_PART

#: The report, an ordinary one that administrators adapt.
REPORT = "upominky_addon.report_letter"


#: Characters of what stays on one line: longer ones would leave the page.
LONGEST_UNBROKEN = 40


def unbroken(text, parts):
    """Return a text in HTML whose lines end before or after some of its parts, never within.

    :param parts: texts, as numbers of documents; those that are too long for a line are divided
    """
    kept = sorted({part for part in parts if part and len(part) <= LONGEST_UNBROKEN}, key=len)
    if not kept:
        return escape(text)
    pattern = "|".join(re.escape(part) for part in reversed(kept))
    pieces = re.split(f"({pattern})", text)
    return Markup().join(
        Markup('<span style="white-space: nowrap">%s</span>') % piece
        if place % 2
        else escape(piece)
        for place, piece in enumerate(pieces)
    )


def _party_html(text):
    """Return a party whose name, street or number each stay on one line."""
    return unbroken(text, text.split(", "))


class UpominkyReminder(models.Model):
    """The letter on paper: the value that the message writes too, on a page with an address."""

    _name = "upominky.reminder"
    _inherit = ["upominky.reminder", "upominky.paper"]

    def _paper_html(self, subject, body, day, note=None):
        """Return the letter as a page in HTML.

        :param str subject: what it is about
        :param Markup body: what the template gave, without the frame
        :param date day: the day that stands on it
        :param str note: what stands above it; see :meth:`_paper_note`
        :rtype: str
        """
        self.ensure_one()
        # sudo: the page is the add-on's or an administrator's, and shows this reminder alone.
        me = self.with_user(SUPERUSER_ID).with_company(self.company_id)
        me = me.with_context(lang=self._language())
        report = me.env.ref(REPORT)
        values = {
            **me._paper_values(report, day),
            "title": subject,
            "heading": unbroken(subject, [self.name, *self.line_ids.move_id.mapped("name")]),
            "body": Markup(with_other_table(str(body), self._letter_table(), me._paper_table())),
            "note": me._paper_note(note),
            "parties": me._paper_parties(str(body)),
        }
        return visible(report._render_template(report.report_name, values).decode())

    def _paper_parties(self, body):
        """Return both parties of a final notice, as pairs of a label and a text.

        :param str body: HTML of what is written; if it names both, nothing is said twice
        """
        creditor, debtor = self.creditor_text, self.debtor_text
        if not self.is_final or all(str(escape(party)) in body for party in (creditor, debtor)):
            return ()
        return (
            (self.env._("Creditor"), _party_html(creditor)),
            (self.env._("Debtor"), _party_html(debtor)),
        )

    def _paper_note(self, note):
        """Return what stands above a page that is not the letter that went out, if anything.

        :param str note: ``draft`` before it goes out, ``copy`` of what was sent without a letter
        """
        if note == "draft":
            return self.env._("Not sent yet: for reading only")
        today = self._day_text(self.company_id._upominky_today())
        return self.env._("Copy made on %s", today) if note == "copy" else ""

    def _paper_table(self):
        """Return the blocks of the letter in HTML, as they are divided between pages."""
        writer = Writer(self)
        values = {
            "letter": (letter := self._letter()),
            "cells": letter.cells(),
            "label": writer.label,
            "write": lambda *args: _short(writer.value(*args)),
            "amount_text": writer.amount,
            "deduction": lambda row: isinstance(row, Deduction),
            "deducted": lambda row: _short(self._deduction_label(row)),
            "total": self._total_label,
            "reference": self._paper_reference,
            "pay_by": self._pay_by_text,
            "code_rows": writer.code_rows,
            "code_image": lambda code, currency: self._code_image(code, writer, currency),
            "claim": self._claim_html("upominky_addon.letter_claim", letter.claim, writer),
        }
        table = self.env["ir.qweb"]._render("upominky_addon.letter_table", values)
        return str(shown_inline(table, self._code_files(str(table))))

    def _paper_reference(self, block):
        """Return what a payment of a block of one invoice is to carry; others have it in rows."""
        if not block.is_of_one:
            return ""
        texts = {**block.rows[0].values}
        return self._reference_as_text({"payment_message": "", **texts}) or ""

    def _paper_values(self, report, day):
        """Return what of a page lies around the text and the table.

        :param report: how large the paper is
        :param date day: the day that stands on it
        """
        company = self.company_id
        return {
            "doc": self,
            "company": company,
            "lang": (self.env.lang or "en").split("_")[0],
            **self._paper_places(self._paper_sheet(report)),
            "sender": self._one_line(company.partner_id),
            "address": self._paper_address(),
            "facts": self._paper_facts(day),
            "layout": self._company_layout(report),
            "logo": not company.uses_default_logo and image_data_uri(company.logo),
        }

    def _paper_facts(self, day):
        """Return what stands beside the address, as pairs of a label and a text."""
        company, user = self.company_id, self.level_id.sender_id or self.rule_id.sender_id
        contact = user.partner_id if user.active else user.partner_id.browse()
        rows = [
            (self.env._("Number"), self.name),
            (self.env._("Date"), self._day_text(day)),
            (self.env._("Issued"), self.issue_date != day and self._day_text(self.issue_date)),
            (self.env._("Your reference"), self.partner_id.ref),
            (self.env._("Contact"), contact.name),
            (self.env._("Phone"), contact.phone or company.phone),
            (self.env._("E-mail"), contact.email or company.email),
        ]
        return [(label, clean(text, MAX_PART)) for label, text in rows if text]


def fingerprint(page):
    """Return what tells a page from others.

    :param str page: in HTML
    """
    return hashlib.sha256(page.encode()).hexdigest()


def _short(value):
    """Return a value of a row, a text cut to what a row of a page has room for."""
    return clean(value, MAX_PART) if isinstance(value, str) else value
