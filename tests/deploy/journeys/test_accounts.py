"""As on one machine."""

from tests.browser.test_accounts import *  # noqa: F403
