"""axe finds nothing on any page in any state (WCAG 2.2 AA and its best practices)."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.album import DESK, PHONE
from tests.conftest import POSTGRESQL
from tests.page import deactivation_path

RULES = {"resultTypes": ["violations"], "runOnly": [
    "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# A page looks alike whatever database it came from: each of the two runs takes one of the looks.
LOOK = (DESK, "light") if POSTGRESQL else (PHONE, "dark")


def violations(page):
    """What axe finds: rule and elements."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [(rule["id"], [node["html"][:120] for node in rule["nodes"]]) for rule in found]


@pytest.mark.parametrize(("width", "scheme"), [LOOK])
def test_axe_finds_nothing_in_any_state(album, width, scheme):
    with album.opened(width, color_scheme=scheme) as show:
        found = {state.name: violations(show(state)) for state in album.states}
    assert {name: rules for name, rules in found.items() if rules} == {}


@pytest.mark.parametrize("scheme", [LOOK[1]])
def test_axe_finds_nothing_where_htmx_changed_the_page(open_page, cast, last_day, scheme):
    ani = open_page(color_scheme=scheme, reduced_motion="reduce").is_signed_in_as(cast.ani)
    ani.open(f"/perusahaan/{cast.maju.public_id}/tenaga-kerja").search("Sity Rahayu")
    ani.page.locator("summary").click()
    assert violations(ani.page) == []
    ani.open(deactivation_path(cast.maju, cast.siti_at_maju)).press("Periksa")
    ani.reads("Pilih sebab nonaktif.")
    assert violations(ani.page) == []
    ani.watch.line_may_fail = True
    ani.page.context.set_offline(True)
    ani.fill_in("Mengundurkan diri", last_day).press("Periksa")
    ani.page.locator("#line-lost").wait_for()
    assert violations(ani.page) == []
    ani.page.context.set_offline(False)
    ani.press("Coba lagi").sees("Periksa").confirm()
    assert violations(ani.page) == []
