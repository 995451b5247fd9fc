from . import test_case_file
from . import test_case_job
