"""Indexes by invoice go: others take their places, which hold levels and dates as well."""


def migrate(cr, version):
    """Drop them; Odoo only says that they are not expected any more."""
    cr.execute(
        "DROP INDEX IF EXISTS upominky_reminder_line__move_id_index, "
        "upominky_next_date__move_id_index"
    )
