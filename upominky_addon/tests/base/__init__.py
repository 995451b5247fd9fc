from . import test_said
