"""As on one machine."""

from tests.browser.test_seed_002 import *  # noqa: F403
