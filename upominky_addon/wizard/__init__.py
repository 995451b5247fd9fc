from . import upominky_preview
from . import upominky_level_preview
