"""As on one machine."""

from tests.browser.test_seed_004 import *  # noqa: F403
