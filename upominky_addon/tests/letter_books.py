"""Customers whose letters are compared with those of the version before, and what they say.

Like the story, its text is fed to ``odoo shell`` of an older version as well: it imports nothing of
the add-on. ``data/letters`` keeps what 19.0.1.0.1 wrote, one file for each letter.
"""

import re
from datetime import date, datetime, timedelta

from freezegun import freeze_time
from lxml import html

from odoo import Command

DAY = date(2026, 5, 29)
READERS = {"en": "en_US", "cs": "cs_CZ"}
COMPANY = {
    "name": "Dopravce s.r.o.",
    "street": "Dlouhá 1",
    "zip": "110 00",
    "city": "Praha",
    "company_registry": "12345678",
    "vat": False,
    "email": "ucetni@dopravce.example",
    "phone": "+420 222 333 444",
    "website": False,
}
#: What ends a line of what a reader sees.
ENDS = {"p", "div", "td", "th", "li", "h1", "h2", "h3", "br", "tr", "table"}


class Books:
    """The books of one customer: what is owed, paid and credited."""

    def __init__(self, env, company, partner):
        self.env, self.company, self.partner = env, company, partner
        self.number = 0
        self.code = partner.ref

    def currency(self, code):
        return (
            self.env["res.currency"].with_context(active_test=False).search([("name", "=", code)])
        )

    def account(self, number):
        banks = self.company.partner_id.bank_ids
        return banks.filtered(lambda bank: bank.acc_number == number)

    def invoice(self, amount, days=10, currency="CZK", account="1111111111/0100", **values):
        """Post an invoice that is so many days overdue."""
        self.number += 1
        due = DAY - timedelta(days=days)
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "name": f"{self.code}/2026/{self.number:04}",
                "payment_reference": f"26{self.number:04}",
                "partner_id": self.partner.id,
                "company_id": self.company.id,
                "currency_id": self.currency(currency).id,
                "invoice_date": due - timedelta(days=14),
                "invoice_date_due": due,
                "partner_bank_id": self.account(account).id,
                "invoice_line_ids": [
                    Command.create({"name": "Transport", "price_unit": amount, "tax_ids": False})
                ],
                **values,
            }
        )
        move.action_post()
        return move

    def pay(self, move, amount):
        """Pay a part of an invoice."""
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        wizard.create({"payment_date": DAY, "amount": amount})._create_payments()

    def credit(self, amount, days=3, matched=None, **values):
        """Post a credit note, matched with an invoice or with nothing."""
        note = self.invoice(amount, days, move_type="out_refund", **values)
        if matched:
            items = (note + matched).line_ids
            items.filtered(lambda i: i.account_id.account_type == "asset_receivable").reconcile()


# ------------------------------------------------------------------------ cases


def one(books):
    books.invoice(12100)


def part_payments(books):
    first, second, _third = (books.invoice(a, d) for a, d in ((12100, 20), (4840.5, 12), (999, 9)))
    books.pay(first, 2100)
    books.pay(second, 4000)


def two_currencies(books):
    books.invoice(12100)
    euro = books.invoice(350.75, 9, currency="EUR", account="EUR-3333333333")
    books.pay(euro, 50.25)
    books.invoice(80, 8, currency="EUR", account="EUR-3333333333")


def credits(books):
    books.invoice(5000, 15)
    books.invoice(3000, 12)
    books.credit(1500)
    books.credit(250.5, 2)


def credited(books):
    """Only a part of what was taken off the invoice is a payment."""
    move = books.invoice(5000, 15)
    books.credit(1200, matched=move)
    books.pay(move, 300)


def two_accounts(books):
    books.invoice(1000, 12)
    books.invoice(2000, 10, account="2222222222/0800")
    books.invoice(4000, 9)


def sixty(books):
    for number in range(60):
        books.invoice(1000 + 10.5 * number, 70 - number)


CASES = (one, part_payments, two_currencies, credits, credited, two_accounts, sixty)


