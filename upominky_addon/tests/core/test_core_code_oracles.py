"""SPEC rule 37: other programs read what our codes say, and write the same."""

import json
import os
import shutil
import subprocess
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st
from qrplatba.spayd import SpaydGenerator

from ...core.epc import epc
from ...core.paybysquare import encode, pay_by_square
from ...core.payment_codes import standard_of
from ...core.payment_order import PaymentOrder, plain_letters
from ...core.spayd import spayd
from .test_core_strategies import repeatable

NODE_MODULES = Path(os.environ.get("UPOMINKY_NODE_MODULES", "node_modules"))
BYSQUARE = NODE_MODULES / "bysquare" / "lib" / "pay" / "index.js"
#: Reads codes as a list in JSON, writes what each says.
READER = f"""
import {{decode}} from "{BYSQUARE.resolve().as_uri()}";
let text = "";
for await (const part of process.stdin) text += part;
console.log(JSON.stringify(JSON.parse(text).map((code) => decode(code).payments[0])));
"""


def iban(country, number):
    """Return an IBAN with its check digits (ISO 13616)."""
    digits = "".join(str(int(letter, 36)) for letter in f"{number}{country}00")
    return f"{country}{98 - int(digits) % 97:02}{number}"


ibans = {
    country: st.integers(0, 10**length - 1).map(lambda n, c=country, w=length: iban(c, f"{n:0{w}}"))
    for country, length in (("CZ", 20), ("SK", 20), ("DE", 18))
}
#: Letters of all kinds: accents, what breaks a line or a format, emoji, halves of pairs.
texts = st.text(max_size=80) | st.text("ěščřžýáíéůúßŁđ*%:+\t\n 😀\ud83d", max_size=80)
symbols = st.just("") | st.integers(0, 9_999_999_999).map(str) | st.just("0000000007")
#: What all three have room for: with the limits themselves.
amounts = st.integers(1, 999_999_999).map(lambda cents: Decimal(cents).scaleb(-2)) | (
    st.sampled_from((Decimal("0.01"), Decimal("9999999.99"), Decimal(1)))
)
dues = st.none() | st.dates()


def orders(country, currency):
    return st.builds(
        PaymentOrder,
        iban=ibans[country],
        amount=amounts,
        currency=st.just(currency),
        symbol=symbols,
        message=texts,
        payee=texts.map("P {}".format),
        due=dues.map(lambda day: day and day.replace(year=max(day.year, 1900))),
    )


def unescaped(value):
    return value.replace("%2A", "*").replace("%25", "%")


def keys(content):
    """Read a SPAYD back."""
    head, version, *parts = content.split("*")
    assert (head, version) == ("SPD", "1.0")
    return {key: unescaped(value) for key, _colon, value in (p.partition(":") for p in parts)}


class TestSpaydOracle(TestCase):
    @repeatable
    @given(orders("CZ", "CZK"))
    def test_rule_37_a_payment_is_read_back_as_it_was_asked(self, order):
        read = keys(spayd(order))
        self.assertEqual(read["ACC"], order.iban)
        self.assertEqual(Decimal(read["AM"]), order.amount)
        self.assertEqual((read["CC"], read.get("X-VS", "")), ("CZK", order.symbol))
        self.assertEqual(read.get("DT"), f"{order.due:%Y%m%d}" if order.due else None)
        known = "".join(
            c if c in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:" else " "
            for c in plain_letters(order.message).upper()
        )
        self.assertTrue(" ".join(known.split()).startswith(read.get("MSG", "")))

    @repeatable
    @given(orders("CZ", "CZK"))
    def test_rule_37_another_program_writes_the_same(self, order):
        mine = spayd(order)
        parts = dict(part.split(":", 1) for part in mine.split("*")[2:])
        theirs = SpaydGenerator(
            order.iban,
            amount=order.amount,
            currency=order.currency,
            due_date=order.due,
            message=parts.get("MSG"),
            recipient_name=parts.get("RN"),
            x_vs=order.symbol,
        ).get_text()
        self.assertEqual(keys(theirs), keys(mine))

    def test_rule_37_that_program_knows_an_iban_by_its_domestic_number(self):
        self.assertIn("ACC:CZ5508000000001234567899", SpaydGenerator("1234567899/0800").get_text())


