"""Interest and costs that are billed by an invoice of their own: each day and each cost once.

May import `base`, `books`, `letters`, `reminders`, `rules` and the core.
"""

from . import billed
from . import billing
from . import corrected
from . import still_true
from . import words
from . import account_move
from . import own_debts
from . import living
from . import days_late
from . import paid_late
