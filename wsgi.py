"""The WSGI entry: ``app`` for any server."""

import gc
import os
import sys

gc.disable()     # all that is imported stays: to look through it again and again takes a tenth

from webapp import create_app  # noqa: E402
from webapp.config import Misconfigured  # noqa: E402
from webapp.db import follow_clock  # noqa: E402

os.umask(0o077)     # whatever is written holds personal data: for its owner alone

try:
    app = create_app()
    follow_clock()
except Misconfigured as problem:
    sys.exit(f"Purna cannot start: {problem}")

gc.freeze()
gc.enable()
