from . import upominky_preview
from . import upominky_issue
from . import upominky_cancel
from . import upominky_mark_sent
from . import upominky_settings
from . import upominky_live
from . import upominky_readiness
from . import upominky_readiness_line
