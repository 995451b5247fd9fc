"""One room for each of `models/`, and some for what goes through all of them.

Odoo's runner looks for modules of tests here.
"""

# ruff: noqa: F403
from .base import *
from .core import *
from .rules import *
from .books import *
from .reminders import *
from .jobs import *
from .charges import *
from .letters import *
from .delivery import *
from .paper import *
from .cases import *
from .statements import *
from .email import *
from .overview import *
from .security import *
from .client import *
from .whole import *
