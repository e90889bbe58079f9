"""As on one machine."""

from tests.browser.test_seed_000 import *  # noqa: F403
