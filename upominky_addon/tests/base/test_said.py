"""Rule 30: what a job notes is kept as a code with its values; each reads it in his language."""

import re
import xmlrpc.client
from datetime import date, timedelta

from odoo.tests import new_test_user, tagged

from ...models.base.said import Label, Said, lines, parts_of, read, say, without
from ...models.base.sentences import SENTENCES
from ..common import TODAY, UpominkyCommon

LANGUAGES = ("en_US", "cs_CZ")


@tagged("post_install", "-at_install", "upominky_addon")
class TestSaid(UpominkyCommon):
    def in_lang(self, code):
        return self.env(context={"lang": code})

    def placeholders(self, code):
        return set(re.findall(r"%\((\w+)\)s", SENTENCES[code]._source))

    def test_rule_30_every_sentence_is_written_in_every_language_with_all_its_values(self):
        for code in SENTENCES:
            values = {name: f"<{name}>" for name in self.placeholders(code)}
            told = set()
            for lang in LANGUAGES:
                with self.subTest(code=code, lang=lang):
                    text = say(self.in_lang(lang), code, **values)
                    for value in values.values():
                        self.assertIn(value, text)
                    self.assertNotIn("%(", text)
                    told.add(text)
            if re.search(r"[a-z]{3}", re.sub(r"%\(\w+\)s", "", SENTENCES[code]._source)):
                with self.subTest(code=code, translated=True):
                    self.assertEqual(len(told), 2, "is not translated into Czech")

    def test_rule_30_what_is_kept_is_read_in_the_language_of_its_reader(self):
        english, czech = map(self.in_lang, LANGUAGES)
        state = Label("upominky.reminder", "state", "cancelled")
        inner = say(czech, "state_refused", reminder="UP/1", state=state)
        cases = (
            (say(czech, "cancelled_by", user="Jana 100 %"), "Cancelled by Jana 100 %."),
            (say(czech, "day_refused", reminder="UP/1", issued=date(2026, 5, 29)),
             "UP/1 was issued on May 29, 2026: enter the day it was sent, from then until today."),
            (say(czech, "of_customer", customer="ACME", problem=inner),
             "ACME: UP/1 is “Cancelled”."),
            (
                lines(czech, "550 Neznámý", say(czech, "cancelled_by", user="J")),
                "550 Neznámý\nCancelled by J.",
            ),
        )  # fmt: skip
        for said, expected in cases:
            with self.subTest(expected):
                self.assertEqual(read(english, said.kept()), expected)
                self.assertEqual(read(czech, said.kept()), said)
                self.assertEqual(read(english, read(czech, said.kept()).kept()), expected)

    def test_what_others_said_and_old_text_stays_as_it_is(self):
        for text in ("Dřívější věta.", '{"some": "json"}', "", False):
            with self.subTest(text=text):
                self.assertEqual(read(self.env, text), text)
        gone = Said("x")
        gone.parts = (["of_an_addon_that_is_gone", {"a": "1"}],)
        self.assertEqual(read(self.env, gone.kept()), "of_an_addon_that_is_gone: 1")

    def test_lines_are_put_together_once_and_taken_out(self):
        over, by = say(self.env, "day_was_over"), say(self.env, "cancelled_by", user="J")
        both = lines(self.env, over, "", "old", by, over, None, False)
        self.assertEqual(both.splitlines(), [over, "old", by])
        self.assertEqual(without(self.env, both, over), f"old\n{by}")
        self.assertEqual(parts_of(lines(self.env)), ())

    def test_rule_30_an_english_accountant_of_a_czech_company_reads_english(self):
        self.invoice(amount=100, due=10)
        reminder = self.generate()
        self.customer.upominky_hold_until = TODAY + timedelta(days=9)
        self.company.partner_id.lang = "cs_CZ"
        with self.on(TODAY):
            self.send()
        users = {
            lang: new_test_user(
                self.env, f"clerk_{lang}", groups="upominky_addon.group_user", lang=lang
            )
            for lang in LANGUAGES
        }
        number = reminder.line_ids.move_id.name
        for lang, told in (
            ("en_US", f"Nothing was left to remind before it was sent. On hold: {number}."),
            ("cs_CZ", "Před odesláním už nebylo co upomínat. Pozastaveno: " + number + "."),
        ):
            with self.subTest(lang=lang):
                mine = reminder.with_user(users[lang]).with_context(lang=lang)
                self.assertEqual(mine.cancel_reason, told)
                row = mine.read(["cancel_reason"])[0]
                self.assertIs(type(row["cancel_reason"]), str)
                self.assertIn(told, xmlrpc.client.dumps((row,), allow_none=True))
                # sudo: exporting is a right of its own.
                self.assertEqual(mine.sudo().export_data(["cancel_reason"])["datas"], [[told]])

    def kept_errors(self):
        """Return runs by a name for what is kept as their error."""
        czech = self.in_lang("cs_CZ")
        state = Label("upominky.reminder", "state", "cancelled")
        inner = say(czech, "state_refused", reminder="UP/1", state=state)
        texts = {
            "by": say(czech, "cancelled_by", user='Jana "Nová" 100 %'),
            "day": say(czech, "day_refused", reminder="UP/2", issued=date(2026, 5, 29)),
            "inner": say(czech, "of_customer", customer="ACME \\ syn", problem=inner),
            "others": lines(czech, "550 Neznámý user", say(czech, "cancelled_by", user="Petr")),
            "old": "Napsáno rukou, said by user",
            "none": False,
        }
        runs = self.env["upominky.run"].sudo()
        values = {"company_id": self.company.id, "kind": "send", "date": TODAY}
        return {name: runs.create({**values, "error": text}) for name, text in texts.items()}

    def test_rule_30_what_is_kept_is_found_by_the_words_that_its_reader_sees(self):
        english, czech = map(self.in_lang, LANGUAGES)
        runs, made = self.env["upominky.run"].sudo(), self.kept_errors()
        names = {run.id: name for name, run in made.items()}
        self.env.flush_all()
        for env, words, expected in (
            (english, "cancelled by", {"by", "others"}),
            (english, "Cancelled by Jana", {"by"}),
            (english, 'by jana "nová" 100', {"by"}),
            (english, "Petr.", {"others"}),
            (english, "Zrušil", set()),
            (czech, "Cancelled by", set()),
            (czech, str(say(czech, "cancelled_by", user=""))[:8].upper(), {"by", "others"}),
            (english, "05/29/2026", {"day"}),
            (czech, "29. 5. 2026", {"day"}),
            (english, "May 29, 2026", {"day"}),
            (english, "issued on May 29, 2026: enter", {"day"}),
            (english, "UP/1 is “Cancelled", {"inner"}),
            (english, "acme \\ syn: up/1", {"inner"}),
            (czech, "550 neznámý", {"others"}),
            (english, "user", {"others", "old"}),  # a value is named so; nobody reads that
            (english, "said", {"old"}),
            (english, "cancelled_by", set()),
            (english, "rukou", {"old"}),
            (english, "J%ová", {"by"}),
        ):
            for operator in ("ilike", "not ilike"):
                with self.subTest(words=words, lang=env.lang, operator=operator):
                    mine = runs.with_env(env(su=True))
                    domain = [("id", "in", list(names)), ("error", operator, words)]
                    found = {names[run.id] for run in mine.search(domain)}
                    wanted = expected if operator == "ilike" else set(made) - expected
                    self.assertEqual(found, wanted)

    def test_a_search_for_words_is_one_statement_whatever_is_kept(self):
        runs = self.env["upominky.run"].sudo()
        runs.search([("error", "ilike", "cancelled by")])
        with self.assertQueryCount(1):
            runs.search([("error", "ilike", "cancelled by Jana of Praha")])

    def test_a_copy_and_a_text_written_by_hand_are_kept(self):
        self.invoice(amount=100, due=10)
        reminder = self.generate().sudo()
        reminder.error = say(self.in_lang("cs_CZ"), "day_was_over")
        run = self.env["upominky.run"].sudo().create(
            {"company_id": self.company.id, "kind": "send", "date": TODAY, "error": reminder.error}
        )  # fmt: skip
        self.env.invalidate_all()
        english = run.with_context(lang="en_US")
        self.assertTrue(english.error.startswith("Stopped: the day was over."))
        run.error = "Napsáno rukou"
        self.env.invalidate_all()
        self.assertEqual(english.error, "Napsáno rukou")
