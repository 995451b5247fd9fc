from . import test_assets
from . import test_tours
from . import test_tours_book
from . import test_tours_ways
from . import test_tours_lists
from . import test_tours_letters
from . import test_tours_claims
from . import test_tours_final
