"""This process as an Odoo process: its configuration, and environments on cursors of their own."""

import contextlib
from datetime import date

import odoo
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

#: The day on which the books of the data set are looked at.
DAY = date(2026, 5, 29)


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


def freeze_today(database):
    """Make the day of the books the calendar date of every company, without slowing the clock."""
    Company = Registry(database)["res.company"]
    Company._upominky_today = lambda self: DAY
    if "upominky.send" in Registry(database):
        from odoo.addons.upominky_addon.models.delivery.worker import Worker

        # By the clock that day is long over, and messages that name it would not be sent.
        Worker.is_day_over = lambda self: False