def prepare_company(env, company):
    """Give a company its name, accounts and currencies; its accounts are the only ones."""
    company.write({**COMPANY, "country_id": env.ref("base.cz").id})
    company.partner_id.bank_ids.unlink()
    euro = env["res.currency"].with_context(active_test=False).search([("name", "=", "EUR")])
    euro.active = True
    if not euro.rate_ids.filtered(lambda rate: rate.company_id == company):
        euro.rate_ids.create(
            {"currency_id": euro.id, "company_id": company.id, "name": "2020-01-01", "rate": 0.04}
        )
    bank = env["res.bank"].create({"name": "Komerční banka"})
    for number, currency in (
        ("1111111111/0100", False),
        ("2222222222/0800", False),
        ("EUR-3333333333", euro.id),
    ):
        env["res.partner.bank"].create(
            {
                "acc_number": number,
                "partner_id": company.partner_id.id,
                "bank_id": bank.id if number.startswith("1") else False,
                "currency_id": currency,
                "allow_out_payment": True,
            }
        )


def make_customers(env, company):
    """Return a customer for each case and reader, with its books."""
    customers = {}
    for case in CASES:
        for reader, lang in READERS.items():
            partner = env["res.partner"].create(
                {
                    "name": "Odběratel a syn, a.s.",
                    "ref": f"{case.__name__.upper()}{reader.upper()}",
                    "email": f"{case.__name__}.{reader}@customer.example",
                    "is_company": True,
                    "street": "Krátká 2",
                    "zip": "602 00",
                    "city": "Brno",
                    "lang": lang,
                }
            )
            case(Books(env, company, partner))
            customers[f"{case.__name__}.{reader}"] = partner
    return customers


# ------------------------------------------------------------------------- read


def visible_lines(source):
    """Return what a reader of HTML sees: a line for each paragraph, and for each row of a table."""
    text = "".join(_words(html.fromstring(source))).replace("\xa0", "_")
    return list(filter(None, (re.sub(r"\s+", " ", line).strip() for line in text.split("\n"))))


def _words(node):
    if node.tag == "tr" and not node.xpath(".//tr"):
        cells = (
            " / ".join(visible_lines(html.tostring(cell, encoding="unicode", with_tail=False)))
            for cell in node
        )
        yield " | ".join(cells)
        return
    yield re.sub(r"[ \t\r\n]+", " ", node.text or "")
    for child in node:
        if isinstance(child.tag, str) and child.tag not in ("style", "head"):
            end = "\n" if child.tag in ENDS else ""
            yield end
            yield from _words(child)
            yield end
        yield re.sub(r"[ \t\r\n]+", " ", child.tail or "")


def written(reminder):
    """Return what a letter says: subject, HTML by cells, plain text; its own number is left out."""
    ((subject, body),) = reminder._render().values()
    page = reminder._with_layout(subject, body)
    text = reminder._plain_text(body).replace("\xa0", "_")
    parts = [subject, "", *visible_lines(str(page)), "", "-" * 30, "", text.rstrip()]
    return "\n".join(parts).replace(reminder.name, "{number}") + "\n"


def write_letters(env):
    """Write the letters in a shell, of an older version too; return them by name."""
    company = env.company
    prepare_company(env, company)
    company.upominky_mode = "live"
    customers = make_customers(env, company)
    env.flush_all()
    env.cr.commit()
    with freeze_time(datetime(DAY.year, DAY.month, DAY.day, 8)):
        env["upominky.generate"]._cron_generate()
        env.invalidate_all()
        reminders = env["upominky.reminder"].search(
            [("partner_id", "in", [p.id for p in customers.values()])]
        )
        by_partner = {reminder.partner_id: reminder for reminder in reminders}
        return {name: written(by_partner[partner]) for name, partner in customers.items()}


def load_czech_chart(env):
    env["account.chart.template"].try_loading("cz", env.company, install_demo=False)
    return env.company.currency_id.name
