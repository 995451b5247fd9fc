"""Letters in PDF: made just before they go out, kept as they went out, and printed by people.

May import `delivery` and what that may.
"""

from . import make
from . import kept
from . import printing
