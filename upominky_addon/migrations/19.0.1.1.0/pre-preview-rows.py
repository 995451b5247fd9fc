"""Rows of previews belong to a preview now; old ones are for nobody to see any more."""


def migrate(cr, version):
    """Empty the table: its rows are kept for an hour, and made anew when a preview is opened."""
    cr.execute("DELETE FROM upominky_preview_line")
