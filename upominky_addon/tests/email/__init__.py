from . import test_alleged_bounce
from . import test_email
from . import test_inbound
from . import test_inbound_fuzz
from . import test_inbound_hostile
from . import test_mail_account
from . import test_mail_headers
from . import test_sender
