"""The demo's customers, and its accountant's work: invoices, payments, credit notes, orders."""

from odoo import Command

# Name, e-mail, street, zip, city, country, number and what differs. Numbers of firms are invented.
CUSTOMERS = {
    "bakery": ("Pekařství U Mlýna s.r.o.", "ucetni@pekarstvi-u-mlyna.example", "Mlýnská 18", "391 01", "Sezimovo Ústí", "cz"),
    "builder": ("Stavebniny Kolář a syn s.r.o.", "info@stavebniny-kolar.example", "Průmyslová 402", "500 03", "Hradec Králové", "cz"),
    "grocer": ("Potraviny Labe a.s.", "recepce@potraviny-labe.example", "Labská 7", "400 01", "Ústí nad Labem", "cz"),
    "metal": ("Kovovýroba Šumava a.s.", "faktury@kovovyroba-sumava.example", "Železniční 66", "339 01", "Klatovy", "cz"),
    "timber": ("Dřevostavby Hora s.r.o.", "ekonom@drevostavby-hora.example", "Lesní 9", "543 01", "Vrchlabí", "cz"),
    "garage": ("Autoservis Beran", "autoservis@beran.example", "Karlovarská 231", "301 00", "Plzeň", "cz"),
    "florist": ("Květinářství Růžena Malá", "mala@kvetiny-ruzena.example", "Náměstí Míru 4", "560 02", "Česká Třebová", "cz"),
    "chemist": ("Lékárna Pod Kaštany s.r.o.", "lekarna@pod-kastany.example", "Kaštanová 12", "602 00", "Brno", "cz"),
    "joiner": ("Truhlářství Vávra", "dilna@truhlarstvi-vavra.example", "Dolní 88", "592 31", "Nové Město na Moravě", "cz"),
    "hotel": ("Hotel Slavie Lipno a.s.", "uctarna@hotel-slavie.example", "Pobřežní 1", "382 78", "Lipno nad Vltavou", "cz"),
    "sawmill": ("Pila Javorník s.r.o.", "fakturace@pila-javornik.example", "U Pily 3", "790 70", "Javorník", "cz"),
    "publisher": ("Nakladatelství Lampa s.r.o.", "produkce@lampa.example", "Knižní 5", "110 00", "Praha", "cz"),
    "contractor": ("Stavby Orlice a.s.", "uctarna@stavby-orlice.example", "Orlická 150", "517 21", "Týniště nad Orlicí", "cz"),
    "garden": ("Zahradnictví Lípa", False, "Zahradní 21", "411 08", "Štětí", "cz"),
    "electric": ("Elektro Novotný s.r.o.", "novotny(at)elektro.example", "Jiráskova 55", "572 01", "Polička", "cz"),
    "village": ("Obec Horní Lhota", "podatelna@horni-lhota.example", "Horní Lhota 1", "763 23", "Dolní Lhota", "cz"),
    "dairy": ("Mlékárna Zlatá Koruna s.r.o.", "ekonomka@mlekarna-koruna.example", "Zlatá Koruna 40", "382 02", "Zlatá Koruna", "cz"),
    "glass": ("Sklárna Modrava s.r.o.", "fakturace@sklarna-modrava.example", "Sklářská 14", "341 92", "Kašperské Hory", "cz"),
    "printer": ("Tiskárna Rychlý s.r.o.", "objednavky@tiskarna-rychly.example", "Typografická 2", "460 01", "Liberec", "cz"),
    "optician": ("Optika Jasno s.r.o.", "uctarna@optika-jasno.example", "Palackého 33", "370 01", "České Budějovice", "cz"),
    "stationer": ("Papírnictví Kopecká", "kopecka@papirnictvi.example", "Školní 6", "386 01", "Strakonice", "cz"),
    "brewery": ("Brauerei Donautal GmbH", "buchhaltung@brauerei-donautal.example", "Donaulände 11", "4020", "Linz", "at"),
    "paper": ("Nordisk Papper AB", "invoices@nordisk-papper.example", "Hamngatan 22", "411 14", "Göteborg", "se"),
    "slovak": ("Drevostav Tatry s.r.o.", "sekretariat@drevostav-tatry.example", "Podtatranská 5", "058 01", "Poprad", "sk"),
}  # fmt: skip
ENGLISH = ("brewery", "paper")
KEY_ACCOUNTS = ("builder", "grocer")
ABROAD = ("brewery", "paper", "slovak")
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
FIRST_NUMBER = {"FA": 87, "OD": 9}


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
        }
        self.numbers = {}
        self.customers = {key: self._customer(key) for key in CUSTOMERS}
        self.has_sale = "sale.order" in env

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

    def _customer(self, key):
        name, address, street, zip_code, city, country = CUSTOMERS[key]
        tags = [self.tags["key"].id] if key in KEY_ACCOUNTS else []
        tags += [self.tags["abroad"].id] if key in ABROAD else []
        partner = self.env["res.partner"].create(
            {
                "name": name,
                "email": address,
                "street": street,
                "zip": zip_code,
                "city": city,
                "country_id": self.env.ref(f"base.{country}").id,
                "is_company": True,
                "lang": "en_US" if key in ENGLISH else "cs_CZ",
                "category_id": [Command.set(tags)],
            }
        )
        for kind, person, email in CONTACTS.get(key, ()):
            values = {"type": kind, "name": person, "email": email, "parent_id": partner.id}
            self.env["res.partner"].create({**values, "lang": partner.lang})
        return partner

    def contact(self, key, kind="contact"):
        """Return a customer's contact of a kind, none if it has none."""
        return self.customers[key].child_ids.filtered(lambda child: child.type == kind)[:1]

    def make_rules(self):
        """Add a rule for a group and one for a customer to the rule for all."""
        general = self.env["upominky.rule"].search(
            [("company_id", "=", self.company.id), ("event", "=", "issue")], limit=1
        )
        general.with_user(self.accountant).min_amount = 100
        self._rule(
            general,
            ("Key accounts", "Klíčoví zákazníci"),
            {1: 14, 2: 30, 3: 45},
            category_ids=[Command.set(self.tags["key"].ids)],
            sender_id=self.accountant.id,
        ).level_ids.contact = "both"
        self._rule(
            general,
            ("Brauerei Donautal: by agreement", "Brauerei Donautal: podle dohody"),
            {1: 10, 2: 30},
            partner_ids=[Command.set(self.customers["brewery"].ids)],
        )

    def _rule(self, general, names, days, **values):
        levels = [
            {**level, "days_overdue": days[level["order"]]}
            for level in general.level_ids.copy_data({"rule_id": False})
            if level["order"] in days
        ]
        values["level_ids"] = [Command.create(level) for level in levels]
        rule = general.with_user(self.accountant).create({"name": names[0], **values})
        rule.with_context(lang="cs_CZ").name = names[1]
        return rule

    # ------------------------------------------------------------- documents

    def _number(self, prefix, day):
        """Return the next number of a series and its variable symbol: FA 2026/0114, 20260114."""
        number = self.numbers.get((prefix, day.year))
        number = FIRST_NUMBER[prefix] if number is None and not self.numbers else (number or 1)
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
        return {**values, "tax_ids": False} if key in ABROAD else values

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

    def order(self, day, key, lines, due):
        """Confirm a sale order and invoice it; where `sale` is absent, invoice without one."""
        if not self.has_sale:
            return self.invoice(day, key, lines, invoice_date_due=due)
        product = self.env["product.product"].search([("default_code", "=", "PREPRAVA")], limit=1)
        if not product:
            values = {"name": "Přeprava", "default_code": "PREPRAVA", "type": "service"}
            product = product.create({**values, "invoice_policy": "order", "list_price": 0})
        seller = self.env.ref("base.user_admin")
        order = (
            self.env["sale.order"]
            .with_user(seller)
            .create(
                {
                    "partner_id": (self.contact(key) or self.customers[key]).id,
                    "partner_invoice_id": (self.contact(key, "invoice") or self.customers[key]).id,
                    "user_id": seller.id,
                    "payment_term_id": False,
                    "order_line": [
                        Command.create(
                            {"product_id": product.id, "name": text, "price_unit": price}
                        )
                        for text, price in lines
                    ],
                }
            )
        )
        order.action_confirm()
        move = order._create_invoices().with_user(self.accountant)
        account = self._account(move.currency_id)
        dates = {"invoice_date": day, "invoice_date_due": due, "partner_bank_id": account.id}
        move.write({**dates, **self._number("FA", day)})
        move.action_post()
        return move

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
        """Return a payment term: half in 14 days, half in 44."""
        halves = [
            Command.create({"value": "percent", "value_amount": 50, "nb_days": days})
            for days in (14, 44)
        ]
        values = {"name": "2 splátky po 50 %: 14 a 44 dnů", "line_ids": halves}
        return self.env["account.payment.term"].create(values)
