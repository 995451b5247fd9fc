"""What every room uses: what a caller may say, how a step is retried, dates and names in words.

Imports no other room.
"""

from . import context
from . import events
from . import thread
from . import inputs
