"""The demo's company on the day on which it installs the add-on. Runs in `odoo shell`, see demo.py.

It has customers who owe, and neither a mail server nor a reminder: what comes next is for a person.
"""

import json
import os
from datetime import date, timedelta

from demo_books import Books

#: Customer, days since the due date, price without tax, currency.
OVERDUE = (
    ("bakery", 12, 6200, "CZK"),
    ("bakery", 9, 400, "EUR"),
    ("grocer", 20, 31000, "CZK"),
    ("timber", 45, 54000, "CZK"),
    ("brewery", 16, 1850, "EUR"),
    ("hotel", 3, 15000, "CZK"),
)
PAYMENT_DAYS = 14


def tell(env):
    told = json.loads(os.environ["UPOMINKY_STORY"])
    address = f"http://127.0.0.1:{told['web_port']}"
    env["ir.config_parameter"].set_param("web.base.url", address)
    books = Books(env(context={**env.context, "lang": "en_US"}))
    for key, days, price, currency in sorted(OVERDUE, key=lambda row: -row[1]):
        due = date.today() - timedelta(days=days)
        issued = due - timedelta(days=PAYMENT_DAYS)
        lines = [("Přeprava palet Praha – Brno", price)]
        books.invoice(issued, key, lines, invoice_date_due=due, currency=currency)
    env.cr.commit()
    print(f"{len(OVERDUE)} invoices are overdue, nobody has been reminded.")
    print(f"Messages     {told['folder']}", flush=True)
