from . import test_complaint
from . import test_letter_column
from . import test_pigeon
from . import test_queue
from . import test_statement
