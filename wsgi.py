"""The WSGI entry: ``app`` for any server."""

import sys

from webapp import create_app
from webapp.config import Misconfigured

try:
    app = create_app()
except Misconfigured as problem:
    sys.exit(f"Purna cannot start: {problem}")
