"""Job 2: who is taken up, whether it may go out now, what became of each attempt.

May import `base`, `books`, `letters`, `reminders` and the core; of its channels nothing.
"""

from . import transport
from . import delivery
from . import worker
from . import send
from . import invoice_files
from . import hand_over
from . import by_hand
from . import again
from . import gate
from . import queue
from . import settle
from . import out
from . import final
from . import final_time
from . import reported
from . import bank_data
from . import sender_fault
from . import letter
from . import email
from . import final_again
from . import final_read
from . import claims
from . import hourly_limit
from . import hours
from . import public_holidays
