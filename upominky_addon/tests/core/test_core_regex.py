"""SPEC rules 22 and 29: no text, whoever wrote it, costs more than a time in step with its length.

Every regular expression of ``core`` and ``text`` is found here, and its steps are counted.
"""

import ast
import email
import email.policy
import os
import re
import unittest
from itertools import product
from pathlib import Path
from unittest.mock import patch

from ...core import (
    address,
    cells,
    epc,
    mail_build,
    mail_headers,
    mail_text,
    number_forms,
    past_levels,
    payment_order,
    receipt,
    spayd,
    template_size,
)
from .. import regex_steps

ADDON = Path(address.__file__).parents[1]
MODULES = (
    address,
    cells,
    epc,
    mail_build,
    mail_headers,
    mail_text,
    number_forms,
    past_levels,
    payment_order,
    receipt,
    spayd,
    template_size,
)
#: How often a piece is repeated, then twice as often.
SIZE = 24 if os.environ.get("UPOMINKY_LONG") else 16
#: Twice the text may take so many times the steps, and a few more.
GROWTH, MORE = 2.5, 150
METHODS = {
    "fullmatch": regex_steps.Counter.whole,
    "match": regex_steps.Counter.begin,
}
#: Letters that are tried before and after what is repeated.
AROUND = ("", '"', "<", "\n--")
AFTER = ("", "x", "<")
MOST_LETTERS = 16


def sources():
    for folder in ("core", "text"):
        for path in sorted((ADDON / folder).glob("*.py")):
            yield path, path.read_text(encoding="utf-8")


def calls_of_re(tree):
    """Yield the names of functions of ``re`` that are called, and whether it is in a constant."""
    constants = {
        id(node) for statement in tree.body if isinstance(statement, ast.Assign)
        for node in ast.walk(statement)
    }  # fmt: skip
    for node in ast.walk(tree):
        function = getattr(node, "func", None)
        if isinstance(function, ast.Attribute) and getattr(function.value, "id", "") == "re":
            yield function.attr, id(node) in constants


def patterns():
    """Return all expressions with the way in which each is used."""
    found = {}
    text = "\n".join(source for _path, source in sources())
    for module in MODULES:
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern):
                used = set(re.findall(rf"\b{name}\.(\w+)", text))
                counts = {METHODS.get(method, regex_steps.Counter.scan) for method in used}
                found[f"{module.__name__.rpartition('.')[2]}.{name}"] = (value, counts)
    return found


