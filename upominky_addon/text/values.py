"""The values of a template: what it may write of a reminder, and a sample to try it on."""

from collections.abc import Callable, Collection
from datetime import date
from decimal import Decimal
from typing import Any

#: Names that have a variant of the same name with ``_text``, written as the reader is used to.
DATES = frozenset({"deadline", "issue_date", "invoice_date", "due_date", "date_from", "date_to"})
AMOUNTS = frozenset(
    {
        "invoice_total",
        "total",
        "paid",
        "credited",
        "left",
        "amount",
        "principal",
        "interest",
        "costs",
        "base",
    }
)

SAMPLE = {
    "number": "UP/2026/00001",
    "order": 1,
    "level_name": "First reminder",
    "event": "issue",
    "language": "en_US",
    "issue_date": date(2026, 5, 29),
    "deadline": date(2026, 6, 5),
    "customer_name": "Customer Ltd",
    "customer_reference": "C-1",
    "company_name": "Company Ltd",
    "company_email": "office@company.example",
    "company_phone": "+420 123 456 789",
    "company_website": "https://company.example",
    "creditor": "Company Ltd, Street 1, 110 00 Prague",
    "debtor": "Customer Ltd, Street 2, 120 00 Prague",
    "currencies": [
        {
            "code": code,
            "lines": [
                {
                    "number": f"INV/{code}/00001",
                    "instalment": "1 of 2",
                    "invoice_total": Decimal("24200.00"),
                    "variable_symbol": "20260001",
                    "payment_message": "",
                    "invoice_date": date(2026, 4, 15),
                    "due_date": date(2026, 4, 29),
                    "days_overdue": 30,
                    "total": Decimal("12100.00"),
                    "paid": Decimal("2000.00"),
                    "credited": Decimal("100.00"),
                    "left": Decimal("10000.00"),
                }
            ],
            "credits": [{"name": "RINV/00001", "amount": Decimal("1000.00")}],
            "total": Decimal("9000.00"),
            "account": "1234567899/0800",
            "bank": "Bank",
            "codes": [
                {
                    "title": "QR Platba",
                    "payload": "SPD*1.0*ACC:CZ5508000000001234567899*AM:9000.00*X-VS:20260001",
                    "number": f"INV/{code}/00001",
                    "account": "1234567899/0800",
                    "amount": Decimal("9000.00"),
                    "variable_symbol": "20260001",
                    "message": f"INV/{code}/00001",
                    "due_date": date(2026, 6, 12),
                }
            ],
        }
        for code in ("CZK", "EUR")
    ],
    "claims": [
        {
            "code": code,
            "principal": Decimal("9000.00"),
            "billed": Decimal("0.00"),
            "interest": Decimal("85.07"),
            "costs": Decimal("1200.00"),
            "total": Decimal("10285.07"),
            "account": "1234567899/0800",
            "bank": "Bank",
            "variable_symbol": "20260001",
            "payment_message": "",
            "calculation": [
                {
                    "number": f"INV/{code}/00001",
                    "date_from": date(2026, 4, 30),
                    "date_to": date(2026, 5, 29),
                    "days": 30,
                    "base": Decimal("9000.00"),
                    "percent": Decimal("11.5"),
                    "amount": Decimal("85.07"),
                }
            ],
        }
        for code in ("CZK", "EUR")
    ],
}


def with_texts(
    values: dict,
    formats: dict[str, Callable[..., str]],
    code: str = "",
    kinds: tuple[Collection[str], Collection[str]] = ((), ()),
) -> dict:
    """Return the values with a ``_text`` beside each date and each amount.

    :param kinds: names of further dates, and of further amounts

    >>> with_texts({"left": 5}, {"money": "{} {}".format}, "EUR")
    {'left': 5, 'left_text': '5 EUR'}
    """
    code = values.get("code", code)
    found: dict[str, Any] = {}
    for name, value in values.items():
        found[name] = value
        if isinstance(value, list):
            found[name] = [with_texts(item, formats, code, kinds) for item in value]
        elif name in DATES or name in kinds[0]:
            found[f"{name}_text"] = formats["date"](value)
        elif name in AMOUNTS or name in kinds[1]:
            found[f"{name}_text"] = formats["money"](value, code)
    return found
