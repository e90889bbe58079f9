"""As on one machine."""

from tests.browser.test_seed_003 import *  # noqa: F403
