from . import test_letter_pages
from . import test_letter_kept
from . import test_letter_printed
from . import test_letters_by_post
from . import test_invoice_files
from . import test_invoice_files_again
from . import test_letter_layout
from . import test_letters_still_owed
