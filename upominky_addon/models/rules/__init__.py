"""Rules and their levels: whom they cover, and what their forms tell.

May import `base` and the core.
"""

from . import rule
from . import found
from . import filters
from . import rule_form
from . import rule_events
from . import level
from . import level_deadline
from . import level_events
from . import level_time_to_pay
from . import level_final
from . import level_letter
from . import level_charges
from . import rate
from . import level_invoices
from . import overlap
from . import filter_form
from . import kept
