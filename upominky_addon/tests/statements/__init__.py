from . import test_balances
from . import test_statement_page
from . import test_statement_job
