from . import test_letter_pages
from . import test_letter_kept
from . import test_letter_printed
