"""What a reminder says: blocks and totals, as HTML, plain text, paper or values of a template.

May import `base`, `books`, `reminders`, `rules`, the core and `text`.
"""

from . import blocks
from . import instalments
from . import letter
from . import claim
from . import own_payments
from . import payment_codes
from . import plain
from . import listing
from . import friendly
from . import placeholders
from . import jinja
from . import level_message
from . import own_text
from . import sheet
from . import paper
from . import company_layout
from . import invoice_links
