from . import complaint
from . import letter_column
from . import pigeon
from . import queue
from . import statement
