from . import test_by_hand
from . import test_events
from . import test_interrupted
from . import test_jobs
from . import test_main_job
from . import test_progress
from . import test_queries
from . import test_resend
