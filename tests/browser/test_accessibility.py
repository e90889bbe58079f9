"""axe finds nothing on any page in any state (WCAG 2.2 AA and its best practices)."""

from tests.browser.examination import SCHEME, violations
from tests.page import deactivation_path


def test_axe_finds_nothing_in_any_state(examined):
    assert {name: rules for name, (rules, _) in examined.items() if rules} == {}


def test_axe_finds_nothing_where_htmx_changed_the_page(open_page, cast, last_day):
    ani = open_page(color_scheme=SCHEME, reduced_motion="reduce").is_signed_in_as(cast.ani)
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
