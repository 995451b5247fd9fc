from . import upominky_preview
