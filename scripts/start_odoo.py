"""Odoo's command line as a file that can be started again.

With ``--workers`` Odoo starts a process of its own, for the bus, from ``sys.argv[0]``; of
``python -m odoo`` that is a file inside the package, which cannot be started by itself.
"""

import sys
from pathlib import Path

# Python puts this folder first, whose files are no modules for Odoo to import.
HERE = Path(__file__).resolve().parent
sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != HERE]

if __name__ == "__main__":
    from odoo.cli.command import main

    main()
