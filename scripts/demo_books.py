"""The demo's customers, and its accountant's work: invoices, payments, credit notes, orders."""

import csv
import shutil
from pathlib import Path

from odoo import Command

#: Invented firms in domains that nobody can have.
CUSTOMERS = Path(__file__).with_name("demo_customers.csv")
ENGLISH = ("brewery", "paper")
KEY_ACCOUNTS = ("builder", "grocer")
ABROAD = ("brewery", "paper", "slovak")
#: They have no e-mail, and get letters.
ON_PAPER = ("inn", "smith", "mill", "saddler")
#: Whom to bill and whom to ask: kind of address, name, e-mail.
CONTACTS = {
    "builder": (
        ("invoice", "Fakturační středisko", "fakturace@stavebniny-kolar.example"),
        ("contact", "Jana Horáková", "jana.horakova@stavebniny-kolar.example"),
    ),
    "grocer": (
        ("invoice", "Centrální účtárna", "dodavatele@potraviny-labe.example"),
        ("contact", "Ing. Petr Dvořák", "petr.dvorak@potraviny-labe.example"),
    ),
    "slovak": (("invoice", "Učtáreň", "faktury@drevostav-tatry.example"),),
}
#: From which level on the e-mail carries the letter, and asks interest and the cost of Czech law.
LETTERS_FROM = 3
FLAT_COST = 1200
#: The last call before a suit; the invoices go with it.
FINAL = 4
#: What the brewery agreed on, in percent a year.
AGREED = 9
FIRST_NUMBER = {"FA": 87, "OD": 9}
#: Odoo makes the PDF of an invoice with it; where it is missing none goes with a message.
CAN_PRINT_INVOICES = bool(shutil.which("wkhtmltopdf"))
INVOICES = "pdf" if CAN_PRINT_INVOICES else "none"


