"""What answers carry, as a browser receives them; and that text of strangers stays text.

Besides, the fixture ``open_page`` checks the headers of every answer in every other test here.
"""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.states import report_path
from tests.page import Clerk, deactivation_path, file
from webapp import clock
from webapp.deactivation import service as deactivations
from webapp.deactivation.queries import filed_of
from webapp.models.cases import Case
from webapp.models.deactivations import Correction, Deactivation, WorkLetter
from webapp.models.workers import Membership, Worker
from webapp.parameters import rules_on
from webapp.receipts.signing import new_number

POLICY = {"default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'",
          "connect-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"}
POLICY_OF_PARTS = {"default-src 'none'", "frame-ancestors 'none'"}     # the page's own holds
TRAP = "/jebakan"     # nothing may ever ask for it
ATTACKS = (
    "<script>alert(1)</script>", "<script src=/jebakan></script>", "<img src=/jebakan>",
    "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "<svg><script>alert(1)</script></svg>",
    "<body onload=alert(1)>", "<iframe src=/jebakan></iframe>", "<object data=/jebakan></object>",
    "<embed src=/jebakan>", "<link rel=stylesheet href=/jebakan>",
    "<style>@import'/jebakan'</style>", "<base href=//jahat.example/>",
    "<meta http-equiv=refresh content='0;/jebakan'>",
    "<a href=javascript:alert(1)>klik</a>", "<form action=/jebakan><button autofocus>",
    "<input autofocus onfocus=alert(1)>", "<details open ontoggle=alert(1)>",
    "<video src=/jebakan onerror=alert(1)>", "<audio src=/jebakan autoplay>",
    "<math><mtext></mtext><script>alert(1)</script></math>", "<template><script>alert(1)</script>",
    "\"><script>alert(1)</script>", "'><script>alert(1)</script>", "\" onmouseover=alert(1) x=\"",
    "' autofocus onfocus=alert(1) x='", "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>", "</script><script>alert(1)</script>",
    "--><img src=/jebakan>", "<![CDATA[<script>alert(1)</script>]]>", "{{ 7*7 }}",
    "{% raw %}<b>{% endraw %}", "${alert(1)}",
    "<div hx-get=/jebakan hx-trigger=load>x</div>", "<div hx-on:load=alert(1)>x</div>",
    "<p hx-post=/keluar hx-trigger=load>x</p>", "<hx-partial hx-target=body>x</hx-partial>",
    "<b data-hx-get=/jebakan data-hx-trigger=load>x</b>", "&lt;script&gt;alert(1)&lt;/script&gt;",
)
LIVE = f"""() => [...document.querySelectorAll("main *")].filter((element) =>
  [...element.attributes].some(({{ name, value }}) => name.startsWith("on") ||
    value.includes("{TRAP}") && !["value"].includes(name) || value.startsWith("javascript:"))
  || element.matches("script, iframe, object, embed, base, meta, link, style, hx-partial"))
  .map((element) => element.outerHTML)"""


@pytest.fixture
def ani(open_page, cast):
    """Ani at a desk."""
    return open_page(width=1280).is_signed_in_as(cast.ani)


def kinds_of_answers(ani, cast):
    """(what it is, its answer) for each kind of page."""
    ask, here = ani.page.request.get, f"{ani.url}/perusahaan/{cast.maju.public_id}"
    htmx = {"HX-Request": "true"}
    yield "page", ask(f"{here}/tenaga-kerja")
    yield "fragment", ask(f"{here}/tenaga-kerja", headers=htmx)
    yield "worker", ask(f"{here}/tenaga-kerja/{cast.siti_at_maju.public_id}")
    yield "form", ask(ani.url + deactivation_path(cast.maju, cast.siti_at_maju))
    yield "redirect", ask(f"{ani.url}/", max_redirects=0)
    yield "public page", ask(f"{ani.url}/periksa")
    yield "403", ask(f"{ani.url}/beranda")
    yield "404", ask(f"{ani.url}/tidak-ada")
    yield "404 fragment", ask(f"{ani.url}/tidak-ada", headers=htmx)
    yield "405", ask(f"{ani.url}/keluar/semua")
    yield "400", ani.page.request.post(f"{ani.url}/masuk", form={"account": "x"})
    yield "health", ask(f"{ani.url}/healthz")


def test_every_kind_of_answer_is_guarded_and_never_kept(ani, cast):
    for kind, answer in kinds_of_answers(ani, cast):
        headers = answer.headers
        policy = set(headers["content-security-policy"].split("; "))
        assert policy == POLICY if "fragment" not in kind else POLICY_OF_PARTS <= policy <= POLICY
        assert headers["x-content-type-options"] == "nosniff", kind
        assert headers["referrer-policy"] == "same-origin", kind
        assert headers["cross-origin-opener-policy"] == "same-origin", kind
        assert headers["cross-origin-resource-policy"] == "same-origin", kind
        assert headers["cache-control"] == "no-store", kind
        assert {"HX-Request", "Cookie"} <= set(headers["vary"].split(", ")), kind
        assert "access-control-allow-origin" not in headers, kind
        assert "server" not in headers, kind


