"""Headers on every kind of answer."""

import pytest

from tests.page import Clerk


def kinds(app, ani, cast):
    here = f"/perusahaan/{cast.maju.public_id}/tenaga-kerja"
    stranger = Clerk(app).browser
    yield ani.browser.get(here)
    yield ani.browser.get(here, headers={"HX-Request": "true"})
    yield ani.browser.get("/tidak-ada")
    yield ani.browser.put(here)
    yield stranger.get("/")
    yield stranger.get(here)
    yield stranger.post("/masuk", data={})
    yield stranger.get("/static/tidak.css")
    yield stranger.get("/healthz")


def test_every_answer_is_guarded(app, ani, cast):
    for answer in kinds(app, ani, cast):
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
        assert {"HX-Request", "Cookie"} <= set(answer.headers["Vary"].split(", "))


def test_static_files_may_be_kept_for_ever(visitor):
    page = visitor.open("/")
    for link in page.select("link[rel=stylesheet], script[src]"):
        answer = visitor.browser.get(link.get("href") or link.get("src"),
                                     headers={"Accept-Encoding": "br"})
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["Content-Encoding"] == "br"
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", ""])
def test_a_foreign_host_is_400(visitor, host):
    assert visitor.browser.get("/masuk", headers={"Host": host}).status_code == 400


def test_hd_10_a_foreign_host_of_a_form_is_refused_and_no_fault_of_ours(ani, caplog):
    answer = ani.browser.post("/cabang/loket/x/tanda-terima", data={"csrf_token": "lama"},
                              headers={"Host": "", "HX-Request": "true"})
    assert answer.status_code == 400
    assert answer.text == "Alamat ini bukan alamat Purna.\n"
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


def test_the_cookie_is_for_the_server_alone(visitor):
    page = visitor.open("/masuk")
    answer = visitor.browser.post("/masuk", data={
        **page.fields(), "account": "ani@maju.example", "password": "purna-demo-2026"})
    cookie = next(value for value in answer.headers.getlist("Set-Cookie")
                  if value.startswith("purna="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


def test_a_client_cannot_claim_an_address(visitor):
    for number in range(21):
        page = visitor.open("/masuk")
        page = visitor.post("/masuk", {**page.fields(), "account": f"a{number}@b.example",
                                       "password": "salah-sekali-ini"},
                            environ_overrides={"HTTP_X_FORWARDED_FOR": f"198.51.100.{number}"})
    assert page.status == 429
