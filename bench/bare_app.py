"""python -m bench.bare_app PORT: the least that Flask on waitress can do, to measure against."""

import sys

import waitress
from flask import Flask

app = Flask(__name__)


@app.get("/masuk")
def hello():
    """A word."""
    return "<p>halo</p>"


if __name__ == "__main__":
    waitress.serve(app, host="127.0.0.1", port=int(sys.argv[1]), threads=8, ident=None)
