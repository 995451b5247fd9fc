from . import test_balances
from . import test_odd_books
from . import test_statement_worlds
from . import test_statement_page
from . import test_statement_job
from . import test_statement_sent
