"""Job 1 and the runs of both jobs: who is gone through, what was issued, how far it is.

May import `base`, `books`, `reminders`, `rules` and the core.
"""

from . import customer_list
from . import run
from . import progress
from . import trouble
from . import generate
from . import notice
from . import thanks
from . import today
from . import apply
from . import charge
from . import by_hand
from . import asked_step
from . import past_levels
