"""The data set: N open receivables of N/5 customers, posted through Odoo once, repeated in SQL.

Every fourth is in EUR, the others in CZK; due dates are spread over the 120 days before the day on
which the books are looked at; 10 % are partly paid, 2 % on hold, 5 % of the customers have an open
credit note; every tenth customer has a contact for invoices. Which is which follows from the number
alone, so that two databases, one with this add-on and one with the peer, hold the same books.
"""

import argparse
import sys
import time
from datetime import timedelta

from odoo import Command
from odoo.tools import SQL

from .clone import Bundle, copy_bundle, number
from .process import DAY, environment, start_odoo

PER_CUSTOMER = 5
SPREAD = 120
#: Kinds of documents by currency: which numbers they have among all receivables.
EUR, PARTLY, HELD = "n %% 4 = 3", "n %% 10 = 3", "n %% 50 = 7"
KINDS = {
    ("open", "CZK"): f"NOT ({EUR}) AND NOT ({PARTLY})",
    ("open", "EUR"): f"{EUR} AND NOT ({PARTLY})",
    ("partly", "CZK"): f"NOT ({EUR}) AND {PARTLY}",
    ("partly", "EUR"): f"{EUR} AND {PARTLY}",
    # One credit note for every twentieth customer, by the number of its first receivable.
    ("credit", "CZK"): "n %% 200 = 25",
    ("credit", "EUR"): "n %% 200 = 125",
}
#: What is paid of a prototype's 100.
PAYMENTS = {"partly": 40, "paid": 100}
#: Tells a document's amount, a multiple of its prototype's.
FACTOR = SQL("(1 + n %% 50)")
CREDIT_FACTOR = SQL("(1 + (n / 5) %% 97)")


def set_up_company(env):
    """Give the company its Czech chart, an address and a rate of EUR."""
    company = env.company
    env["account.chart.template"].try_loading("cz", company, install_demo=False)
    company.partner_id.write({"email": "books@sender.example", "tz": "Europe/Prague"})
    company.write({"name": "Bench s.r.o."})
    euro = env.ref("base.EUR")
    euro.active = True
    env["res.currency.rate"].create(
        {"currency_id": euro.id, "name": "2020-01-01", "rate": 0.04, "company_id": company.id}
    )
    if "upominky_mode" in company._fields:
        company.upominky_mode = "live"


def make_customers(env, count):
    """Copy a customer, and a contact for invoices, and return the id of the first customer."""
    plain = env["res.partner"].create(
        {"name": "Customer", "email": "office@x.example", "is_company": True}
    )
    contact = env["res.partner"].create(
        {"name": "Invoices", "email": "in@x.example", "type": "invoice", "parent_id": plain.id}
    )
    env.flush_all()
    number(env.cr, SQL("TRUE"), count)
    names = {
        "name": SQL("'Customer ' || n"),
        "complete_name": SQL("'Customer ' || n"),
        "email": SQL("'office' || n || '@x.example'"),
        "email_normalized": SQL("'office' || n || '@x.example'"),
    }
    bundle = Bundle({"res_partner": plain.ids}, {"res_partner": names})
    first = copy_bundle(env.cr, bundle)["res_partner"]
    number(env.cr, SQL("n %% 10 = 4"), count)
    owner = SQL("%s::bigint + n", first)
    values = {
        "parent_id": owner,
        "commercial_partner_id": owner,
        "complete_name": SQL("'Customer ' || n || ', Invoices'"),
        "email": SQL("'invoices' || n || '@x.example'"),
        "email_normalized": SQL("'invoices' || n || '@x.example'"),
    }
    copy_bundle(env.cr, Bundle({"res_partner": contact.ids}, {"res_partner": values}))
    return first, plain


def post(env, kind, currency, partner):
    """Post one document of a kind, and return its rows by table."""
    move = env["account.move"].create(
        {
            "move_type": "out_refund" if kind == "credit" else "out_invoice",
            "partner_id": partner.id,
            "invoice_date": DAY - timedelta(days=14),
            "invoice_date_due": DAY,
            "currency_id": env.ref(f"base.{currency}").id,
            "invoice_line_ids": [
                Command.create({"name": "Transport", "price_unit": 100, "tax_ids": False})
            ],
        }
    )
    move.action_post()
    payments = env["account.payment"]
    if kind in PAYMENTS:
        wizard = env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        payments = wizard.create({"payment_date": DAY, "amount": PAYMENTS[kind]})._create_payments()
    items = move.line_ids | payments.move_id.line_ids
    partials = items.matched_debit_ids | items.matched_credit_ids
    return {
        "account_move": (move | payments.move_id).ids,
        "account_move_line": items.ids,
        "account_payment": payments.ids,
        "account_partial_reconcile": partials.ids,
    }


