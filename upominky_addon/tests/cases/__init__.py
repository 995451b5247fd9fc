from . import test_case_file
