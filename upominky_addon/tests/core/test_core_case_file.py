"""The file for a lawyer: names that every system writes, tables that spreadsheets read."""

import csv
import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from unittest import TestCase

from ...core.case_file import Document, Entry, added, contents, safe_name, table, unused

NOW = datetime(2026, 5, 29, 10, 30)


def document(name, content=b"x", folder="letters", note=""):
    return Document(folder, name, f"Title of {name}", content, note)


class TestNames(TestCase):
    def test_rule_40_names_of_any_kind_become_names_of_files(self):
        for text, expected in (
            ("FA/2026/0001", "FA-2026-0001.pdf"),
            ("../../etc/passwd", "etc-passwd.pdf"),
            ("C:\\Windows\\x", "C-Windows-x.pdf"),
            ("a\x00b\nc\u202ed", "a-b-c-d.pdf"),
            ("  .. ", "file.pdf"),
            ("", "file.pdf"),
            ("AUX", "AUX-.pdf"),
            ("lpt1", "lpt1-.pdf"),
            ("Příloha č. 1 <b>", "Příloha č. 1-b.pdf"),
            ('?*"|', "file.pdf"),
        ):
            with self.subTest(text):
                self.assertEqual(safe_name(text, ".pdf"), expected)
        self.assertLessEqual(len(safe_name("x" * 60_000, ".pdf")), 90)

    def test_rule_40_no_name_is_used_twice(self):
        self.assertEqual(unused("a.pdf", ["A.PDF", "a-2.pdf"]), "a-3.pdf")
        self.assertEqual(unused("a", []), "a")


class TestTable(TestCase):
    def test_rule_40_a_table_opens_in_a_spreadsheet(self):
        rows = [
            ('Ž; "x"', Decimal("-1234.50"), date(2026, 5, 29), None, False, 3),
            ("=HYPERLINK(1)", Decimal("0.10"), "+420", "@x", "-x", "\t=1"),
        ]
        data = table(rows, ",")
        self.assertTrue(data.startswith(b"\xef\xbb\xbf"))
        read = list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
        self.assertEqual(read[0], ['Ž; "x"', "-1234,50", "2026-05-29", "", "", "3"])
        self.assertEqual(read[1], ["'=HYPERLINK(1)", "0,10", "'+420", "'@x", "'-x", "'\t=1"])
        self.assertIn(b"-1234.50", table(rows))


class TestArchive(TestCase):
    def test_rule_40_slices_make_the_same_file_as_one(self):
        documents = [document(f"{n}.pdf", b"%d" % n * 1000) for n in range(9)]
        whole, entries = added(b"", documents, (), NOW)
        sliced, found = b"", ()
        for start in range(0, 9, 2):
            sliced, found = added(sliced, documents[start : start + 2], found, NOW)
        self.assertEqual(found, entries)
        with (
            zipfile.ZipFile(io.BytesIO(whole)) as one,
            zipfile.ZipFile(io.BytesIO(sliced)) as other,
        ):
            self.assertEqual(one.namelist(), other.namelist())
            self.assertIsNone(other.testzip())
            for entry in entries:
                data = other.read(entry.path)
                self.assertEqual(data, one.read(entry.path))
                self.assertEqual((len(data), sha256(data).hexdigest()), (entry.size, entry.digest))

    def test_rule_40_the_same_name_twice_is_two_files(self):
        data, entries = added(b"", [document("FA.pdf", b"1"), document("fa.pdf", b"2")], (), NOW)
        self.assertEqual([e.path for e in entries], ["letters/FA.pdf", "letters/fa-2.pdf"])
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            self.assertEqual([file.read(e.path) for e in entries], [b"1", b"2"])

    def test_rule_40_what_is_not_stored_is_in_the_list_alone(self):
        data, (entry,) = added(b"", [document("FA.pdf", None, note="No PDF")], (), NOW)
        self.assertEqual((entry.size, entry.digest, entry.note), (0, "", "No PDF"))
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            self.assertEqual(file.namelist(), [])

    def test_rule_40_the_page_of_contents_shows_texts_as_texts(self):
        entry = Entry("letters/a.pdf", "<script>x</script>", 5, "ab", "<b>")
        heads = ("File", "What", "Bytes", "SHA-256", "Note")
        page = contents("A & B", ["<i>Creditor"], heads, [entry], "cs").decode()
        self.assertIn('<a href="letters/a.pdf">', page)
        for bad in ("<script>", "<i>", "<b>"):
            self.assertNotIn(bad, page)
        self.assertIn("A &amp; B", page)