def _values(kind, currency, first_customer):
    """Return what is different in each copy of a kind of document."""
    partner = SQL("%s::bigint + n / %s", first_customer, PER_CUSTOMER)
    due = SQL("%s::date - (n * 37 %% %s)::int", DAY, SPREAD)
    return values_of(kind, currency, partner, due)


def values_of(kind, currency, partner, due):
    """Return what is different in each copy, given its customer and its due date.

    :param SQL partner: the customer of the copy with number ``n``
    :param SQL due: its due date
    """
    prefix = f"{kind.upper()}/{currency}/"
    name = SQL("%s || proto.id || '/' || n", prefix)
    move = {
        "name": name,
        "sequence_prefix": SQL("%s || proto.id || '/'", prefix),
        "sequence_number": SQL("n"),
        "payment_reference": name,
        "partner_id": partner,
        "commercial_partner_id": partner,
        "partner_shipping_id": partner,
        "origin_payment_id": SQL("NULL::int"),  # payments come later: see link_payments
        "invoice_date": SQL("%s - 14", due),
        "invoice_date_due": due,
        "date": SQL("%s - 14", due),
    }
    line = {
        "partner_id": partner,
        "date": SQL("%s - 14", due),
        "invoice_date": SQL("%s - 14", due),
        "date_maturity": SQL("CASE WHEN proto.date_maturity IS NOT NULL THEN %s END", due),
        "move_name": SQL("%s || proto.move_id || '/' || n", prefix),
    }
    return {
        "account_move": move,
        "account_move_line": line,
        "account_payment": {"partner_id": partner},
    }


def link_payments(cr):
    """Entries and payments refer to each other, and neither can be copied first."""
    cr.execute(
        "UPDATE account_move SET origin_payment_id = payment.id FROM account_payment AS payment "
        "WHERE payment.move_id = account_move.id AND account_move.origin_payment_id IS NULL"
    )


def make_documents(env, receivables, first_customer, prototypes):
    """Copy the posted documents, each kind for its numbers, and put some on hold."""
    for (kind, currency), rows in prototypes.items():
        number(env.cr, SQL(KINDS[kind, currency]), receivables)
        factor = CREDIT_FACTOR if kind == "credit" else FACTOR
        copy_bundle(env.cr, Bundle(rows, _values(kind, currency, first_customer), factor))
    link_payments(env.cr)
    if "upominky_hold_until" in env["account.move"]._fields:
        env.cr.execute(
            SQL(
                "UPDATE account_move SET upominky_hold_until = %s WHERE move_type = 'out_invoice' "
                "AND sequence_prefix LIKE ANY(ARRAY['OPEN/%%', 'PARTLY/%%']) "
                "AND sequence_number %% 50 = 7",
                DAY + timedelta(days=30),
            )
        )


def remove_prototypes(env, prototypes, partner):
    """Take the posted originals out of the books: what is measured are their copies."""
    ids = {
        table: [i for rows in prototypes.values() for i in rows[table]]
        for table in ("account_partial_reconcile", "account_payment", "account_move")
    }
    env.cr.execute(
        "UPDATE account_move SET origin_payment_id = NULL WHERE id = ANY(%s)", [ids["account_move"]]
    )
    for table, rows in ids.items():
        env.cr.execute(SQL("DELETE FROM %s WHERE id = ANY(%s)", SQL.identifier(table), rows))
    (partner.child_ids | partner).active = False


def fresh_statistics(env):
    """Commit, and let the planner see the rows: without it the next copies turn quadratic."""
    env.cr.commit()
    env.cr.execute("ANALYZE")
    env.cr.execute("DISCARD PLANS")
    env.cr.commit()


def build(database, receivables):
    with environment(database) as env:
        set_up_company(env)
        env.cr.commit()
    with environment(database) as env:
        started = time.monotonic()
        first, partner = make_customers(env, receivables // PER_CUSTOMER)
        prototypes = {key: post(env, *key, partner) for key in KINDS}
        env.flush_all()
        fresh_statistics(env)
        make_documents(env, receivables, first, prototypes)
        env.invalidate_all()
        remove_prototypes(env, prototypes, partner)
        env.cr.execute("UPDATE ir_cron SET active = FALSE")
        fresh_statistics(env)
        seconds = time.monotonic() - started
        print(f"{receivables} receivables made in {seconds:.0f} s", file=sys.stderr)


def main(make=build, about=__doc__):
    """Make books in a database, as the command line asks for them.

    :param make: called with the database and the number of receivables
    """
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--database", required=True)
    parser.add_argument("--receivables", type=int, required=True)
    arguments = parser.parse_args()
    start_odoo(arguments.database)
    make(arguments.database, arguments.receivables)


if __name__ == "__main__":
    main()
