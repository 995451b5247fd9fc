"""SPEC rule 37: what payment codes say, by the vectors of their standards and read back."""

import lzma
import zlib
from base64 import b32hexdecode
from dataclasses import replace
from decimal import Decimal
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from ...core.epc import MAX_BYTES, epc
from ...core.paybysquare import encode, pay_by_square
from ...core.payment_order import NoCodeError, PaymentOrder
from ...core.spayd import spayd

CZECH = PaymentOrder(
    "CZ55 0800 0000 0012 3456 7899",
    Decimal("12100"),
    "CZK",
    symbol="20260114",
    message="Upomínka 1 FA 2026/0114",
)
SLOVAK = PaymentOrder(
    "SK96 1100 0000 0029 1859 9669",
    Decimal("1234.50"),
    "EUR",
    symbol="2026001",
    message="Upomienka č. 1",
    payee="Žltá doprava s.r.o.",
)
GERMAN = PaymentOrder(
    "DE33 1002 0500 0001 1947 00", Decimal("20"), "EUR", message="Mahnung 7", payee="Spedition Süd"
)


def decoded(code):
    """Read PAY by square back: its version, and its fields; what does not fit raises."""
    raw = b32hexdecode(code + "=" * (-len(code) % 8))
    length = int.from_bytes(raw[2:4], "little")
    head = b"\x5d" + (1 << 17).to_bytes(4, "little") + length.to_bytes(8, "little")
    body = lzma.LZMADecompressor(lzma.FORMAT_ALONE).decompress(head + raw[4:], length)
    assert len(body) == length
    assert zlib.crc32(body[4:]) == int.from_bytes(body[:4], "little")
    return raw[0], body[4:].decode().split("\t")


class TestSpayd(TestCase):
    def test_rule_37_the_content_is_that_of_the_standard(self):
        for order, wanted in (
            (
                CZECH,
                (
                    "SPD*1.0*ACC:CZ5508000000001234567899*AM:12100.00*CC:CZK"
                    "*MSG:UPOMINKA 1 FA 2026/0114*X-VS:20260114"
                ),
            ),
            (
                replace(CZECH, bic="gibaczpx", currency="EUR", amount=Decimal(480), message=""),
                "SPD*1.0*ACC:CZ5508000000001234567899+GIBACZPX*AM:480.00*CC:EUR*X-VS:20260114",
            ),
            (
                replace(CZECH, symbol="0000000007", message="", payee="Řehoř & synové, a.s."),
                (
                    "SPD*1.0*ACC:CZ5508000000001234567899*AM:12100.00*CC:CZK"
                    "*RN:REHOR SYNOVE A.S.*X-VS:0000000007"
                ),
            ),
            (
                replace(CZECH, bic="no such", symbol="", message="50 % * 2"),
                "SPD*1.0*ACC:CZ5508000000001234567899*AM:12100.00*CC:CZK*MSG:50 %25 %2A 2",
            ),
        ):
            with self.subTest(wanted=wanted):
                self.assertEqual(spayd(order), wanted)

    @given(st.text(max_size=200), st.text(max_size=200))
    def test_rule_37_no_text_breaks_out_of_its_value(self, message, payee):
        content = spayd(replace(CZECH, message=message, payee=payee))
        keys = [part.partition(":")[0] for part in content.split("*")[2:]]
        self.assertLessEqual(set(keys), {"ACC", "AM", "CC", "MSG", "RN", "X-VS"})
        self.assertEqual(len(keys), len(set(keys)))
        self.assertRegex(content, r"\A[0-9A-Z $%*+\-./:]+\Z")
        for part in content.split("*")[2:]:
            self.assertRegex(part, r"\A[^%]*(?:%(?:25|2A)[^%]*)*\Z")
            key, _, value = part.partition(":")
            self.assertLessEqual(len(value), {"MSG": 60, "RN": 35}.get(key, 46))


class TestEpc(TestCase):
    def test_rule_37_the_content_is_that_of_the_standard(self):
        to = "Spedition Süd|DE33100205000001194700|EUR20.00"
        for changes, wanted in (
            ({}, f"|{to}|||Mahnung 7"),
            ({"bic": "BFSWDE33BER", "message": ""}, f"BFSWDE33BER|{to}"),
            ({"message": "RF18 5390 0754 7034"}, f"|{to}||RF18539007547034"),
        ):
            with self.subTest(wanted=wanted):
                lines = epc(replace(GERMAN, **changes)).split("\n")
                self.assertEqual("|".join(lines), f"BCD|002|1|SCT|{wanted}")

    @given(st.text(max_size=300), st.text(min_size=1, max_size=200))
    def test_rule_37_lines_stay_lines_and_all_fits(self, message, payee):
        order = replace(GERMAN, message=message, payee=f"P {payee}")
        self.assertLessEqual(len(epc(replace(order, payee="𐍈" * 80)).encode()), MAX_BYTES)
        lines = epc(order).split("\n")
        self.assertLessEqual(len(lines), 11)
        self.assertEqual(lines[6:8], ["DE33100205000001194700", "EUR20.00"])
        self.assertLessEqual(len("\n".join(lines).encode()), MAX_BYTES)
        self.assertTrue(lines[-1])