def texts(pattern, size):
    """Return texts in a fixed order: pieces repeated, with something around them."""
    letters, words = map(sorted, regex_steps.pieces_of(pattern))
    for piece, before, after in product(letters, AROUND, AFTER):
        yield before + piece * size + after
    for word in words:
        yield word * (size // 4)
    chosen = letters[:: 1 + len(letters) // MOST_LETTERS]
    for first, second, before in product(chosen, chosen, ("", '"')):
        yield before + (first + second) * size


def steps_of(pattern, count, text):
    try:
        return count(regex_steps.Counter(pattern, text))
    except regex_steps.TooManyError:
        return float("inf")


def growing(pattern, count, size=SIZE):
    """Return the first text whose double takes more than about double the steps, else None."""
    for once, twice in zip(texts(pattern, size), texts(pattern, 2 * size), strict=True):
        few = steps_of(pattern, count, once)
        many = steps_of(pattern, count, twice)
        if many == float("inf") or many > GROWTH * few + MORE:
            return once
    return None


class TestRegex(unittest.TestCase):
    def test_every_expression_is_a_constant(self):
        for path, source in sources():
            for function, is_constant in calls_of_re(ast.parse(source)):
                with self.subTest(file=path.name, function=function):
                    self.assertEqual((function, is_constant), ("compile", True))
            imported = "import re\n" in source or "from re " in source
            known = path.stem in {m.__name__.rpartition(".")[2] for m in MODULES}
            self.assertEqual(imported, known and imported, f"{path.name} is not in MODULES")

    def test_rule_22_steps_grow_with_the_length_of_the_text(self):
        found = patterns()
        self.assertGreater(len(found), 20)
        for name, (pattern, counts) in found.items():
            self.assertTrue(counts, f"{name} is used by nobody")
            for count in counts:
                with self.subTest(name, by=count.__name__):
                    self.assertIsNone(growing(pattern, count))

    def test_the_test_finds_what_grows(self):
        """The expressions by which strangers stopped the jobs, and the classic one."""
        scan = regex_steps.Counter.scan
        for source in (
            r"[ \t\r]*\n[ \t\r\n]*",
            r'(?:"(?:\\.|[^"\\])*"|<[^<>]*>|\([^()]*\)|[^,;\n])+',
            r"<([^<>]*)>?\s*$",
            r"microsoftexchange\w*@",
            r"(a+)+$",
            r"\s*/?>$",
        ):
            with self.subTest(source):
                self.assertIsNotNone(growing(re.compile(source), scan))

    def test_the_counter_matches_as_python_does(self):
        for name, (pattern, _counts) in patterns().items():
            with self.subTest(name):
                for text in list(texts(pattern, 2))[::7]:
                    counter = regex_steps.Counter(pattern, text)
                    mine = next(counter._run(counter.tree, 0, 0), None)
                    found = pattern.match(text)
                    self.assertEqual(mine, found and found.end(), repr(text))


class TestLongTexts(unittest.TestCase):
    """What reads them, and no expression alone: sizes that took minutes come to an end at once."""

    def test_rule_18_an_unclosed_quote_of_60_kb_is_one_wrong_address(self):
        for field in ('"' + "a" * 60_000, '"' + '\\"' * 30_000, "(" * 60_000, "<" * 60_000):
            with self.subTest(field[:3]):
                found = address.split(field)
                self.assertLessEqual(len(found), 1)
                self.assertFalse(any(map(address.is_address, found)))

    def test_rule_18_what_is_cut_never_becomes_another_address(self):
        for blanks in range(address.MAX_FIELD - 40, address.MAX_FIELD + 2):
            for field in (
                " " * blanks + "jan@firma.company, x@x.cz",
                "a@x.cz, " + " " * (blanks - 8) + "jan@firma.company",
                "<" + " " * blanks + "jan@firma.company>",
            ):
                wanted = {"jan@firma.company", "a@x.cz", "x@x.cz"}
                found = {part for part in address.split(field) if address.is_address(part)}
                self.assertLessEqual(found, wanted, blanks)

    def test_rule_18_a_cut_makes_no_address_of_a_name_or_of_half_an_address(self):
        long = "x" * address.MAX_FIELD
        for field in (
            f'"evil@x.cz, {long}" <jan@firma.company>',
            f"(evil@x.cz, {long}) jan@firma.company",
            f"<evil@x.cz, {long}",
            f"evil@x.cz {long} <jan@firma.company>",
            "\u200b" * (2 * address.MAX_FIELD - 12) + "jan@firma.company",
        ):
            with self.subTest(field[:12]):
                found = address.split(field)
                for texts in (found, address.split(", ".join(found))):
                    addresses = set(filter(address.is_address, texts))
                    self.assertLessEqual(addresses, {"jan@firma.company"})
                self.assertEqual(len(found), 1)

    def test_rule_18_a_quote_that_nobody_closes_is_a_letter(self):
        for field, wanted in (
            ('Jan "x <a@b.cz>, c@d.cz', ("a@b.cz", "c@d.cz")),
            ('"Novák, Jan" <a@b.cz>; "Bílá <c@d.cz>', ("a@b.cz", "c@d.cz")),
            ('"a\\", b" <a@b.cz>', ("a@b.cz",)),
            ('x" Bcc: evil@x.cz <a@b.cz>', ("x Bcc: evil@x.cz a@b.cz",)),
            ("(a, b) a@b.cz, (c", ("a@b.cz", "c")),
        ):
            with self.subTest(field):
                self.assertEqual(address.split(field), wanted)

    def test_rule_20_indentation_goes_and_blanks_inside_a_line_stay(self):
        for markup, wanted in (
            ("<p> \t\n   a</p>", "<p>\na</p>"),
            ("a" + " " * 400_000 + "b", "a" + " " * 400_000 + "b"),
            (" \n \n x", "x"),
            ("<p>a\n\n b</p> \n", "<p>a\nb</p>"),
            ("<PRE>a\n  b</PRE>", "<PRE>a\n  b</PRE>"),
        ):
            with self.subTest(markup[:9]):
                self.assertEqual(mail_text.compact(markup), wanted)

    def test_rule_20_the_quick_look_takes_nothing_unseen_for_seen(self):
        everything = "".join(map(chr, range(0x110000)))
        unseen = mail_text._UNSEEN.findall(everything)
        self.assertGreater(len(unseen), 4_000)
        self.assertEqual([c for c in unseen if mail_text._is_plain(f"a{c}")], [])
        self.assertEqual(mail_text.visible(everything).encode().count(b"\0"), 0)
        for text in ("Dlužíte 1\xa0000,00\xa0Kč\n\t", "1\u202f000,00 €"):
            self.assertTrue(mail_text._is_plain(text))

    def test_rule_21_only_charsets_of_mail_are_decoded(self):
        for charset, is_ordinary in (
            ("utf-8", True), ("ISO-8859-2", True), ("windows-1250", True), ("latin1", True),
            ("us-ascii", True), ("gb18030", True), ("iso-2022-jp", True), ("koi8-r", True),
            ("macintosh", True), ("utf-16", True), ("punycode", False), ("idna", False),
            ("unicode_escape", False), ("raw_unicode_escape", False), ("zlib", False),
            ("hex", False), ("rot13", False), ("mbcs", False), ("x" * 300, False), ("", False),
            ("utf-8\x00", False),
        ):  # fmt: skip
            with self.subTest(charset):
                self.assertEqual(mail_text._ordinary(charset) == charset, is_ordinary)

    def test_rule_22_a_header_of_many_encoded_words_is_not_decoded(self):
        """Each beginning of one whose end is missing would cost the rest of the header."""
        for word, is_read in (("=?x?q?a", False), ("=?utf-8?q?a?= ", False), ("=?", False)):
            message = email.message_from_string(f"Subject: {word * 1000}\n\n")
            with self.subTest(word), patch.object(mail_text, "decode_header") as decode:
                mail_text.header(message, "subject")
            self.assertEqual(decode.called, is_read)
        message = email.message_from_string("Subject: " + "=?utf-8?q?=C4=8D?=\n " * 150 + "\n\n")
        self.assertEqual(mail_text.header(message, "subject"), "č" * 150)

    def test_rule_22_what_a_part_says_of_itself_is_read_once_and_in_short(self):
        """80 kB of it cost nineteen seconds: Python reads it at each question, quadratically."""
        long = ";" * 80_000
        for policy, fields in product(
            (email.policy.compat32, email.policy.SMTP),
            (f'Content-Type: text/plain; x="{long}', f"Content-Transfer-Encoding: 8bit {long}"),
        ):
            message = email.message_from_string(f"{fields}\n\nčau", policy=policy)
            (part,) = mail_text.parts(message)
            with self.subTest(fields[:20]):
                self.assertIs(part.policy, email.policy.compat32)
                self.assertLess(len(part["Content-Type"]), mail_text.MAX_TYPE)

    def test_rule_21_a_returned_message_is_read_in_no_odd_charset(self):
        """Python decodes its text even where it is asked not to: with an error, or for long."""
        for charset in (
            "charset=punycode",
            "charset*=punycode''punycode",
            "charset*=a; charset*0=b",
        ):
            source = (
                "From: mailer-daemon@x.example\n"
                "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
                "--b\nContent-Type: message/delivery-status\n\nAction: failed\n\n"
                "--b\nContent-Type: message/rfc822\n\nMessage-ID: <1-openerp@x>\n"
                f"Content-Type: text/plain; {charset}\n\nčau\n--b--\n"
            ).encode()
            with self.subTest(charset):
                report = receipt.read_report(email.message_from_bytes(source))
                self.assertEqual(report.message_ids, ("<1-openerp@x>",))

    def test_rule_21_one_part_is_read_after_the_other(self):
        part = "--b\nContent-Type: text/plain; charset=punycode\n\n" + "a" * 9000 + "\n"
        source = (
            "From: mailer-daemon@x.example\nContent-Type: multipart/mixed; boundary=b\n\n"
            "--b\nContent-Type: text/plain\n\nThe message could not be delivered: 550 5.1.1\n"
            + part * 50
            + "--b--\n"
        )
        read = []
        original = receipt.text_of
        receipt.text_of = lambda part: read.append(part) or original(part)
        try:
            report = receipt.read_report(email.message_from_string(source))
        finally:
            receipt.text_of = original
        self.assertEqual(report.fates[0].event, receipt.Reported.FAILED)
        self.assertEqual(len(read), 1)
