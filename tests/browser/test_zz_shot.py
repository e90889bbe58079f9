from tests.browser.test_papers import *
from tests.browser.conftest import *
def test_shot(siti, photograph):
    hand_in(siti,"Paklaring","paklaring-pt-maju-bersama-2026.jpg",photograph); there(siti,"paklaring")
    siti.watch.line_may_fail=True
    siti.page.route("**/berkas", lose_request)
    hand_in(siti,"Dokumen lain","b.jpg",photograph); expect(siti.page.locator("#papers + ul")).to_contain_text("Gagal")
    from axe_playwright_python.sync_playwright import Axe
    found = Axe().run(siti.page).response["violations"]; assert not found, [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found]
    siti.page.unroute("**/berkas")
    siti.page.reload(); hand_in(siti,"","c.jpg",photograph); siti.reads("Pilih jenis"); found = Axe().run(siti.page).response["violations"]; assert not found, [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found]; expect(siti.page.locator(".error-summary")).to_be_focused()