class TestBySquareOracle(TestCase):
    def test_rule_37_another_program_reads_what_was_asked(self):
        asked = self.asked()
        for order, read in zip(
            asked, self.read_by_node([pay_by_square(o) for o in asked]), strict=True
        ):
            with self.subTest(order=order):
                self.assertEqual(Decimal(str(read["amount"])), order.amount)
                self.assertEqual(read["currencyCode"], "EUR")
                self.assertEqual(read.get("variableSymbol", ""), order.symbol)
                self.assertEqual(
                    read.get("paymentNote", ""), plain_letters(order.message)[:140].strip()
                )
                self.assertEqual([a["iban"] for a in read["bankAccounts"]], [order.iban])
                self.assertEqual(
                    read["beneficiary"]["name"], plain_letters(order.payee)[:70].strip()
                )
                due = f"{order.due:%Y%m%d}" if order.due else ""
                self.assertEqual(read.get("paymentDueDate", "").replace("-", ""), due)

    def test_rule_37_a_code_of_the_first_version_is_read_alike(self):
        fields = ["", "1", "1", "25.3", "EUR", "", "123", "", "", "", ""]
        fields += ["1", "SK4523585719461382368397", "", "0", "0", "John Doe", "", ""]
        (read,) = self.read_by_node([encode(fields, 0)])
        self.assertEqual((read["amount"], read["variableSymbol"]), (25.3, "123"))

    @staticmethod
    def asked():
        """Return orders that were drawn, and those at the limits."""
        found = []

        @repeatable
        @given(orders("SK", "EUR"))
        def draw(order):
            found.append(order)

        draw()
        limit = replace(found[0], amount=Decimal("999999999.99"))
        return [*found, limit, replace(limit, message="ě" * 60_000, symbol="9" * 10)]

    def read_by_node(self, codes):
        """Have bysquare read codes, all in one process."""
        if not (shutil.which("node") and BYSQUARE.is_file()):
            if os.environ.get("CI") == "true":
                self.fail("CI needs node and npm's bysquare: see scripts/setup.")
            self.skipTest("node or npm's bysquare is missing: see scripts/setup.")
        done = subprocess.run(
            [shutil.which("node"), "--input-type=module", "-e", READER],
            input=json.dumps(codes),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        self.assertEqual(done.returncode, 0, done.stderr[-2000:])
        return json.loads(done.stdout)


class TestEpcReadBack(TestCase):
    @repeatable
    @given(orders("DE", "EUR"))
    def test_rule_37_a_payment_is_read_back_as_it_was_asked(self, order):
        lines = epc(order).split("\n")
        self.assertEqual(lines[:5], ["BCD", "002", "1", "SCT", ""])
        self.assertEqual(lines[6], order.iban)
        self.assertEqual(Decimal(lines[7].removeprefix("EUR")), order.amount)
        self.assertTrue(" ".join(order.payee.split()).startswith("P"))
        self.assertTrue(lines[5].startswith("P"))
        self.assertLessEqual(len((lines + [""] * 4)[10]), 140)

    def test_rule_37_each_country_has_its_standard(self):
        for country, length, currency, wanted in (
            ("CZ", 20, "CZK", "QR Platba"),
            ("CZ", 20, "EUR", "QR Platba"),
            ("SK", 20, "EUR", "PAY by square"),
            ("DE", 18, "EUR", "SEPA QR"),
        ):
            self.assertEqual(str(standard_of(iban(country, "1" * length), currency)), wanted)
