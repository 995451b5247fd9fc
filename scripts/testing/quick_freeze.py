"""pytest plugin: to freeze the clock costs half.

freezegun looks through all modules each time, and lists the names of each of them to see whether
any was added since. Their number tells that as well.
"""

import freezegun.api


def _count_of_names(module):
    return f"{id(module)}-{len(getattr(module, '__dict__', ()))}"


freezegun.api._get_module_attributes_hash = _count_of_names
