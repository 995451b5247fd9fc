"""Data that lives on: upgrade, uninstall and neutralised copies, in real processes.

Each works on a database of its own. The first version of the add-on is kept as source
(``tests/data``), not as a dump: a dump of Odoo's own tables is forty times as large and fits only
the Odoo that it was made with, while this version makes its tables on the Odoo that is there.
"""

import os
import re
import tarfile
import tempfile
from calendar import month_abbr
from pathlib import Path
from unittest import skipUnless

from odoo.tests import BaseCase, tagged

from ..processes import Database

FIRST = Path(__file__).parents[1] / "data" / "upominky_addon-19.0.1.0.0.tar.xz"
TEMPLATE, BASE = os.environ.get("UPOMINKY_TEMPLATE"), os.environ.get("UPOMINKY_BASE")
NO_TEMPLATE = "scripts/test names the databases to copy"
#: A date of en_US, in figures.
DATE = r"(\d\d)/(\d\d)/(\d{4})"


def in_words(found):
    """Return a date of en_US with its month as a word."""
    month, day, year = map(int, found.groups())
    return f"{month_abbr[month]} {day}, {year}"


def as_written_now(told):
    """Return what a letter of the first version says, with what is written otherwise on purpose.

    Dates in en_US have the month as a word, but in tables of somebody's own; and a number is not
    repeated as a variable symbol.
    """
    subject, words, text = told
    words = re.sub(rf"(?<=Our own note ){DATE}", in_words, words)
    text = re.sub(DATE, in_words, text)
    text = re.sub(r"(- (\S+)), (?:variable symbol|variabilní symbol) \2,", r"\1,", text)
    return subject, words, text


def without_gaps(letters):
    """Return letters without the blank lines and indents of their plain text."""
    return [
        [subject, words, [line.strip() for line in text.splitlines() if line.strip()]]
        for subject, words, text in letters
    ]


def without_levels_of_lists(reminders):
    """Take the level off lists of unpaid invoices, as the upgrade does."""
    reminders["level_order"] = [
        "0" if event == "resend" else order
        for event, order in zip(reminders["event"], reminders["level_order"], strict=True)
    ]


class LivesOn(BaseCase):
    def database(self, template, addons=None):
        database = Database(template, addons)
        self.addCleanup(database.drop)
        return database

    def check_kept(self, before, after):
        """Compare two accounts of the data: every row and value of the first is in the second."""
        self.assertGreaterEqual(len(before["upominky_reminder"]["id"]), 9)
        for table, columns in before.items():
            for column, values in columns.items():
                with self.subTest(table=table, column=column):
                    self.assertEqual(after.get(table, {}).get(column), values)

    def check_goes_on(self, database):
        again, later = database.tell("go_on")
        self.assertEqual(again["issued"], [])
        self.assertIn(["listed", 2], later["issued"])
        self.assertTrue(later["accepted"])
        self.assertIn(["promised", 1], later["issued"], "whose hold is over")
        reminded = {name for name, _level in later["issued"]}
        self.assertFalse(reminded & {"excluded", "disputed", "held"}, reminded)


@tagged("post_install", "-at_install", "upominky_addon")
@skipUnless(TEMPLATE, NO_TEMPLATE)
class TestLivesOn(LivesOn):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.story = Database(TEMPLATE)
        cls.addClassCleanup(cls.story.drop)
        cls.story.tell("seed")

    @skipUnless(
        os.environ.get("UPOMINKY_LONG"), "the upgrade of the first version shows it as well"
    )
    def test_an_upgrade_keeps_what_users_changed(self):
        database = self.database(self.story.name)
        before = database.tell("account")
        database.modules("-u")
        self.check_kept(before, database.tell("account"))
        self.check_goes_on(database)

    def test_a_neutralised_copy_sends_nothing(self):
        database = self.database(self.story.name)
        before = database.tell("account")
        database.odoo("neutralize")
        told = database.tell("send_anyway")
        self.assertTrue(told["waiting"])
        self.assertEqual(told["accepted"], [])
        self.assertEqual(told["reminders"], len(before["upominky_reminder"]["id"]))
        self.assertEqual((told["modes"], told["effective"]), (["off"], "off"))
        self.assertFalse(told["ready"])
        self.assertTrue([text for text in told["texts"] if "neutralised copy" in text], told)

    def test_uninstalling_leaves_odoo_whole(self):
        database = self.database(self.story.name)
        before = database.tell("account")
        self.assertTrue(before["ir_attachment"]["id"])
        database.tell("uninstall")
        found = database.tell("leftovers")
        self.assertEqual(found, {}, found)
        self.assertEqual(database.tell("work"), ["posted", "paid"])
        database.modules("-i")
        again = database.tell("account")
        self.assertFalse(again["upominky_reminder"]["id"])
        self.assertEqual(len(again["upominky_rule"]["id"]), 4 * len(again["res_company"]["id"]))


