from odoo import SUPERUSER_ID, models
from odoo.tools.image import image_data_uri
from odoo.tools.misc import formatLang

from ...core.mail_text import clean, visible
from ...core.statement import Kind, Section, statement
from ..books.facts import Languages
from ..letters.placeholders import MAX_PART, NBSP
from ..reminders.line import number_of
from .statement import CONFIRMATION

#: The report: its paper, and by whom it is written.
REPORT = "upominky_addon.report_statement"


class UpominkyCase(models.Model):
    """The page of a statement: what was open, in words, in the language of the customer."""

    _inherit = "upominky.case"

    # --------------------------------------------------------------- whose

    # EXTENDS 'upominky.paper'
    def _paper_receiver(self):
        """Return who gets the customer's invoices: of contacts that the company may use."""
        # sudo: the ids of the companies above are compared; their branch's user cannot read them.
        companies = {False, *self.company_id.sudo().parent_ids.ids}
        # sudo: a contact's address is read to write to it, as the jobs do for reminders.
        customer = self.partner_id.sudo()
        address = self.env["upominky.reader"]._invoice_address(companies, customer)
        return self.partner_id.browse(address)

    def _statement_lang(self):
        """Return the language of who gets it, else the customer's, else the company's."""
        # sudo: a contact's language is read to write to it.
        receiver, customer = self._paper_receiver().sudo(), self.partner_id.sudo()
        return Languages(self.company_id.sudo())[receiver.lang or customer.lang]

    # ------------------------------------------------------------ the page

    def _statement_page(self):
        """Return the statement as a page in HTML.

        :raises UserError: if there is more on it than a letter holds
        :rtype: str
        """
        self.ensure_one()
        # sudo: the page is the add-on's or an administrator's, and shows this customer alone.
        me = self.with_user(SUPERUSER_ID).with_company(self.company_id)
        me = me.with_context(lang=self._statement_lang())
        report = me.env.ref(REPORT)
        values = me._statement_around(report) | me._statement_said()
        return visible(report._render_template(report.report_name, values).decode())

    def _statement_around(self, report):
        """Return what of the page lies around the text, as of a reminder's letter."""
        company = self.company_id
        return {
            "doc": self,
            "company": company,
            "lang": (self.env.lang or "en").split("_")[0],
            **self._paper_places(self._paper_sheet(report)),
            "sender": self._one_line(company.partner_id),
            "address": self._paper_address(),
            "facts": self._statement_facts(),
            "layout": self._company_layout(report),
            "logo": not company.uses_default_logo and image_data_uri(company.logo),
        }

    def _statement_facts(self):
        """Return what stands beside the address, as pairs of a label and a text."""
        company, today = self.company_id, self.company_id._upominky_today()
        rows = [
            (self.env._("Date"), self._day(today)),
            (self.env._("As of"), self._day(self.as_of)),
            (self.env._("Your reference"), self.partner_id.ref),
            (self.env._("Phone"), company.phone),
            (self.env._("E-mail"), company.email),
        ]
        return [(label, clean(text, MAX_PART)) for label, text in rows if text]

    def _statement_said(self):
        """Return what of the page is about this customer and this day."""
        party, day = self.env["upominky.reminder"]._party, self._day(self.as_of)
        return {
            "title": self.env._("%(what)s as of %(day)s", what=self._statement_title(), day=day),
            "creditor": party(self.company_id.partner_id, whole=True),
            "debtor": party(self.partner_id, whole=True),
            "heads": self._heads(),
            "blocks": self._statement_blocks(),
            "is_confirmation": self.kind == CONFIRMATION,
            # In a template `request` is that of the browser.
            "asked": self._request_text(),
            "answer": self.env._("Answer to the balance as of %s", day),
        }

    def _day(self, day):
        return self.env["upominky.reminder"]._day_text(day) if day else ""

    # ------------------------------------------------------------ the table

    def _statement_blocks(self):
        """Return the blocks of the table, a currency each, as texts."""
        # Who became a contact of another one since owes what that one owes.
        customer = self.partner_id.commercial_partner_id
        reader = self.env["upominky.reader"]
        found = reader._items_on(self.company_id, customer.ids, self.as_of)
        blocks = statement(found.get(customer.id, ()), self.as_of)
        self._refuse_many(blocks)
        currencies = self._currencies_of(blocks)
        ordered = sorted(blocks, key=lambda block: currencies[block.currency].name)
        return [self._block_texts(block, currencies[block.currency]) for block in ordered]

    def _currencies_of(self, blocks):
        """Return the currencies of blocks by id, archived ones too."""
        ids = [block.currency for block in blocks]
        return {currency.id: currency for currency in self.env["res.currency"].browse(ids)}

    def _block_texts(self, block, currency):
        """Return a block as the template writes it."""
        items = self.env["account.move.line"].browse(row.item.id for row in block.rows)
        kinds = self._kind_texts()
        known = dict(zip(items.ids, map(self._item_texts, items, block.rows), strict=True))
        sections = [
            {
                "title": title,
                "total_label": self.env._("Total: %s", title),
                "total": self._figure(block.total(section), currency),
                "rows": [
                    {**self._row_texts(row, kinds, currency), **known[row.item.id]} for row in rows
                ],
            }
            for section, title in self._section_titles().items()
            if (rows := block.of(section))
        ]
        return {
            "currency": currency.name,
            "sections": sections,
            "balance_label": self._balance_label(block.balance),
            "balance_text": self._money(abs(block.balance), currency),
            "ages": self._age_texts(block, currency),
        }

    def _row_texts(self, row, kinds, currency):
        item = row.item
        return {
            "kind": kinds[item.kind],
            "on": self._day(item.on),
            "due": self._day(row.section != Section.CREDIT and item.due),
            "days": str(row.days or ""),
            "amount": self._figure(item.amount, currency),
            "balance": self._figure(row.balance, currency),
        }

    def _item_texts(self, item, row):
        """Return the number of an item, as the customer knows it, and what is to be known of it."""
        move = item.move_id
        if row.item.kind == Kind.PAYMENT and move.origin_payment_id:
            # Its item is called by the way of payment, in the words of whoever registered it.
            number = " · ".join(filter(None, [move.ref, move.name]))
        else:
            number = number_of(move, item)
        note = self._is_on_its_way(item) and self.env._("a payment is on its way")
        return {"number": clean(number, MAX_PART), "note": note}

    def _is_on_its_way(self, item):
        """Say whether a payment that lowers nothing yet was there on that day."""
        move = item.move_id
        return (
            move.payment_state == "in_payment"
            and item.amount_residual_currency > 0
            and any(payment.date <= self.as_of for payment in move.matched_payment_ids)
        )

    def _money(self, amount, currency):
        return self.env["upominky.reminder"]._money_text(currency, float(amount))

    def _figure(self, amount, currency):
        """Return an amount without its currency, which the head of the column names."""
        text = formatLang(self.env, float(amount), digits=currency.decimal_places)
        return text.replace(" ", NBSP)

    def _age_texts(self, block, currency):
        """Return what is owed by age, as pairs of a label and an amount; nothing if none is."""
        if not any(block.ages):
            return []
        amounts = [self._figure(amount, currency) for amount in block.ages]
        return list(zip(self._age_labels(), amounts, strict=True))
