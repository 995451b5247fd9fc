from . import test_cards
from . import test_data_rule_change
from . import test_many_tags
from . import test_new_companies
from . import test_new_languages
from . import test_required
from . import test_rule_form
from . import test_rule_moved
