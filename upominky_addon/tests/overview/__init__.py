from . import test_analysis
from . import test_first_steps
from . import test_overview
from . import test_lists
from . import test_coming
from . import test_preview_slices
