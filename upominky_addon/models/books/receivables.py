"""What a customer invoice is, and what of it, or of an opening entry, is left to pay.

The queries ask in SQL, of ``item`` of ``move``; lists and searches ask with domains, which keep the
reader's rights. Both are here, made of the same values, and a test asks both of the same books.
"""

from odoo.fields import Domain


def _listed(values):
    return ", ".join(f"'{value}'" for value in values)


#: Types of documents that are customer invoices.
CUSTOMER_INVOICES = ("out_invoice", "out_receipt")
#: Types of documents that reminders ask for: opening entries too.
REMINDED = (*CUSTOMER_INVOICES, "entry")
#: Of invoices that nothing, or a part, was paid of, and that nobody blocked.
UNPAID = ("not_paid", "partial")
#: What is in payment or reversed owes nothing, though its items are open.
SETTLED_STATES = ("in_payment", "reversed")
#: Accounts of customers' receivables, as a domain; deposits have others.
_OWED = "asset_receivable"
ACCOUNTS = (("account_type", "=", _OWED), ("non_trade", "=", False))
#: The same of an ``account`` in SQL.
ACCOUNT_OF_CUSTOMERS = f"account.account_type = '{_OWED}' AND account.non_trade IS NOT TRUE"

# --------------------------------------------------------------------- SQL

#: An open item of a customer, ``item``, on one of the :data:`ACCOUNTS`.
OPEN_ITEM = """
    item.account_id = ANY(%(accounts)s)
    AND item.parent_state = 'posted'
    AND item.reconciled IS NOT TRUE
"""

#: A customer invoice.
INVOICE = f"move.move_type IN ({_listed(CUSTOMER_INVOICES)})"

IS_SETTLED = f"COALESCE(move.payment_state, '') IN ({_listed(SETTLED_STATES)})"
SETTLED = f"{INVOICE} AND {IS_SETTLED}"

#: A credit note whose money is on its way back to the customer is no credit any more.
REFUNDED = f"move.move_type = 'out_refund' AND {IS_SETTLED}"

#: An entry that may bring over a balance from another system: of a general journal, where items are
#: not followed up unless somebody switches it on. In all other journals they are by default, so it
#: says nothing there: a payment that was returned, or what a till booked, is no debt that a person
#: brought over. What undoes an entry is none either.
OPENING = """
    move.move_type = 'entry'
    AND move.origin_payment_id IS NULL
    AND move.statement_line_id IS NULL
    AND move.reversed_entry_id IS NULL
    AND move.journal_id IN (SELECT id FROM account_journal WHERE type = 'general')
"""

#: What is left to pay of an invoice or of an opening entry; :func:`receivables` as SQL.
RECEIVABLE = f"""
    {OPEN_ITEM}
    AND item.amount_residual_currency > 0
    AND item.date_maturity IS NOT NULL
    AND CASE WHEN {INVOICE} THEN NOT ({SETTLED})
             ELSE item.no_followup IS NOT TRUE AND {OPENING}
         END
"""

#: What is owed and is no receivable, for a reason that a person may want to change.
LEFT_OUT = f"""
    {OPEN_ITEM}
    AND item.amount_residual_currency > 0
    AND CASE WHEN {INVOICE} THEN item.date_maturity IS NULL AND NOT ({SETTLED})
             ELSE (item.no_followup OR item.date_maturity IS NULL) AND {OPENING}
         END
"""

# ----------------------------------------------------------------- domains


def of_customers():
    """Return the domain of journal items on :data:`ACCOUNTS`.

    By a field whose search names the accounts: of a join with them the database knows nothing, and
    expects a hundredth of what it finds.

    :rtype: Domain
    """
    return Domain("upominky_of_customer", "=", True)


def open_items():
    """Return the domain of what customers owe, due or not, followed up or not.

    :rtype: Domain
    """
    unpaid = [
        ("parent_state", "=", "posted"),
        ("reconciled", "=", False),
        ("amount_residual_currency", ">", 0),
    ]
    return of_customers() & Domain(unpaid)


def openings():
    """Return the domain of items of opening entries, as :data:`OPENING` says it.

    :rtype: Domain
    """
    return Domain(
        [
            ("move_id.move_type", "=", "entry"),
            ("move_id.origin_payment_id", "=", False),
            ("move_id.statement_line_id", "=", False),
            ("move_id.reversed_entry_id", "=", False),
            ("journal_id.type", "=", "general"),
        ]
    )


def receivables():
    """Return the domain of the journal items that :data:`RECEIVABLE` finds.

    :rtype: Domain
    """
    invoice = [
        ("move_id.move_type", "in", CUSTOMER_INVOICES),
        ("move_id.payment_state", "not in", SETTLED_STATES),
    ]
    followed = openings() & Domain("no_followup", "=", False)
    return open_items() & Domain("date_maturity", "!=", False) & (Domain(invoice) | followed)


def unpaid_invoices():
    """Return the domain of posted customer invoices that are open and that nobody blocked.

    :rtype: Domain
    """
    return Domain(
        [
            ("move_type", "in", CUSTOMER_INVOICES),
            ("state", "=", "posted"),
            ("payment_state", "in", UNPAID),
        ]
    )
