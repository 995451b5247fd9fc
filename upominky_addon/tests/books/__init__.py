from . import test_bank
from . import test_candidates
from . import test_contacts
from . import test_data_documents
from . import test_holds_of_companies
from . import test_offsets
from . import test_receivables
from . import test_same_debtor
