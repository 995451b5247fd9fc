"""Accounting in, rows out: what is owed by now, and since when.

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
from . import notice
from . import thanks
