from . import test_order_contact
from . import test_stop
from . import test_stop_core
from . import test_stop_online
from . import test_stop_release