def test_what_a_page_loads_may_be_kept_for_a_year(ani):
    ani.open("/perusahaan")
    files = [request.url for request in ani.watch.sent("/static/")]
    assert {url.rpartition(".")[2] for url in files} >= {"css", "js"}
    for url in files:
        headers = ani.page.request.get(url).headers
        assert headers["cache-control"] == "public, max-age=31536000, immutable"
        assert headers["x-content-type-options"] == "nosniff"
        assert "set-cookie" not in headers


def test_keluar_clears_what_the_browser_kept(ani):
    ani.open("/keluar")
    with ani.page.expect_response(lambda response: response.request.method == "POST") as answer:
        ani.press("Keluar dari perangkat ini")
    assert answer.value.all_headers()["clear-site-data"] == '"cache", "storage"'
    kept = {cookie["name"] for cookie in ani.page.context.cookies()}
    assert kept - {"purna-form"} == {"purna-perangkat"}     # that the device is known stays


def texts_of(limit):
    """All attacks, joined into texts of at most so many characters."""
    text = ""
    for attack in ATTACKS:
        if len(text) + len(attack) >= limit:
            yield text
            text = ""
        text = f"{text} {attack}".strip()
    yield text


def is_inert(person, *texts):
    """The texts stand on the page as text, and nothing of them lives."""
    shown = person.page.locator("body")
    for text in texts:
        expect(shown).to_contain_text(text)
    assert person.page.evaluate(LIVE) == []
    assert person.watch.sent(TRAP) == []


def test_there_are_forty_attacks():
    assert len(set(ATTACKS)) == 40


def test_attacks_as_names_are_only_names(ani, cast):
    people = [Worker.create(name=attack, birth_date="1990-01-01", nik=f"{number:016}",
                            created_at=clock.now())
              for number, attack in enumerate(ATTACKS)]
    for number, worker in enumerate(people):
        Membership.create(company=cast.maju, worker=worker, kpj=f"9{number:010}",
                          started_on="2020-01-01", status="AKTIF", name_key=f"{number:03}")
    ani.open(f"/perusahaan/{cast.maju.public_id}/tenaga-kerja")
    is_inert(ani, *ATTACKS[:20])
    ani.follow("Lanjut").reads(ATTACKS[-1])
    is_inert(ani, *ATTACKS[-15:])


@pytest.mark.parametrize("attack", [ATTACKS[0], ATTACKS[24], ATTACKS[34]])
def test_an_attack_as_a_search_term_is_only_a_term(ani, cast, attack):
    ani.open(f"/perusahaan/{cast.maju.public_id}/tenaga-kerja").search(attack)
    is_inert(ani, attack)
    ani.page.reload()
    is_inert(ani, attack)


def test_attacks_as_notes_reasons_and_signatures_are_only_text(ani, app, cast, last_day):
    clerk = Clerk(app).is_signed_in_as(cast.ani)
    for text in texts_of(480):
        file(clerk, cast.maju, cast.siti_at_maju, last_day=last_day.isoformat(), note=text)
        act = Deactivation.get(Deactivation.state == "BERLAKU")
        WorkLetter.update(position=text[:90], number=text[-50:], signatory=text[100:290],
                          signatory_title=text[290:380], approved_by=cast.ani,
                          approved_at=clock.now()).execute()
        ani.open(f"{report_path(cast, act)}/paklaring")
        is_inert(ani, text[:90])
        clerk.open(f"{report_path(cast, act)}/batalkan")
        clerk.send(reason=text)
        Correction.create(number=new_number(), deactivation=act, reason=text,
                          requested_by=cast.ani, requested_at=clock.now())
        ani.open(report_path(cast, act))
        is_inert(ani, text)
    ani.open(deactivation_path(cast.maju, cast.siti_at_maju))
    for text in texts_of(480):
        ani.fill_in("Mengundurkan diri", last_day, text).check()
        is_inert(ani, text)
        ani.follow("Ubah isian").finds_in("Catatan", text)
        is_inert(ani)


def test_attacks_wait_at_the_branch_as_text(open_page, cast):
    filed_at, rules = clock.now() - timedelta(days=9), rules_on(clock.today())
    draft = deactivations.save_draft(cast.siti_at_maju, cast.ani, reason="RSG", document=None,
                                     last_day=clock.day_of(filed_at), note=" ".join(ATTACKS),
                                     now=filed_at)
    deactivations.file(draft, cast.ani, version=draft.version, company=cast.maju, rules=rules,
                       now=filed_at)
    report = filed_of.one(cast.maju, draft.public_id)
    deactivations.request_correction(report, cast.ani, reason=" ".join(ATTACKS),
                                     company=cast.maju, rules=rules, now=clock.now())
    dewi = open_page(width=1280).is_signed_in_as(cast.dewi).open("/cabang").sees("Antrean")
    dewi.open(f"/cabang/kasus/{Case.get().public_id}").sees("Permintaan koreksi")
    is_inert(dewi, *ATTACKS)
