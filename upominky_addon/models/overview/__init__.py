"""The first page and the analysis: figures and the lists behind them.

May import `base`, `books`, `reminders` and the core.
"""

from . import overview
from . import jobs
from . import hours
from . import lists
from . import limitation
from . import line_payment
from . import analysis
from . import debtors
from . import coming
