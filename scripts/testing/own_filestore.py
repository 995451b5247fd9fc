"""pytest plugin: each worker has a filestore of its own, as it has a database of its own.

`pytest-odoo` lets all workers share the filestore of the first database. Then one collects as
garbage what another's database refers to, and reads half a bundle while another writes it ("The
attachment collides with an existing file", and the page of a tour stays empty). Files of the
filestore are never written twice, so that a copy of links is as good as one of bytes.
"""

import os
import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest_odoo

from odoo.tools import config


@contextmanager
def _own_filestore(original, database):
    """The filestore of `original` under the name of `database`, until the worker ends."""
    if original == database:
        yield
        return
    own, first = Path(config.filestore(database)), Path(config.filestore(original))
    shutil.rmtree(own, ignore_errors=True)
    if first.is_dir():
        shutil.copytree(first, own, copy_function=os.link)
    try:
        yield
    finally:
        shutil.rmtree(own, ignore_errors=True)


pytest_odoo._shared_filestore = _own_filestore
