"""Letters in PDF: made before they go out, kept as they went out, printed and posted by people.

May import `delivery` and what that may.
"""

from . import make
from . import kept
from . import printing
from . import channel
from . import on_paper
from . import print_to_post
from . import posted
from . import final_posted
from . import still_owed
from . import address
