from importlib.util import find_spec

from . import test_bad_input
from . import test_core_delivery
from . import test_core_doctests
from . import test_core_money
from . import test_core_plan
from . import test_core_reasons
from . import test_core_recheck
from . import test_core_schedule
from . import test_jobs
from . import test_main_job
from . import test_queries
from . import test_receivables
from . import test_resend
from . import test_rule_form
from . import test_sending
from . import test_tours

if find_spec("hypothesis"):  # a developer's package: an Odoo without it runs the other tests
    from . import test_core_properties
    from . import test_core_review
    from . import test_core_simulation
