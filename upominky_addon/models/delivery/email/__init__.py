"""The channel e-mail: the message, the SMTP conversation, and what comes back.

May import `delivery` and what that may.
"""

from . import message
from . import transport
from . import chatter
from . import receipt
from . import alleged_bounce
from . import inbound
from . import reply
from . import extras
from . import invoices
from . import preview
