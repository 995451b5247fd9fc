"""SPEC rules 20 and 30: what customers read is in their language, subject to plain text."""

import re
from datetime import datetime, timedelta

from lxml import html

from ...models.base.dates import day_text, moment_text
from ...models.base.names import some_names
from ..common import TODAY, UpominkyCommon, smtp_inbox

#: Days on which the four levels of the default rule are due, and the summary fourteen days later.
DAYS = (7, 21, 35, 49)
SUMMARY = 63
ENGLISH = re.compile(
    r"\b(hello|regards|thank|please|reminders?|invoices?|unpaid|overdue|due|total|paid?|pay|"
    r"payment|left|deducted|issued|account|variable|second|third|within|seven|days|"
    r"creditor|debtor|court|legal|conciliation|interest|company|id|vat|the|and|your|you|with|"
    r"this|that|have|are|not|we|of|reply|books)\b",
    re.IGNORECASE,
)
#: How the five subjects begin, an amount, a due date, and words of the table and the plain text.
READERS = {
    "cs_CZ": (
        ("Upomínka", "Druhá upomínka", "Třetí upomínka", "Předžalobní výzva", "Přehled"),
        ("12\xa0100,00\xa0Kč", "22. 5. 2026"),
        ("Zbývá uhradit", "Odečteno", "Variabilní symbol", "Dní po splatnosti"),
        ("zbývá uhradit", "variabilní symbol"),
    ),
    "sk_SK": (
        ("Upomienka", "Druhá upomienka", "Tretia upomienka", "Predžalobná výzva", "Prehľad"),
        ("12\xa0100,00\xa0Kč", "22. 5. 2026"),
        ("Zostáva uhradiť", "Odpočítané", "Variabilný symbol", "Dní po splatnosti"),
        ("zostáva uhradiť", "variabilný symbol"),
    ),
    "de_DE": (
        (
            "Zahlungserinnerung",
            "Zweite Zahlungserinnerung",
            "Mahnung",
            "Letzte Mahnung vor dem gerichtlichen Mahnverfahren",
            "Übersicht",
        ),
        ("12.100,00\xa0Kč", "22.05.2026"),
        ("Noch zu zahlen", "Abgezogen", "Verwendungszweck", "Tage überfällig"),
        ("noch zu zahlen", "Verwendungszweck"),
    ),
    "pl_PL": (
        (
            "Przypomnienie o płatności",
            "Wezwanie do zapłaty",
            "Ponowne wezwanie do zapłaty",
            "Ostateczne przedsądowe wezwanie do zapłaty",
            "Zestawienie",
        ),
        ("12100,00\xa0Kč", "22.05.2026"),
        ("Pozostaje do zapłaty", "Odliczono", "Tytuł przelewu", "Dni po terminie"),
        ("pozostaje do zapłaty", "tytuł przelewu"),
    ),
    "en_US": (
        ("Reminder", "Second reminder", "Third reminder", "Call before legal action", "List"),
        ("12,100.00\xa0Kč", "May 22, 2026"),
        ("Left to pay", "Deducted", "Variable symbol", "Days overdue"),
        ("left to pay", "variable symbol"),
    ),
}


