"""Every foreign key of our tables is found by an index: what Odoo deletes does not scan them.

PostgreSQL looks for referring rows of each row that it deletes. Without an index it reads the whole
table: at 500,000 deliveries each mail that Odoo deleted took 99 ms more.
"""

from odoo.tests import TransactionCase, tagged

from ..rights import definitions

#: Keys without an index, and why.
EXEMPT = {
    # Odoo has none on them in any table; users are archived, and hardly ever deleted.
    "create_uid",
    "write_uid",
    # Currencies are archived; Odoo's own journal items have no index on theirs either, and each
    # line would pay for one when it is issued.
    "currency_id",
}
#: The foreign keys of tables, and the first column of each of their indexes, with its condition.
KEYS = """
    SELECT conrelid::regclass::text, attname
      FROM pg_constraint
      JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
     WHERE contype = 'f' AND conrelid = ANY(%s::regclass[])
"""
INDEXES = """
    SELECT indrelid::regclass::text, attname, pg_get_expr(indpred, indrelid)
      FROM pg_index
      JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
     WHERE indrelid = ANY(%s::regclass[])
"""


@tagged("post_install", "-at_install", "upominky_addon")
class TestIndexes(TransactionCase):
    def ours(self):
        """Yield the relational fields that the add-on keeps in the database."""
        for name in {definition._name for definition in definitions()}:
            for field in self.env[name]._fields.values():
                is_ours = field._module == "upominky_addon" and field.model_name == name
                if is_ours and field.store and self.env[name]._auto:
                    yield field

    def keys(self):
        """Return the table and column of each of our foreign keys."""
        many2one = [field for field in self.ours() if field.type == "many2one"]
        many2many = [field for field in self.ours() if field.type == "many2many"]
        keys = {(self.env[field.model_name]._table, field.name) for field in many2one}
        keys |= {(f.relation, column) for f in many2many for column in (f.column1, f.column2)}
        tables = {table for table, _column in keys if table.startswith("upominky")}
        self.env.cr.execute(KEYS, [[*tables]])
        return keys | set(self.env.cr.fetchall())

    def leads(self, key, indexes):
        """Say whether an index finds the rows that refer to something by a key."""
        _table, column = key
        allowed = (None, f"({column} IS NOT NULL)")
        return any(condition in allowed for condition in indexes.get(key, ()))

    def test_an_index_leads_with_each_foreign_key(self):
        keys = {key for key in self.keys() if key[1] not in EXEMPT}
        self.assertGreaterEqual(len(keys), 70)
        indexes = {}
        self.env.cr.execute(INDEXES, [[*{table for table, _column in keys}]])
        for table, column, condition in self.env.cr.fetchall():
            indexes.setdefault((table, column), []).append(condition)
        missing = sorted(key for key in keys if not self.leads(key, indexes))
        self.assertFalse(missing, "\n".join(f"{table}.{column}" for table, column in missing))

    def test_what_is_mostly_empty_takes_no_room_in_its_index(self):
        """Columns of Odoo's large tables, and those that few rows fill."""
        for model, name in (
            ("account.move", "upominky_contact_id"),
            ("account.move", "upominky_hold_until"),
            ("upominky.delivery", "mail_mail_id"),
            ("upominky.reminder", "send_run_id"),
        ):
            with self.subTest(model=model, field=name):
                self.assertEqual(self.env[model]._fields[name].index, "btree_not_null")
