"""As on one machine."""

from tests.browser.test_pressed_twice import *  # noqa: F403
