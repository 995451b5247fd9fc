from . import test_by_hand_actions
from . import test_data_keep
from . import test_drop_reason
from . import test_grouping
from . import test_history
from . import test_lines_shown
from . import test_many_records
from . import test_many_at_once
