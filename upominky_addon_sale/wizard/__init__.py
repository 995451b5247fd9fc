from . import release
from . import settings