class Books:
    """What people of the company do, each as the user whose work it is."""

    def __init__(self, env):
        self.env = env
        self.company = env.company
        self.accountant = self._user("ucetni", "Alena Procházková", self._manager_groups())
        self.clerk = self._user("referent", "Tomáš Veselý", ["upominky_addon.group_user"])
        self.tags = {
            "key": self._tag("Key Accounts", "Klíčoví zákazníci"),
            "abroad": self._tag("Customers Abroad", "Zahraniční zákazníci"),
            "paper": self._tag("Without E-mail", "Bez e-mailu"),
        }
        self.numbers = {}
        with CUSTOMERS.open(encoding="utf-8", newline="") as rows:
            self.customers = {row["key"]: self._customer(**row) for row in csv.DictReader(rows)}
        self.has_sale = "sale.order" in env
        bridge = env["ir.module.module"]._get("upominky_addon_sale")
        self.has_bridge = bridge.state == "installed"

    # ---------------------------------------------------------------- set up

    @staticmethod
    def _manager_groups():
        return ["account.group_account_manager", "upominky_addon.group_manager"]

    def _user(self, login, name, groups):
        values = {
            "name": name,
            "login": login,
            "password": login,
            "email": f"{login}@doprava-vltava.example",
            "lang": "cs_CZ",
            "tz": "Europe/Prague",
            "company_id": self.company.id,
            "company_ids": [Command.set(self.company.ids)],
            "group_ids": [
                Command.link(self.env.ref(group).id)
                for group in ("base.group_user", "base.group_partner_manager", *groups)
            ],
        }
        return self.env["res.users"].with_context(no_reset_password=True).create(values)

    def _tag(self, english, czech):
        tag = self.env["res.partner.category"].create({"name": english})
        tag.with_context(lang="cs_CZ").name = czech
        return tag

    def _customer(self, key, country, registry, **values):
        groups = {"key": KEY_ACCOUNTS, "abroad": ABROAD, "paper": ON_PAPER}
        tags = [self.tags[name].id for name, members in groups.items() if key in members]
        partner = self.env["res.partner"].create(
            {
                **values,
                "country_id": self.env.ref(f"base.{country}").id,
                "is_company": True,
                "company_registry": registry,
                "lang": "en_US" if key in ENGLISH else "cs_CZ",
                "category_id": [Command.set(tags)],
            }
        )
        for kind, person, email in CONTACTS.get(key, ()):
            contact = {"type": kind, "name": person, "email": email, "parent_id": partner.id}
            self.env["res.partner"].create({**contact, "lang": partner.lang})
        return partner

    def contact(self, key, kind="contact"):
        """Return a customer's contact of a kind, none if it has none."""
        return self.customers[key].child_ids.filtered(lambda child: child.type == kind)[:1]

    def make_rules(self):
        """Add rules for groups and one for a customer to the rule for all."""
        general = self.general = self.env["upominky.rule"].search(
            [("company_id", "=", self.company.id), ("event", "=", "issue")], limit=1
        )
        general.with_user(self.accountant).min_amount = 100
        self._set_levels(general.level_ids.with_user(self.accountant))
        self.rule(
            ("Key accounts", "Klíčoví zákazníci"),
            {1: 14, 2: 30, 3: 45},
            category_ids=[Command.set(self.tags["key"].ids)],
            sender_id=self.accountant.id,
        ).level_ids.contact = "both"
        self.rule(
            ("By post", "Poštou"),
            {1: 10, 2: 30},
            category_ids=[Command.set(self.tags["paper"].ids)],
        ).level_ids.write({"send": False, "send_letter": True})
        agreed = self.rule(
            ("Brauerei Donautal: by agreement", "Brauerei Donautal: podle dohody"),
            {1: 10, 2: 30},
            partner_ids=[Command.set(self.customers["brewery"].ids)],
        ).level_ids
        agreed.attach_invoices = INVOICES
        agreed[-1].write(
            {"interest": "contractual", "interest_percent": AGREED, "attach_letter": True}
        )

    def _set_levels(self, levels):
        """Have levels of the rule for all ask what a claim may ask, the last as a final notice."""
        levels.payment_code = True
        late = levels.filtered(lambda level: level.order >= LETTERS_FROM)
        late.write({"attach_letter": True, "interest": "statutory", "flat_cost": FLAT_COST})
        final = levels.filtered(lambda level: level.order == FINAL)
        final.write({"is_final": True, "attach_invoices": INVOICES})
        self.company.upominky_four_eyes = True

    def rule(self, names, days, **values):
        """Add a rule with levels of the rule for all: names in English and Czech, days by order."""
        general = self.general
        levels = [
            {**level, "days_overdue": days[level["order"]]}
            for level in general.level_ids.copy_data({"rule_id": False})
            if level["order"] in days
        ]
        values["level_ids"] = [Command.create(level) for level in levels]
        rule = general.with_user(self.accountant).create({"name": names[0], **values})
        czech = rule.with_context(lang="cs_CZ")
        czech.name = names[1]
        known = {level.order: level.name for level in general.with_context(lang="cs_CZ").level_ids}
        for level in czech.level_ids:
            level.name = known[level.order]
        return rule

    # ------------------------------------------------------------- documents

    def _number(self, prefix, day):
        """Return the next number of a series and its variable symbol: FA 2026/0114, 20260114."""
        begun = any(known == prefix for known, _year in self.numbers)
        number = self.numbers.get((prefix, day.year), 1 if begun else FIRST_NUMBER[prefix])
        self.numbers[prefix, day.year] = number + 1
        return {
            "name": f"{prefix} {day.year}/{number:04d}",
            "payment_reference": f"{day.year}{number:04d}" if prefix == "FA" else False,
        }

    def _currency(self, code):
        return self.env.ref(f"base.{code}")

    def _account(self, currency):
        banks = self.company.partner_id.bank_ids
        return banks.filtered(lambda bank: bank.currency_id == currency)[:1]

    def _move(self, kind, key, lines, day, **values):
        currency = self._currency(values.pop("currency", "CZK"))
        move = (
            self.env["account.move"]
            .with_user(self.accountant)
            .with_context(lang="cs_CZ")
            .create(
                {
                    "move_type": kind,
                    "partner_id": self.customers[key].id,
                    "invoice_date": day,
                    "currency_id": currency.id,
                    "invoice_line_ids": [Command.create(self._line(key, *x)) for x in lines],
                    **values,
                }
            )
        )
        if kind == "out_invoice":
            move.partner_bank_id = self._account(currency)
            move.upominky_contact_id = self.contact(key)
        return move

    def _line(self, key, text, price):
        values = {"name": text, "quantity": 1, "price_unit": price}
        # Transport for firms abroad is taxed where they are.
        taxes = [] if key in ABROAD else self.company.account_sale_tax_id.ids
        return {**values, "tax_ids": [Command.set(taxes)]}

    def invoice(self, day, key, lines, **values):
        """Post an invoice.

        :param date day: when it is issued
        :param lines: texts and prices without tax
        """
        if "invoice_payment_term_id" not in values:
            values["invoice_payment_term_id"] = False
        move = self._move("out_invoice", key, lines, day, **values, **self._number("FA", day))
        move.action_post()
        return move

    def order(self, day, key, lines, invoice_date_due):
        """Confirm a sale order and invoice it; where `sale` is absent, invoice without one."""
        if not self.has_sale:
            return self.invoice(day, key, lines, invoice_date_due=invoice_date_due)
        order = self.quotation(key, lines)
        order.action_confirm()
        move = order._create_invoices().with_user(self.accountant)
        move.write(
            {
                **self._number("FA", day),
                "invoice_date": day,
                "invoice_date_due": invoice_date_due,
                "partner_bank_id": self._account(move.currency_id).id,
            }
        )
        if not self.has_bridge:  # else the invoice's contact is the order's
            move.upominky_contact_id = self.contact(key)
        move.action_post()
        return move

    def quotation(self, key, lines):
        """Return an order of the customer's contact person, billed to its invoice address."""
        customer, seller = self.customers[key], self.env.ref("base.user_admin")
        product = self._transport()
        rows = [{"product_id": product.id, "name": x, "price_unit": price} for x, price in lines]
        return (
            self.env["sale.order"]
            .with_user(seller)
            .create(
                {
                    "partner_id": (self.contact(key) or customer).id,
                    "partner_invoice_id": (self.contact(key, "invoice") or customer).id,
                    "user_id": seller.id,
                    "payment_term_id": False,
                    "order_line": [Command.create(row) for row in rows],
                }
            )
        )

    def _transport(self):
        product = self.env["product.product"].search([("default_code", "=", "PREPRAVA")], limit=1)
        values = {"name": "Přeprava", "default_code": "PREPRAVA", "type": "service"}
        return product or product.create({**values, "invoice_policy": "order", "list_price": 0})

    def credit_note(self, day, key, lines, **values):
        """Post a credit note that nobody has matched yet."""
        values["invoice_date_due"] = day
        move = self._move("out_refund", key, lines, day, **values, **self._number("OD", day))
        move.action_post()
        return move

    def pay(self, day, move, amount=None):
        """Register a payment from the bank, whole or in part."""
        journal = self.env["account.journal"].search(
            [("bank_account_id", "=", self._account(move.currency_id).id)], limit=1
        )
        values = {"payment_date": day, "journal_id": journal.id}
        wizard = (
            self.env["account.payment.register"]
            .with_user(self.accountant)
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({**values, **({"amount": amount} if amount else {})})
        )
        wizard._create_payments()

    def instalments(self):
        """Return a payment term of three instalments: 40 % in 14 days, then 30 % a month."""
        parts = [
            Command.create({"value": "percent", "value_amount": percent, "nb_days": days})
            for percent, days in ((40, 14), (30, 44), (30, 74))
        ]
        values = {"name": "3 splátky: 40 % do 14 dnů, pak 30 % měsíčně", "line_ids": parts}
        return self.env["account.payment.term"].create(values)
