"""As on one machine."""

from tests.browser.test_seed_001 import *  # noqa: F403