@tagged("post_install", "-at_install", "upominky_addon")
@skipUnless(BASE, NO_TEMPLATE)
class TestFirstVersion(LivesOn):
    """What the first version kept is there in this one."""

    def check_rows_kept(self, before, after):
        """Companies got copies of their templates, and rules: what was there stays as it was."""
        places = [after["id"].index(row) for row in before["id"]]
        for column, values in before.items():
            with self.subTest(column=column):
                self.assertEqual([after[column][place] for place in places], values)

    def check_held(self, before, after):
        """What held and excluded in all companies does so in each, whatever new customers get."""
        self.assertEqual(len(before), 3, "two companies and an archived one")
        names = {row[0] for row in before["1"]}
        self.assertEqual(names, {"excluded", "Contact", "disputed", "promised"})
        self.assertEqual(after, before)

    def first_version(self):
        """Return a filled database of the first version, whose add-on lies in a folder."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        with tarfile.open(FIRST) as source:
            source.extractall(folder.name, filter="data")
        database = self.database(BASE, Path(folder.name))
        database.modules("-i")
        database.tell("seed")
        return database

    def test_a_view_of_ones_own_that_does_not_fit_stops_no_upgrade(self):
        database = self.first_version()
        database.tell("extend_table")
        database.addons = Database.ADDONS
        database.modules("-u")
        views, writes = database.tell("own_views")
        self.assertEqual(views, [["First", False], ["Second", False], ["Frame", True]])
        self.assertTrue(writes)

    def test_data_of_the_first_version_is_upgraded(self):
        database = self.first_version()
        database.tell("archive_company")
        database.tell("set_default")
        mine = database.tell("customise")
        self.assertEqual(database.tell("list_unpaid"), [1], "what it wrote for lists")
        before, letters = database.tell("account"), database.tell("letters")
        held = database.tell("holds")
        self.assertTrue(database.tell("sharing"))
        database.addons = Database.ADDONS
        database.modules("-u")
        after = database.tell("account")
        self.assertEqual(database.tell("made_since"), [[0], 0], "no level, and no old preview")
        before["upominky_level"].pop("mail_template_id")
        levels = set(before["upominky_level"]["id"])
        for table in ("mail_template", "upominky_rule", "upominky_level"):
            self.check_rows_kept(before.pop(table), after[table])
        without_levels_of_lists(before["upominky_reminder"])
        for name in ("upominky_excluded", "upominky_hold_until", "upominky_hold_reason"):
            before["res_partner"].pop(name)
        self.check_kept(before, after)
        columns = (after["upominky_level"][name] for name in ("id", "deadline_days"))
        days = {days for level, days in zip(*columns, strict=True) if level in levels}
        self.assertEqual(days, {None}, "rule 34: none, as before")
        self.check_held(held, database.tell("holds"))
        self.assertIn("Our own note", mine[0][1])
        self.assertEqual(
            without_gaps(database.tell("customised")),
            without_gaps(map(as_written_now, mine)),
            "also of a copy of the table",
        )
        written = {
            level: told for level, told in database.tell("letters").items() if level in letters
        }
        self.assertEqual(written, letters, "each level writes what it wrote")
        self.assertEqual(database.tell("sharing"), [], "each company has templates of its own")
        self.assertEqual(
            database.tell("indexes"), self.database(TEMPLATE).tell("indexes"), "as newly installed"
        )
        self.check_goes_on(database)
