"""The file for a lawyer: names that every system writes, tables that spreadsheets read."""

import csv
import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from unittest import TestCase

from ...core.case_file import Document, Entry, added, contents, joined, table
from ...core.file_names import distinct, in_zip

NOW = datetime(2026, 5, 29, 10, 30)


def document(name, content=b"x", folder="letters", note=""):
    return Document(folder, name, f"Title of {name}", content, note)


def put(documents, entries=()):
    """Return a part of a file with some documents, and all entries."""
    part = io.BytesIO()
    return part, added(part, documents, entries, NOW)


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
                self.assertEqual(in_zip(text, ".pdf"), expected)
        self.assertLessEqual(len(in_zip("x" * 60_000, ".pdf")), 90)

    def test_rule_40_no_name_is_used_twice(self):
        self.assertEqual([*distinct(["a.pdf"], ["A.PDF", "a-2.pdf"])], ["a-3.pdf"])
        self.assertEqual([*distinct(["a"])], ["a"])
        self.assertEqual([*distinct(["v1.0/a", "V1.0/A"])], ["v1.0/a", "V1.0/A-2"])


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
        whole, entries = put(documents)
        parts, found, sliced = [], (), io.BytesIO()
        for start in range(0, 9, 2):
            part, found = put(documents[start : start + 2], found)
            parts.append(part)
        self.assertEqual(found, entries)
        joined(parts, sliced)
        with zipfile.ZipFile(whole) as one, zipfile.ZipFile(sliced) as other:
            self.assertEqual(one.namelist(), other.namelist())
            self.assertIsNone(other.testzip())
            for entry in entries:
                data = other.read(entry.path)
                self.assertEqual(data, one.read(entry.path))
                self.assertEqual((len(data), sha256(data).hexdigest()), (entry.size, entry.digest))

    def test_rule_40_the_same_name_twice_is_two_files(self):
        data, entries = put([document("FA.pdf", b"1"), document("fa.pdf", b"2")])
        self.assertEqual([e.path for e in entries], ["letters/FA.pdf", "letters/fa-2.pdf"])
        with zipfile.ZipFile(data) as file:
            self.assertEqual([file.read(e.path) for e in entries], [b"1", b"2"])

    def test_rule_40_what_is_not_stored_is_in_the_list_alone(self):
        data, (entry,) = put([document("FA.pdf", None, note="No PDF")])
        self.assertEqual((entry.size, entry.digest, entry.note), (0, "", "No PDF"))
        with zipfile.ZipFile(data) as file:
            self.assertEqual(file.namelist(), [])

    def test_rule_40_parts_without_a_file_are_joined_too(self):
        none, whole = put([document("FA.pdf", None)])[0], io.BytesIO()
        joined([put([])[0], none, put([document("a.csv", b"x" * 5000)])[0]], whole)
        with zipfile.ZipFile(whole) as file:
            self.assertEqual(file.namelist(), ["letters/a.csv"])
            self.assertEqual(file.read("letters/a.csv"), b"x" * 5000)
            self.assertLess(file.infolist()[0].compress_size, 100)

    def test_rule_40_a_document_is_asked_for_when_the_one_before_it_lies_in_the_file(self):
        sizes, part = [], io.BytesIO()

        def documents():
            for number in range(3):
                sizes.append(part.tell())
                yield document(f"{number}.pdf", bytes(1000))

        added(part, documents(), (), NOW)
        self.assertEqual([size // 1000 for size in sizes], [0, 1, 2])

    def test_rule_40_the_page_of_contents_shows_texts_as_texts(self):
        entry = Entry("letters/a.pdf", "<script>x</script>", 5, "ab", "<b>")
        heads = ("File", "What", "Bytes", "SHA-256", "Note")
        page = contents("A & B", ["<i>Creditor"], heads, [entry], "cs").decode()
        self.assertIn('<a href="letters/a.pdf">', page)
        for bad in ("<script>", "<i>", "<b>"):
            self.assertNotIn(bad, page)
        self.assertIn("A &amp; B", page)
