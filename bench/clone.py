"""Copies of documents, made in SQL: what Odoo posted once is repeated many times."""

from dataclasses import dataclass, field

from odoo.tools import SQL

#: Amounts of a document, which a copy multiplies. Rates, quantities and percentages stay.
AMOUNTS = {
    "account_move": (
        "amount_untaxed",
        "amount_tax",
        "amount_total",
        "amount_residual",
        "amount_untaxed_signed",
        "amount_untaxed_in_currency_signed",
        "amount_tax_signed",
        "amount_total_signed",
        "amount_total_in_currency_signed",
        "amount_residual_signed",
    ),
    "account_move_line": (
        "debit",
        "credit",
        "balance",
        "amount_currency",
        "amount_residual",
        "amount_residual_currency",
        "price_unit",
        "price_subtotal",
        "price_total",
    ),
    "account_payment": ("amount", "amount_company_currency_signed"),
    "account_partial_reconcile": ("amount", "debit_amount_currency", "credit_amount_currency"),
}
#: Columns that lead to another row of the same bundle.
REFERENCES = {
    "account_move_line": {"move_id": "account_move", "payment_id": "account_payment"},
    "account_payment": {"move_id": "account_move"},
    "account_partial_reconcile": {
        "debit_move_id": "account_move_line",
        "credit_move_id": "account_move_line",
    },
    "res_partner": {"commercial_partner_id": "res_partner", "parent_id": "res_partner"},
}
#: Parents before children.
TABLES = (
    "res_partner",
    "account_move",
    "account_payment",
    "account_move_line",
    "account_partial_reconcile",
)


@dataclass(frozen=True)
class Bundle:
    """Rows that belong together, by table, and what is different in each of their copies.

    ``values`` are SQL expressions by table and column; in them ``proto`` is the row that is copied,
    ``k`` counts the copies from 0 and ``n`` is the number that ``bench_number`` gives to the copy.
    """

    rows: dict[str, list[int]]
    values: dict[str, dict[str, SQL]]
    factor: SQL = field(default_factory=lambda: SQL("1"))


def number(cr, condition, count):
    """Number the copies of the next bundle: ``n`` runs over the numbers below ``count`` that meet
    ``condition``, ``k`` counts them.
    """
    cr.execute(SQL("DROP TABLE IF EXISTS bench_number"))
    cr.execute(
        SQL(
            "CREATE TEMP TABLE bench_number AS SELECT row_number() OVER (ORDER BY n) - 1 AS k, n "
            "FROM generate_series(0::bigint, %s::bigint - 1) AS n WHERE %s",
            count,
            condition,
        )
    )
    cr.execute("ANALYZE bench_number")


def copy_bundle(cr, bundle):
    """Copy a bundle once for each row of ``bench_number``.

    :return: per table the id of its first copy
    """
    starts = {table: _next_id(cr, table) for table in bundle.rows}
    for table in TABLES:
        if bundle.rows.get(table):
            _copy_table(cr, table, bundle, starts)
    return starts


def _next_id(cr, table):
    cr.execute(SQL("SELECT COALESCE(MAX(id), 0) + 1 FROM %s", SQL.identifier(table)))
    return cr.fetchone()[0]


def _columns(cr, table):
    cr.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 "
        "AND NOT attisdropped AND attgenerated = ''",
        [table],
    )
    return [row[0] for row in cr.fetchall()]


def _copied_id(column, table, bundle, starts):
    """Return where the copy of the row that ``column`` names lies: all by arithmetic."""
    ids = bundle.rows[table]
    return SQL(
        "(%s::bigint + number.k * %s + array_position(%s::int[], %s) - 1)",
        starts[table],
        len(ids),
        ids,
        column,
    )


def _expression(table, name, bundle, starts):
    column = SQL.identifier("proto", name)
    if name == "id":
        return _copied_id(column, table, bundle, starts)
    if name in bundle.values.get(table, {}):
        return bundle.values[table][name]
    if name in AMOUNTS.get(table, ()):
        return SQL("(%s * %s)", column, bundle.factor)
    target = REFERENCES.get(table, {}).get(name)
    if target and bundle.rows.get(target):
        return SQL("COALESCE(%s, %s)", _copied_id(column, target, bundle, starts), column)
    return column


def _copy_table(cr, table, bundle, starts):
    columns = _columns(cr, table)
    expressions = [_expression(table, name, bundle, starts) for name in columns]
    cr.execute(
        SQL(
            "INSERT INTO %s (%s) SELECT %s FROM bench_number AS number, %s AS proto "
            "WHERE proto.id = ANY(%s) ORDER BY number.k, proto.id",
            SQL.identifier(table),
            SQL(", ").join(map(SQL.identifier, columns)),
            SQL(", ").join(expressions),
            SQL.identifier(table),
            bundle.rows[table],
        )
    )
    cr.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, _next_id(cr, table)])
