"""The index of reminder lines by invoice goes: another one, with their levels, takes its place."""


def migrate(cr, version):
    """Drop it; Odoo only says that it is not expected any more."""
    cr.execute("DROP INDEX IF EXISTS upominky_reminder_line__move_id_index")
