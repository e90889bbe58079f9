"""Random input never gives a 5xx: every route, every form field, every role."""

import random
import uuid
from itertools import product
from urllib.parse import quote_from_bytes, urlencode

import pytest
from lxml import html

from tests.claim_desk.claims import sent
from tests.claims.claiming import worker_siti
from tests.page import Clerk, deactivation_path, draft, file
from webapp import clock, csrf, db, sessions
from webapp.claims import service as claims
from webapp.demo.people import PASSWORD
from webapp.models.claims import Claim
from webapp.models.people import User
from webapp.uploads.checking import check_next
from webapp.uploads.service import take_in

REQUESTS, SEED = 2400, 2026
MOST_FILES = 6       # a file is read in a process of its own, which takes its time
ANI = "ani@maju.example"
SITI, DEWI = "siti@pekerja.example", "dewi@cabang.example"
ROLES = (None, ANI, ANI, ANI, SITI, DEWI,
         "eka@cabang.example", "fajar@cabang.example")      # most routes are the employer's
METHODS = ("GET",) * 6 + ("POST",) * 10 + ("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
FIELDS = ("csrf_token", "account", "password", "lanjut", "reason", "last_day", "note",
          "document_id", "version", "cari", "status", "setelah", "nama", "code", "isian",
          "position", "number", "signatory", "signatory_title", "file", "state", "company_id",
          "ulang", "channel", "nik", "birth_date", "new_password", "credential", "is_agreed",
          "phone", "email", "address", "months", "name", "sebelum", "selesai", "lihat",
          "baris", "act", "shown", "b2-kpj", "b2-reason")
VALUES = (
    b"", b" ", b"\0", b"a\0b", b"\xff\xfe", b"\xed\xa0\x80", b"\xf0\x9f\x98\x80" * 40, b"%", b"_",
    b"' OR 1=1 --", b"<script>", b"{{7*7}}", b"../../etc/passwd", b"\r\nX-Bad: 1", b"-1", b"0",
    b"1e999", b"NaN", b"9" * 30, b"9" * 5000, b"9223372036854775808", b"-9223372036854775809",
    b"2026-13-45", b"0000-00-00", b"9999-12-31", b"31-12-9999", b"1.2.3", b"true", b"[]", b"null",
    b"A" * 70_000, "\u202e\u2066".encode(), "\u0660\u0661\u0662".encode(), "İßﬀ".encode() * 30,
    b"RSG", b"MGL", b"SLH", b"aktif", b"2026-11-20", b"3", b"1", b"siti", b"3014", b"purna",
    b"/perusahaan", b"//evil.example", b"AAAA-BBBB-CCCC", b"NK;a;b;c", b"#%;;%00",
    b"00000000-0000-0000-0000-000000000000", b"@@@", b"siti@pekerja.example")
# What makes the rest of an account's form genuine.
GENUINE = {
    "account": "siti@pekerja.example", "password": PASSWORD, "code": "123456", "channel": "email",
    "new_password": "kuda baterai hijau jendela", "nik": "3171064508907777", "is_agreed": "y",
    "name": "Wati Lestari", "birth_date": "1990-08-05", "phone": "081377770001", "kpj": "",
    "email": "wati@pekerja.example", "months": "3", "address": "Jalan Melati 1", "ulang": "email",
    "reason": "Mencocokkan dengan KTP"}
SOME = 15     # values for each field of an account's form
CONTENT_TYPES = (
    "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-7",
    "multipart/form-data; boundary=x", "multipart/form-data", "application/json", "text/plain",
    "\xff/\xfe", "", "application/x-www-form-urlencoded; charset=\"")
HEADERS = (
    ("Host", "evil.example"), ("Host", ""), ("HX-Request", "true"), ("HX-Target", "\xff"),
    ("HX-History-Restore-Request", "true"), ("Accept-Encoding", "br;q=9,"),
    ("Cookie", "purna=\xff\xfe; purna-form="), ("Content-Length", "-5"),
    ("Sec-Fetch-Site", "cross-site"), ("Range", "bytes=9-1"), ("If-None-Match", "\""),
    ("If-Modified-Since", "yesterday"), ("User-Agent", "\xff" * 300),
    ("X-Forwarded-For", "1.2.3.4"), ("Transfer-Encoding", "chunked"))


@pytest.fixture
def crowd(app, cast, ani):
    """A browser for each role, and addresses that lead somewhere."""
    file(ani, cast.maju, cast.siti_at_maju)
    receipt = ani.page.path
    other = next(row for row in cast.maju.memberships if row.id != cast.siti_at_maju.id)
    check = draft(ani, cast.maju, other).path
    return Crowd(app, cast, (receipt, check, deactivation_path(cast.maju, other)))


def checked_list(cast):
    """A list of leavers with one good row."""
    body = b"KPJ;Sebab;Tanggal Keluar\n30145270002;RSG;1/11/2026\n"
    upload = take_in(cast.maju, cast.ani, body, "a.csv", clock.now())
    check_next(clock.now())
    return upload


class Crowd:
    """Six people who send nonsense."""

    def __init__(self, app, cast, real_paths):
        self.real_paths, self.cast = real_paths, cast
        self.app, self.dice, self.files = app, random.Random(SEED), 0
        self.ids = {"company_id": [str(cast.maju.public_id)],
                    "membership_id": [real_paths[2].split("/")[4]],
                    "deactivation_id": [path.split("/")[4] for path in real_paths[:2]]}
        self.upload = str(checked_list(cast).public_id)
        self.ids["upload_id"] = [self.upload]
        self.browsers = {email: self._browser(email) for email in ROLES}
        self.accounts = list(self._account_pages())

    def _browser(self, email):
        browser = self.app.test_client()
        if email:
            with db.write_transaction():
                token = sessions.begin(User.get(User.email.matches(email)), clock.now(), "random")
            browser.set_cookie("purna", token)
        return browser

    def forms(self):
        """Every form with the fields it is sent with: (who, where, fields)."""
        receipt, check, form = self.real_paths
        letter = {"position": "Staf", "number": "1", "signatory": "Ani",
                  "signatory_title": "HRD"}
        company = self.ids["company_id"][0]
        lists = f"/perusahaan/{company}/unggah/{self.upload}"
        return (
            (ANI, f"{lists}/baris/2", {"b2-kpj": "30145270001", "b2-reason": "RSG",
                                       "b2-last_day": "1/11/2026", "version": "1"}),
            (ANI, f"{lists}/baris/2", {"act": "lewati", "version": "1"}),
            (ANI, f"{lists}/mulai", {"shown": "1"}), (ANI, f"{lists}/batalkan", {"reason": "x"}),
            (None, "/masuk", {"account": "x@y.example", "password": "salah", "lanjut": "/"}),
            (None, "/periksa", {"code": "AAAA-BBBB-CCCC"}),
            (ANI, f"/perusahaan/{company}/tenaga-kerja", {"cari": "siti"}),
            (ANI, form, {"reason": "RSG", "last_day": "2026-11-20", "note": "",
                         "document_id": ""}),
            (ANI, f"{receipt}/koreksi", {"reason": "keliru"}),
            (ANI, f"{receipt}/paklaring", letter), (ANI, check, {"version": "0"}),
            (ANI, f"{receipt}/batalkan", {"reason": "keliru"}))

    def pages(self):
        """Every page that reads its address: (who, where, fields)."""
        receipt, _, form = self.real_paths
        lists = f"/perusahaan/{self.ids['company_id'][0]}/unggah"
        return (
            (ANI, lists, ("setelah", "isian")),
            (ANI, f"{lists}/{self.upload}", ("lihat", "setelah", "baris")),
            (ANI, f"{lists}/{self.upload}/ringkasan", ("lihat",)),
            (ANI, f"{lists}/{self.upload}/baris/2", ("isian",)),
            (None, "/masuk", ("lanjut",)), (ANI, "/perusahaan", ("nama",)),
            (ANI, f"/perusahaan/{self.ids['company_id'][0]}/tenaga-kerja",
             ("cari", "status", "setelah")),
            (ANI, form, ("isian",)), (ANI, f"{receipt}/batalkan", ("isian",)))

    def _account_pages(self):
        """Every page with a form about an account: (who, where)."""
        for who, path in self._under_way():
            self.ids.setdefault("challenge_id", []).extend(
                part for part in path.split("/") if part.count("-") == 4)
            yield who, path
        for path in ("/masuk", "/daftar", "/lupa-sandi", "/lupa-akun", "/masuk/passkey",
                     "/batal-tutup-akun"):
            yield None, path
        for path in ("sandi", "alamat", "pengingat", "ponsel", "email", "kepesertaan",
                     "autentikator", "passkey/tambah"):
            yield SITI, f"/profil/{path}"
        yield from ((SITI, "/tutup-akun"), (SITI, "/buktikan"), (DEWI, "/cabang/orang"))

    def _under_way(self):
        """Acts that wait for a code: (who, their page)."""
        for start in ("/masuk", "/lupa-sandi", "/daftar"):
            visitor = Clerk(self.app, device="")
            visitor.open(start)
            genuine = {name: GENUINE[name] for name in visitor.page.fields() if name in GENUINE}
            yield None, visitor.send(**genuine).path
        registering = visitor.page.path
        visitor.send(is_agreed="y", channel="email")
        assert visitor.page.path != registering
        yield None, visitor.page.path

    def claim_pages(self):
        """Every page with a form about a claim or a destination: (who, where)."""
        cast, mine = self.cast, worker_siti()
        running = sent(cast, "LAIN", amount=6_000_000, worker=mine)
        Claim.update(state="VERIFIKASI").execute()
        met = sent(cast, "JHT-PSN", amount=1_000_000, worker=mine)
        Claim.update(state="MENUNGGU_WAWANCARA").where(Claim.id == met.id).execute()
        begun = claims.begin(mine, User.get_by_id(cast.siti.id), "MED", clock.now())
        for step in ("jumlah", "keperluan", "kontak", "dokumen", "rekening", "batal"):
            yield SITI, f"/pencairan/{begun.case.public_id}/{step}"
        yield from ((SITI, "/pencairan/daftar"), (SITI, "/rekening/sambungkan"),
                    (SITI, f"/pencairan/{running.case.public_id}/batal"),
                    (SITI, f"/pencairan/{met.case.public_id}/wawancara"))
        yield from ((None, "/lacak"), (None, "/hentikan-pencairan"))
        for act in ("", "/kembalikan", "/setujui", "/tolak"):
            yield DEWI, f"/cabang/pencairan/{running.case.public_id}{act}"
        yield DEWI, f"/cabang/pencairan/{met.case.public_id}/wawancara/selesai"

    def account_forms(self):
        """Their forms, filled in: (who, where, fields)."""
        return self._forms_of(self.accounts)

    def claim_forms(self):
        """Those about claims, filled in."""
        return self._forms_of(self.claim_pages())

    def _forms_of(self, pages):
        for who, path in pages:
            page = self.browsers[who].get(path)
            for form in html.fromstring(page.data).cssselect("main form[method=post]"):
                named = [name for name in form.fields if name and name != "csrf_token"]
                yield who, form.get("action"), {
                    name: GENUINE.get(name) or form.fields[name] or "" for name in named}

    def nonsense(self, number):
        """One request of which nothing need be right: (what it was, status)."""
        email, method = self.dice.choice(ROLES), self.dice.choice(METHODS)
        rule = self.dice.choice(list(self.app.url_map.iter_rules()))
        browser = self._signed_in(email)
        options = {"method": method, "headers": self._headers(),
                   "environ_base": {"REMOTE_ADDR": f"127.0.{number // 250}.{number % 250}"}}
        if method != "GET":
            options |= self._body(browser)
        return self._ask(browser, self._path(rule), query_string=self._query(), **options)

    def nearly_right(self, email, path, fields, address):
        """One genuine form with one field of nonsense: (what it was, status)."""
        browser = self.browsers[email]
        token = [("csrf_token", self._token(browser))]
        return self._ask(browser, path, method="POST", data=urlencode(fields + token).encode(),
                         content_type=CONTENT_TYPES[0], environ_base={"REMOTE_ADDR": address})

    def looked_up(self, email, path, query, address):
        """One page with one field of nonsense in its address: (what it was, status)."""
        return self._ask(self.browsers[email], path, query_string=urlencode(query),
                         environ_base={"REMOTE_ADDR": address})

    def _ask(self, browser, path, **options):
        what = f"{path[:150]} {str(options)[:500]}"
        try:
            with browser.open(path, base_url="http://localhost", **options) as response:
                return what, response.status_code
        except Exception as fault:     # escaped our error pages: a server answers 500
            return f"{type(fault).__name__} {fault}: {what}", 500

    def _signed_in(self, email):
        """The role's browser; a new session when nonsense has ended the last."""
        if self.dice.random() < 0.1:
            self.browsers[email] = self._browser(email)
        return self.browsers[email]

    def _path(self, rule):
        values = {name: self._part(name) for name in rule.arguments}
        parts = [f"{{{name}}}" for name in rule.arguments]
        path = rule.rule
        for name, part in zip(rule.arguments, parts, strict=True):
            start = path.index("<")
            while not path[start:path.index(">", start)].endswith(name):
                start = path.index("<", start + 1)
            path = path[:start] + part + path[path.index(">", start) + 1:]
        return path.format(**values) + self.dice.choice(("",) * 9 + ("/", "%00", "/%ff", ";a=b"))

    def _part(self, name):
        if name in self.ids and self.dice.random() < 0.85:
            return self.dice.choice(self.ids[name])
        if self.dice.random() < 0.3:
            return str(uuid.UUID(int=self.dice.getrandbits(128)))
        return quote_from_bytes(self._value()[:300])

    def _query(self):
        if self.dice.random() < 0.5:
            return ""
        return urlencode([(self.dice.choice(FIELDS), self._value())
                          for _ in range(self.dice.randrange(1, 4))])

    def _headers(self):
        return [header for header in HEADERS if self.dice.random() < 0.06]

    def _body(self, browser):
        kind = self.dice.choice(CONTENT_TYPES[:1] * 12 + CONTENT_TYPES)
        fields = [(self.dice.choice(FIELDS), self._value())
                  for _ in range(self.dice.choice((1, 3, 8, 8, 8, 30)))]
        if self.dice.random() < 0.8:
            fields = [field for field in fields if field[0] != "csrf_token"]
            fields.append(("csrf_token", self._token(browser)))
        if self.dice.random() < 0.5:
            fields += [("reason", b"RSG"), ("last_day", b"2026-11-20")]
        if kind.startswith("multipart"):
            return {"data": self._multipart(fields), "content_type": kind}
        return {"data": urlencode(fields).encode(), "content_type": kind}

    def _multipart(self, fields):
        parts = []
        for name, value in fields:
            disposition = f'form-data; name="{name}"'
            if name == "file" and self.files < MOST_FILES:
                self.files += 1
                disposition += '; filename="\x01../a\xff.pdf"'
            parts.append(b"--x\r\nContent-Disposition: " + disposition.encode("latin-1")
                         + b"\r\n\r\n" + value + b"\r\n")
        return b"".join(parts) + self.dice.choice((b"--x--\r\n", b"", b"--x"))

    def _token(self, browser):
        """A genuine token of this browser, so that nonsense gets as far as a form."""
        session = browser.get_cookie("purna")
        form = browser.get_cookie("purna-form")
        cookie = f"purna={session and session.value or ''}; purna-form={form and form.value or ''}"
        with self.app.test_request_context(headers={"Cookie": cookie}):
            return csrf.token().encode()

    def _value(self):
        if self.dice.random() < 0.2:
            return self.dice.randbytes(self.dice.randrange(1, 60))
        return self.dice.choice(VALUES)


def test_random_input_never_gives_a_5xx(crowd):
    answers = [crowd.nonsense(number) for number in range(REQUESTS)]
    assert_no_5xx(answers)
    statuses = {status for _, status in answers}
    assert statuses >= {200, 303, 400, 403, 404, 405, 413, 422}, f"too shallow: {statuses}"


def test_a_genuine_form_with_one_field_of_nonsense_never_gives_a_5xx(crowd):
    answers = []
    for email, path, fields in crowd.forms():
        values = VALUES[::4] if "password" in fields else VALUES     # a password takes its time
        for name, value in product(fields, values):
            wrong = [(other, usual) for other, usual in fields.items() if other != name]
            answers.append(crowd.nearly_right(email, path, [(name, value), *wrong],
                                              f"127.1.{len(answers) // 20}.1"))
    assert_no_5xx(answers)
    assert {status for _, status in answers} >= {303, 422}


def test_an_accounts_form_with_one_field_of_nonsense_never_gives_a_5xx(crowd):
    answers, forms = [], list(crowd.account_forms())
    assert len(forms) >= 18, "a page that should have a form has none"
    for email, path, fields in forms:
        for name in fields:
            for value in crowd.dice.sample(VALUES, SOME):
                wrong = [(other, usual) for other, usual in fields.items() if other != name]
                answers.append(crowd.nearly_right(email, path, [(name, value), *wrong],
                                                  f"127.3.{len(answers) // 20}.1"))
    assert_no_5xx(answers)
    assert {status for _, status in answers} >= {303, 422}


def test_a_claims_form_with_one_field_of_nonsense_never_gives_a_5xx(crowd):
    answers, forms = [], list(crowd.claim_forms())
    assert len(forms) >= 20, "a page that should have a form has none"
    for email, path, fields in forms:
        for name in fields:
            for value in crowd.dice.sample(VALUES, SOME // 4):
                wrong = [(other, usual) for other, usual in fields.items() if other != name]
                answers.append(crowd.nearly_right(email, path, [(name, value), *wrong],
                                                  f"127.4.{len(answers) // 20}.1"))
    assert_no_5xx(answers)
    assert {status for _, status in answers} >= {303, 422}


def test_an_address_with_one_field_of_nonsense_never_gives_a_5xx(crowd):
    answers = [crowd.looked_up(email, path, {name: value}, f"127.2.{number}.1")
               for email, path, names in crowd.pages() for name in names
               for number, value in enumerate(VALUES)]
    assert_no_5xx(answers)


def assert_no_5xx(answers):
    """Names some of the requests that broke something."""
    broken = [f"{status}: {what}" for what, status in answers if status >= 500]
    assert not broken, f"{len(broken)} of {len(answers)}:\n" + "\n".join(broken[::7][:25])
