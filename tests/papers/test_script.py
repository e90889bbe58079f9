"""What a page with papers loads besides."""

import gzip
from pathlib import Path

from rjsmin import jsmin

STATIC = Path(__file__).parents[2] / "static"


def test_the_script_is_small():
    script = jsmin((STATIC / "papers.js").read_text())     # as it is served
    assert len(gzip.compress(script.encode(), 9)) <= 1700
