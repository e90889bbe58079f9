"""As on one machine."""

from tests.browser.test_lost_line import *  # noqa: F403
