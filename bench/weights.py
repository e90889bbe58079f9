"""What pages and journeys weigh on the line, as a browser counts them (quality.md §1)."""

from bench.browser import Weight, chromium, visitor
from bench.datasets import dataset
from bench.journey_in_browser import deactivate, enter, send_sign_in_form
from bench.report import Figure
from bench.rows import free_cards
from bench.server import serving

WORKERS = 10_000
COMMON_NAME = "agus"      # many more than one page of workers have it
CLERK_OF_TWO, CLERK, WORKER = "ani@maju.example", "budi@maju.example", "siti@pekerja.example"


def measure(options, figures):
    """Serve a copy of the smaller database and look at it with Chromium."""
    house = dataset(options.folder, WORKERS, figures).copy_to(options.work / "weights")
    cards = free_cards(house, 2)
    with serving(house) as server, chromium() as browser:
        for part in (_sign_in, _strangers, _worker, _employer, _public):
            with visitor(browser, server.base) as person:
                figures += part(person)
        with visitor(browser, server.base) as person:
            figures += _deactivations(person, cards)


def _sign_in(person):
    with person.until_usable():
        first = person.open("/")
        then = person.weigh(lambda: person.page.click("main a[href='/masuk']"))
        yield from _page("first page, cold", first, 14, 4)
        yield Figure("first page and then sign-in", first.kilobytes + then.kilobytes, "kB", 14)
        person.forget_cache()
        yield from _page("sign-in page, cold", person.open("/masuk"), 14, 4)


def _strangers(person):
    """Before anybody is signed in; the code page is that of a new device."""
    yield from _cold_and_warm(person, "register", "/daftar")
    yield from _cold_and_warm(person, "forgotten password", "/lupa-sandi")
    send_sign_in_form(person, WORKER)
    person.page.wait_for_url("**/masuk/kode/**")
    yield from _cold_and_warm(person, "code page", person.path)


def _worker(person):
    enter(person, WORKER)
    for name, path in (("Beranda", "/beranda"), ("Kepesertaan", "/kepesertaan"),
                       ("Pesan", "/pesan"), ("Profil", "/profil"), ("Tutup akun", "/tutup-akun")):
        yield from _cold_and_warm(person, f"worker's {name}", path)
    person.open("/kepesertaan")
    person.page.click("main .rows a")     # a membership that is still active
    yield from _cold_and_warm(person, "worker's membership", person.path)
    person.page.click("main button:has-text('Ajukan nonaktif'), main a:has-text('Lanjutkan')")
    person.page.wait_for_url("**/permohonan/**")
    yield from _cold_and_warm(person, "worker's request, not sent yet", person.path)
    for name, path in (("Pencairan", "/pencairan"), ("Jenis pencairan", "/pencairan/daftar"),
                       ("Rekening", "/rekening")):
        yield from _cold_and_warm(person, f"worker's {name}", path)
    person.open("/pencairan")
    person.page.click("main .rows a")     # one that waits at the branch
    yield from _cold_and_warm(person, "worker's claim", person.path)


def _cold_and_warm(person, name, path):
    person.forget_cache()
    cold = _with_htmx(person, person.open(path))
    if person.path.partition("?")[0] != path:
        raise LookupError(f"{path} led to {person.path}")
    yield from _page(f"{name}, cold, htmx included", cold, 28, 5)
    yield from _page(f"{name}, warm", person.open(path), 4)


def _employer(person):
    enter(person, CLERK)
    path = person.path
    person.forget_cache()
    yield from _page("employer's list of 25, cold", person.open(path), 30)
    yield from _page("employer's list of 25, warm", person.open(path), 5)
    person.page.fill("#cari", COMMON_NAME)
    found = person.weigh(lambda: _search(person.page))
    if person.page.locator("#worker-results tbody tr").count() != 25:
        raise LookupError(f"fewer than 25 workers are named {COMMON_NAME}")
    yield from _page("employer's list of 25, as a fragment", found, 3)


def _search(page):
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.press("#cari", "Enter")
    page.wait_for_selector(".result-line")


def _public(person):
    for path in ("/periksa", "/kunci-publik", "/panduan-keamanan", "/kontak", "/kanal-resmi",
                 "/syarat-dan-ketentuan", "/lacak", "/bantuan", "/hentikan-pencairan"):
        person.forget_cache()
        yield from _page(f"{path}, cold", person.open(path), 10)


def _deactivations(person, cards):
    first = person.weigh(lambda: (enter(person, CLERK_OF_TWO), deactivate(person, cards[0])))
    yield from _page("first deactivation, sign-in to receipt, cold", first, 40, 20)
    second = person.weigh(lambda: deactivate(person, cards[1]))
    yield from _page("second deactivation, receipt to receipt", second, 8)


def _page(name, weight, most_kilobytes, most_requests=None):
    yield Figure(name, weight.kilobytes, "kB", most_kilobytes)
    yield Figure("  requests", weight.requests, "", most_requests)


def _with_htmx(person, weight):
    """Add htmx where a page had no use for it: the bar includes it."""
    if person.page.evaluate("() => !!window.htmx"):
        return weight
    url = person.page.get_attribute("script[data-htmx]", "data-htmx")
    length = person.page.evaluate(
        "async (url) => { await (await fetch(url)).arrayBuffer();"
        " return performance.getEntriesByName(new URL(url, location).href)[0].transferSize }", url)
    return Weight(weight.bytes + length, weight.requests + 1)
