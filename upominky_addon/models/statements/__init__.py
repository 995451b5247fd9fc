"""Statements of account and balance confirmations: what a customer owed on a day, on paper.

They are files as those for lawyers are: asked for, made by the same job, kept for as long. May
import `base`, `books`, `reminders`, `letters`, `cases` and the core.
"""

from . import balances
from . import statement
from . import words
from . import page
from . import message
from . import printing
