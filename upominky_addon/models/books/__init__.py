"""Accounting in, rows out: the only room with SQL on journal items.

May import `base`, `rules` and the core.
"""

from . import reader
from . import chosen
from . import dates
from . import contacts
from . import marks
from . import kept
from . import next_dates
from . import writer
from . import debts
