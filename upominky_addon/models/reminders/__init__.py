"""Issued reminders: their lines and states, the recheck, and what people do with them.

May import `base`, `books`, `rules` and the core.
"""

from . import reminder
from . import actions
from . import hold
from . import feedback
from . import line
from . import opening_items
from . import file
from . import recheck
from . import drop_reason
from . import elsewhere
from . import shares
from . import interest
from . import claims_kept
from . import charges
from . import recipients
from . import book
from . import deadline
from . import final
from . import tracking
from . import notice
from . import thanks
