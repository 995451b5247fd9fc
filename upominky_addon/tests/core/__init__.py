from importlib.util import find_spec

from . import test_core_address
from . import test_core_bills
from . import test_core_candidates
from . import test_core_carry
from . import test_core_case_file
from . import test_core_charges
from . import test_core_delivery
from . import test_core_doctests
from . import test_core_filters
from . import test_core_final_notice
from . import test_core_letter
from . import test_core_limitation
from . import test_core_money
from . import test_core_notice
from . import test_core_number_forms
from . import test_core_oracle
from . import test_core_past_levels
from . import test_core_payment_reference
from . import test_core_plan
from . import test_core_protocol
from . import test_core_reasons
from . import test_core_receipt
from . import test_core_recheck
from . import test_core_regex
from . import test_core_schedule
from . import test_core_sending_hours
from . import test_core_thanks
from . import test_core_time_to_pay
from . import test_core_wording
from . import test_text_sandbox

if find_spec("hypothesis"):  # a developer's package: an Odoo without it runs the other tests
    from . import test_core_codes
    from . import test_core_coming
    from . import test_core_properties
    from . import test_core_review
    from . import test_core_simulation
    from . import test_core_statement

if find_spec("hypothesis") and find_spec("qrplatba"):
    from . import test_core_code_oracles