class TestPayBySquare(TestCase):
    def test_rule_37_a_vector_of_the_standard_comes_out_the_same(self):
        fields = ["", "1", "1", "1.00", "EUR", "20200705", "", "", "", "", ""]
        fields += ["1", "SK7700000000000000000000", "", "0", "0", "", "", ""]
        wanted = (
            "000440007S3VT0DFSETNDU5J8KF4EI1MT7B3BBH3P91D830QDBA6IRPF97451V4U11PHMI423IDK7VVU5P800"
        )
        self.assertEqual(len(fields), 19)
        self.assertEqual(decoded(wanted), (0, fields))
        self.assertEqual(decoded(encode(fields, 0)), (0, fields))
        self.assertEqual(encode(fields, 0), wanted)

    def test_rule_37_codes_of_others_are_read_alike(self):
        for code, version, known in (
            (
                (
                    "0804Q000AEM958SPQK31JJFA00H0OBFGMH6PKV0OQSNQPQK5K2BATU8DV6PA0G2P9U05QCF640MRVMTLL"
                    "I3OJ8CEGOUEP5GR3LIJ4C0A8ERUI3JHM3VTNG00"
                ),
                2,
                {3: "100", 6: "123", 12: "SK9611000000002918599669", 16: "John Doe"},
            ),
            (
                (
                    "0004I0006UC5LT8E21H3IC1K9R40P82GJL22NTU0586BBEOEKDMQSVUUBAOP1C0FFE14UJA1F1LJMV0FON"
                    "E35J05TRC77FTIMV87NKNANNOFJB684000"
                ),
                0,
                {0: "2015001", 3: "25.3", 12: "SK4523585719461382368397", 16: "John Doe"},
            ),
        ):
            with self.subTest(code=code[:4]):
                found, fields = decoded(code)
                self.assertEqual({place: fields[place] for place in known}, known)
                self.assertEqual(found, version)

    def test_rule_37_the_fields_are_those_of_the_payment(self):
        version, fields = decoded(pay_by_square(SLOVAK))
        wanted = ["", "1", "1", "1234.50", "EUR", "", "2026001", "", "", "", "Upomienka c. 1"]
        wanted += ["1", "SK9611000000002918599669", "", "0", "0", "Zlta doprava s.r.o.", "", ""]
        self.assertEqual((version, fields), (2, wanted))

    @given(st.text(max_size=200), st.text(max_size=200))
    def test_rule_37_no_text_breaks_out_of_its_field(self, message, payee):
        order = replace(SLOVAK, message=message, payee=f"P{payee}")
        _version, fields = decoded(pay_by_square(order))
        self.assertEqual(len(fields), 19)
        self.assertEqual((fields[3], fields[12]), ("1234.50", "SK9611000000002918599669"))
        self.assertLessEqual(len(fields[10]), 140)
        self.assertLessEqual(len(fields[16]), 70)


class TestNoCode(TestCase):
    def test_rule_37_what_cannot_be_said_has_no_code_and_a_reason(self):
        for write, order, changes, reason in (
            (spayd, CZECH, {"iban": ""}, "no_iban"),
            (spayd, CZECH, {"iban": "123456-7890/0800"}, "no_iban"),
            (spayd, CZECH, {"iban": "CZ5608000000001234567899"}, "no_iban"),
            (spayd, CZECH, {"amount": Decimal(0)}, "nothing_to_pay"),
            (spayd, CZECH, {"amount": Decimal(-1)}, "nothing_to_pay"),
            (spayd, CZECH, {"amount": Decimal("NaN")}, "nothing_to_pay"),
            (spayd, CZECH, {"amount": Decimal("9999999.99")}, None),
            (spayd, CZECH, {"amount": Decimal(10_000_000)}, "amount_too_long"),
            (spayd, CZECH, {"amount": Decimal("0.001")}, "amount_too_fine"),
            (spayd, CZECH, {"symbol": "FA 2026/0177"}, "wrong_symbol"),
            (spayd, CZECH, {"symbol": "12345678901"}, "wrong_symbol"),
            (epc, GERMAN, {"currency": "CZK"}, "wrong_currency"),
            (epc, GERMAN, {"payee": " \n"}, "no_payee"),
            (epc, GERMAN, {"iban": "TR330006100519786457841326"}, "wrong_country"),
            (epc, GERMAN, {"iban": "CH9300762011623852957"}, "no_bic"),
            (epc, GERMAN, {"iban": "CH9300762011623852957", "bic": "POFICHBEXXX"}, None),
            (epc, GERMAN, {"amount": Decimal("999999999.99")}, None),
            (epc, GERMAN, {"amount": Decimal("1000000000")}, "amount_too_long"),
            (pay_by_square, SLOVAK, {"iban": GERMAN.iban}, "wrong_country"),
            (pay_by_square, SLOVAK, {"currency": "CZK"}, "wrong_currency"),
            (pay_by_square, SLOVAK, {"payee": ""}, "no_payee"),
            (pay_by_square, SLOVAK, {"symbol": "12a"}, "wrong_symbol"),
        ):
            with self.subTest(write=write.__name__, **changes):
                if reason is None:
                    write(replace(order, **changes))
                    continue
                with self.assertRaises(NoCodeError) as caught:
                    write(replace(order, **changes))
                self.assertEqual(str(caught.exception.code), reason)
