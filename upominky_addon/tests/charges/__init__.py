"""Interest and costs, through Odoo's own invoices and payments (SPEC rules 38 and 39)."""

from . import test_billing
from . import test_billing_branch
from . import test_bills_again
from . import test_bills_living
from . import test_bills_corrected
from . import test_bills_owed
from . import test_bills_true
from . import test_bills_own
from . import test_claims
from . import test_claims_agree
from . import test_claims_fixed
from . import test_claims_shown
from . import test_interest
from . import test_missing_rates
from . import test_own_payments
from . import test_paid_late
from . import test_rates
