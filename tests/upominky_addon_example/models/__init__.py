from . import complaint
from . import letter_column
