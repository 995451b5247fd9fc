"""This process as an Odoo process: its configuration, and environments on cursors of their own."""

import contextlib

import odoo
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry


def start_odoo(database):
    """Read Odoo's configuration (the file that ``ODOO_RC`` names) for one database."""
    odoo.tools.config.parse_config(
        ["-d", database, "--no-http", "--max-cron-threads=0", "--log-level=error"],
        setup_logging=True,
    )


@contextlib.contextmanager
def environment(database, uid=SUPERUSER_ID):
    """Open an environment on a cursor of its own; what is not committed is lost."""
    with Registry(database).cursor() as cr:
        yield api.Environment(cr, uid, {})
