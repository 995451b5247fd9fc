from . import test_bad_server
from . import test_bad_server_session
from . import test_channel_gone
from . import test_going_live
from . import test_meanwhile
from . import test_meanwhile_people
from . import test_sending
from . import test_start_safely
