"""Levels that are there already name no day to pay by: they go on as they were."""


def migrate(cr, version):
    """Give them the column, empty: the default of the field is for new levels alone."""
    cr.execute("ALTER TABLE upominky_level ADD COLUMN IF NOT EXISTS deadline_days integer")