class TestLanguages(UpominkyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        langs = [lang for lang in READERS if lang != "en_US"]
        for lang in langs:
            cls.env["res.lang"]._activate_lang(lang)
        cls.env.ref("base.module_upominky_addon")._update_translations(langs)
        cls.company.write({"company_registry": "27082440", "phone": "+420 380 555 010"})
        cls.env["res.partner.bank"].create(
            {"acc_number": "CZ5508000000001234567899", "partner_id": cls.company.partner_id.id}
        )
        cls.readers = {
            lang: cls.new_customer(f"Firma {lang[-2:]}", f"{lang.lower()}@firma.example", lang=lang)
            for lang in READERS
        }

    def letters(self):
        """Return the five messages of each reader, as they arrived, in their order."""
        rules = self.env["upominky.rule"].with_context(active_test=False)
        summary = rules.search([("company_id", "=", self.company.id), ("event", "=", "resend")])
        for customer in self.readers.values():
            first = self.invoice(customer, 12200, due=7)
            self.pay(first, 100)
            first.payment_reference = "20260114"
            self.invoice(customer, 480, due=7, currency=self.eur)
            self.credit_note(customer, 1000)
        with smtp_inbox(self.env) as inbox:
            for days in (*DAYS, SUMMARY):
                day = TODAY + timedelta(days=days - DAYS[0])
                summary.active = days == SUMMARY
                issued = self.generate(day)
                with self.on(day):
                    issued.filtered(lambda r: r.state == "to_approve").action_approve()
                self.send(day)
        by_address = {customer.email: lang for lang, customer in self.readers.items()}
        found = {lang: [] for lang in READERS}
        for number, message in enumerate(inbox.messages):
            lang = by_address[message["To"]]
            found[lang].append(
                (message["Subject"].strip(), self.visible(inbox.html(number)), inbox.text(number))
            )
        return found

    @staticmethod
    def visible(source):
        """Return what a reader sees of a page."""
        return html.document_fromstring(source).text_content().replace("\ufeff", "")

    @staticmethod
    def english(text):
        """Return the English words of a text, but for addresses and numbers of documents."""
        return {word.lower() for word in ENGLISH.findall(re.sub(r"\S*[@/]\S*", " ", text))}

    def test_rule_20_all_letters_are_in_the_readers_language(self):
        for lang, letters in self.letters().items():
            subjects, formats, in_table, in_text = READERS[lang]
            self.assertEqual(len(letters), 5, lang)
            for start, (subject, page, text) in zip(subjects, letters, strict=True):
                with self.subTest(lang=lang, subject=subject):
                    self.assertTrue(subject.startswith(start))
                    for words in (*formats, *in_table):
                        self.assertIn(words, page)
                    for words in (*formats, *in_text):
                        self.assertIn(words, text.replace("\ufeff", ""))
                    for part in (subject, page, text):
                        found = self.english(part)
                        self.assertEqual(bool(found), lang == "en_US", found)

    def test_rule_20_numbers_of_a_company_abroad_are_named_in_the_readers_language(self):
        self.invoice(due=7)
        reminder = self.generate()
        self.company.partner_id.country_id = self.env.ref("base.at")
        for lang, words in {
            "en_US": "Company ID: 27082440",
            "cs_CZ": "IČO: 27082440",
            "sk_SK": "IČO: 27082440",
            "de_DE": "Registernummer: 27082440",
            "pl_PL": "Nr rejestrowy: 27082440",
        }.items():
            with self.subTest(lang=lang):
                reminder.sudo().lang = lang
                page = self.visible(str(reminder._with_layout("", "")))
                self.assertIn(words, " ".join(page.split()))

    def test_dates_and_times_are_written_as_the_reader_writes_them(self):
        """ČSN 01 6910, 10.1.2: in Czech with spaces, and no zero before a number."""
        day, moment = TODAY.replace(month=6, day=3), datetime(2026, 6, 3, 5, 4)
        self.env.user.tz = "Europe/Prague"
        for lang, date_text, time_text in (
            ("cs_CZ", "3. 6. 2026", "3. 6. 2026 7:04"),
            ("sk_SK", "3. 6. 2026", "3. 6. 2026 7:04"),
            ("en_US", "Jun 3, 2026", "6/3/26, 7:04\u202fAM"),
        ):
            env = self.env(context={"lang": lang})
            with self.subTest(lang):
                self.assertEqual(day_text(env, day), date_text)
                self.assertEqual(day_text(self.env, day, lang), date_text)
                self.assertEqual(moment_text(env, moment), time_text)
        self.assertEqual(day_text(self.env, False), "")

    def test_names_in_a_sentence_say_how_many_more_there_are(self):
        for shown, total, text in (
            ([], 0, ""),
            (["A"], 1, "A"),
            (["A", "B"], 2, "A, B"),
            (["A", False], 2, "A, "),
            (["A", "B"], 5, "A, B a další (3)"),
        ):
            with self.subTest(text):
                env = self.env(context={"lang": "cs_CZ"})
                self.assertEqual(some_names(env, shown, total), text)
