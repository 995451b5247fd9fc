from . import test_hostile_text
from . import test_languages
from . import test_letter_accounts
from . import test_level_preview
from . import test_template_extras
from . import test_template_languages
from . import test_template_size
from . import test_templates
