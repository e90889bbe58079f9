"""The WSGI entry: ``app`` for any server."""

from webapp import create_app

app = create_app()
