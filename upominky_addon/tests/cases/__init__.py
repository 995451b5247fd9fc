from . import test_case_file
from . import test_case_job
from . import test_case_customers
from . import test_case_kept
from . import test_case_pdfs
