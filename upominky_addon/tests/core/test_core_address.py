"""SPEC rule 18: addresses as people type them."""

import random
from unittest import TestCase

from ...core.address import is_address, split
from ...core.contacts import Gaps, gaps, lang_of, langs_of
from ...core.recipient import EMAIL, Recipient
from ...core.schedule import Level
from .test_core_common import ACCOUNTS, BUYER, receivable

READ = (
    # what is in the field, what is read of it
    (None, ()),
    ("", ()),
    (" , ;\n", ()),
    ("jana@x.cz", ("jana@x.cz",)),
    (" Jana.Nova@X.CZ ", ("jana.nova@x.cz",)),
    ("Jana <jana@x.cz>", ("jana@x.cz",)),
    ("Jana <jana@x.cz", ("jana@x.cz",)),
    ("<jana@x.cz>", ("jana@x.cz",)),
    ("Jana Nová jana@x.cz", ("jana@x.cz",)),
    ("jana@x.cz (Jana, účetní)", ("jana@x.cz",)),
    ('"Nová, Jana" <jana@x.cz>', ("jana@x.cz",)),
    ('"Nová; <Jana>" <jana@x.cz>, petr@x.cz', ("jana@x.cz", "petr@x.cz")),
    ("Nová, Jana <jana@x.cz>", ("jana@x.cz",)),
    ("a@x.cz, b@x.cz; c@x.cz\nd@x.cz e@x.cz", ("a@x.cz", "b@x.cz", "c@x.cz", "d@x.cz", "e@x.cz")),
    ("a@x.cz, A@X.cz, Jana <a@x.cz>", ("a@x.cz",)),
    ("jana@příklad.cz", ("jana@příklad.cz",)),
    ("jana@PŘÍKLAD.cz, jana@xn--pklad-zsa96e.cz", ("jana@příklad.cz",)),
    ("josé@x.cz", ("josé@x.cz",)),
    ("o'neil+faktury@x.cz", ("o'neil+faktury@x.cz",)),
    # Typing errors are kept, and only they.
    ("fakturace odběratel", ("fakturace odběratel",)),
    ("jana.x.cz, petr@x.cz", ("jana.x.cz", "petr@x.cz")),
    ("jana.x.cz, Petr <petr@x.cz>", ("jana.x.cz", "petr@x.cz")),
    ("jana@@x.cz; petr@x.cz", ("jana@@x.cz", "petr@x.cz")),
    ("Jana <jana@x>, petr@x.cz", ("jana@x", "petr@x.cz")),
    ("jana @x.cz", ("jana @x.cz",)),
    ("jana@x..cz", ("jana@x..cz",)),
    ("jana@x.cz.", ("jana@x.cz.",)),
    ("jana.@x.cz", ("jana.@x.cz",)),
    ('"Nová, Jana" jana@@x.cz', ("Nová Jana jana@@x.cz",)),
    ("<>", ()),
)


class TestAddresses(TestCase):
    def test_rule_18_what_is_read_of_a_field(self):
        for text, expected in READ:
            with self.subTest(text=text):
                self.assertEqual(split(text), expected)

    def test_rule_18_read_again_joined_addresses_are_the_same(self):
        letters = random.Random(18)
        fields = [text for text, _expected in READ] + [
            "".join(letters.choices('ab@.,;"<>() \nČ', k=letters.randrange(25)))
            for _ in range(3000)
        ]
        for one, two in zip(fields, letters.sample(fields, len(fields)), strict=True):
            both = tuple(dict.fromkeys(split(one) + split(two)))
            self.assertEqual(split(", ".join(both)), both, (one, two))

    def test_rule_18_only_what_a_server_can_be_told_is_an_address(self):
        long = "a" * 250 + "@x.cz"
        for text in (
            "",
            "jana",
            "@x.cz",
            "jana@",
            "a b@x.cz",
            "a@-x.cz",
            "a@127.0.0.1",
            "a,b@x.cz",
            long,
        ):
            with self.subTest(text=text):
                self.assertFalse(is_address(text))


class TestContacts(TestCase):
    def test_rule_18_gaps_name_who_and_what_is_missing(self):
        reached = receivable(1, order_to=(BUYER,))
        nobody = receivable(2)
        silent = receivable(3, order_unreachable=("Jana",))
        half = receivable(4, order_to=(BUYER,), order_unreachable=("Petr",))
        lost = receivable(5, invoice_to=())
        items = [reached, nobody, silent, half, lost]
        for contact, expected in (
            ("invoice", Gaps()),
            ("order", Gaps(("Jana", "Petr"), (20, 30))),
            ("both", Gaps(("Jana", "Petr"), (20, 30))),
        ):
            with self.subTest(contact=contact):
                level = Level(1, 1, 7, contact=contact)
                self.assertEqual(gaps(items, level), expected)

    def test_rule_45_who_is_reached_by_another_channel_is_missing_here(self):
        by_post = receivable(1, order_to=(Recipient("pigeon", "Roof 1"),))
        for channels, instead in ((("email",), (10,)), (("pigeon",), ()), ((EMAIL, "pigeon"), ())):
            with self.subTest(channels=channels):
                level = Level(1, 1, 7, contact="order", channels=channels)
                self.assertEqual(gaps([by_post], level).instead, instead)

    def test_rule_20_each_recipients_language(self):
        self.assertEqual(lang_of((), "cs_CZ"), "cs_CZ")
        self.assertEqual(lang_of((ACCOUNTS, BUYER), None), "cs_CZ")
        self.assertEqual(
            langs_of((ACCOUNTS, BUYER), None), {ACCOUNTS.address: "cs_CZ", BUYER.address: "en_US"}
        )
