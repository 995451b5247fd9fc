"""Reads codes to pay by, as a bank's app does: plain programs, which know nothing of ours."""

import io
from datetime import datetime
from decimal import Decimal

from PIL import Image

from .core.test_core_payment_codes import decoded


def read_picture(data):
    """Return the text of the code in a picture."""
    import zxingcpp

    return zxingcpp.read_barcode(Image.open(io.BytesIO(data))).text


def read_code(text):
    """Return what a code asks for: account, currency, amount, symbol, day and message."""
    if text.startswith("SPD*1.0*"):
        return read_spayd(text)
    return read_epc(text) if text.startswith("BCD\n") else read_by_square(text)


def read_spayd(text):
    parts = dict(part.split(":", 1) for part in text.split("*")[2:])
    return {
        "iban": parts["ACC"].split("+")[0],
        "currency": parts["CC"],
        "amount": Decimal(parts["AM"]),
        "symbol": parts.get("X-VS", ""),
        "says": parts["MSG"],
        "day": day_of(parts.get("DT")),
    }


def read_epc(text):
    lines = text.split("\n")
    return {
        "iban": lines[6],
        "currency": lines[7][:3],
        "amount": Decimal(lines[7][3:]),
        "symbol": "",
        "says": lines[10],
        "day": None,
    }


def read_by_square(text):
    _version, fields = decoded(text)
    return {
        "iban": fields[12],
        "currency": fields[4],
        "amount": Decimal(fields[3]),
        "symbol": fields[6],
        "says": fields[10],
        "day": day_of(fields[5]),
    }


def day_of(text):
    return datetime.strptime(text, "%Y%m%d").date() if text else None
