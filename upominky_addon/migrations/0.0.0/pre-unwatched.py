"""Before each upgrade: columns that a trigger names cannot change their type.

The triggers are put back when all columns are there. What is kept was not watched meanwhile, and is
worked out anew by the next run of a job.
"""

from odoo.tools import SQL
from odoo.tools.sql import table_exists


def migrate(cr, _version):
    cr.execute("SELECT proname FROM pg_proc WHERE starts_with(proname, 'upominky_mark_')")
    for (name,) in cr.fetchall():
        cr.execute(SQL("DROP FUNCTION %s() CASCADE", SQL.identifier(name)))
    if table_exists(cr, "upominky_kept"):
        cr.execute("DELETE FROM upominky_kept")
