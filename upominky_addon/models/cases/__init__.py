"""The file for a lawyer: all that is kept of what a customer owes, and how it was asked for.

May import `base`, `books`, `reminders`, `rules`, `letters`, `jobs` and the core.
"""

from . import case
from . import archive
from . import keeping
from . import documents
from . import pdfs
from . import sheets
from . import interest_sheet
