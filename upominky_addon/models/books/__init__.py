"""Accounting in, rows out: the only room with SQL on journal items.

May import `base`, `rules` and the core.
"""

from . import reader
from . import contacts
from . import next_dates
from . import writer
