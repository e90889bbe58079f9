"""The WSGI entry: ``app`` for any server."""

import os
import sys

from webapp import create_app
from webapp.config import Misconfigured

os.umask(0o077)     # whatever is written holds personal data: for its owner alone

try:
    app = create_app()
except Misconfigured as problem:
    sys.exit(f"Purna cannot start: {problem}")
