"""Holds of customers become each company's own: what held for all holds for each one."""

from odoo.tools import SQL

#: Columns of customers, with the SQL type that they had.
COLUMNS = {
    "upominky_excluded": "boolean",
    "upominky_hold_until": "date",
    "upominky_hold_reason": "character varying",
}
#: Makes room for a value for each company, as Odoo keeps such fields: an object by company id.
#: A new column is quicker than a new type, which would write all contacts anew.
MAKE_ROOM = """
    ALTER TABLE res_partner RENAME COLUMN %(column)s TO %(old)s;
    ALTER TABLE res_partner ADD COLUMN %(column)s jsonb
"""
#: Gives every company, archived ones too, the value that was everybody's. Empty ones are left out,
#: unless the field has a default: that was for new customers only, and would now be everybody's.
SPREAD = """
    UPDATE res_partner
       SET %(column)s = (
               SELECT jsonb_object_agg(
                          company.id::text,
                          COALESCE(to_jsonb(%(old)s), %(empty)s::jsonb)
                      )
                 FROM res_company company
           )
     WHERE %(wanted)s
"""
DEFAULTS = """
    SELECT 1
      FROM ir_default
      JOIN ir_model_fields field ON field.id = ir_default.field_id
     WHERE field.model = 'res.partner' AND field.name = %s
"""
KIND = """
    SELECT data_type
      FROM information_schema.columns
     WHERE table_schema = current_schema
       AND table_name = 'res_partner'
       AND column_name = %s
"""


def migrate(cr, version):
    """Turn the three columns into values for each company; done before, it does nothing."""
    for name, kind in COLUMNS.items():
        cr.execute(SQL(KIND, name))
        if cr.fetchall() == [(kind,)]:
            _spread(cr, name, kind)


def _spread(cr, name, kind):
    names = {"column": SQL.identifier(name), "old": SQL.identifier(f"{name}_of_all")}
    has_value = SQL("%s" if kind == "boolean" else "%s IS NOT NULL", names["old"])
    cr.execute(SQL(DEFAULTS, name))
    wanted = SQL("TRUE") if cr.fetchall() else has_value
    cr.execute(SQL(MAKE_ROOM, **names))
    empty = "false" if kind == "boolean" else "null"
    cr.execute(SQL(SPREAD, **names, empty=empty, wanted=wanted))
    cr.execute(SQL("ALTER TABLE res_partner DROP COLUMN %s", names["old"]))
