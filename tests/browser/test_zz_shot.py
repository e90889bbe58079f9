from tests.browser.test_papers import *
from tests.browser.conftest import *
def test_shot(siti, photograph):
    hand_in(siti,"Paklaring","paklaring-pt-maju-bersama-2026.jpg",photograph); there(siti,"paklaring")
    siti.watch.line_may_fail=True
    siti.page.route("**/berkas", lose_request)
    hand_in(siti,"Dokumen lain","b.jpg",photograph); expect(siti.page.locator("#papers + ul")).to_contain_text("Gagal")
    siti.page.screenshot(path="/tmp/shot.png",full_page=True)
