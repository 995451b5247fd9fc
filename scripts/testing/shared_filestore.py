"""pytest plugin: no worker deletes the files that another worker's database still needs.

`pytest-odoo` gives each worker a database of its own and all of them the filestore of the first
one. After each class Odoo collects the garbage of the filestore: it deletes what *its* database
does not refer to, which with more than one worker is a bundle or an attachment that another one
is about to read. The filestore is dropped after the run anyway.
"""

import os

from odoo.tests.common import TransactionCase


def pytest_configure():
    """Leave the files alone in every worker; a run in one process collects its garbage as ever."""
    if os.getenv("PYTEST_XDIST_WORKER"):
        TransactionCase._gc_filestore = classmethod(lambda cls: None)
