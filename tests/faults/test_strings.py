"""What ``strings`` would show whoever got the files: nobody's NIK, phone, e-mail, nor any code."""

import re
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.faults.browser import Browser
from tests.faults.harness import Gateways, desks_for, is_all_sent, maju
from tests.faults.people import NEW_DEVICE, Account, accounts, ask_for_code, workers
from tests.faults.processes import Sender, Server, running, wait_until
from tests.gateways import free_port
from webapp import clock

SEEDED, SIGN_INS, FILINGS = 1000, 12, 3
PASSWORD = "kuda baterai hijau jendela"
STRANGERS = (Account("3171064508907777", "+6281377770001", "baru1@pekerja.example", "127.0.5.1"),
             Account("3578191701918888", "+6281377770002", "baru2@pekerja.example", "127.0.5.2"))
NOBODY = Account("3273011203859999", "+6281399990000", "tidak.ada@pekerja.example", "127.0.5.9")
STRINGS = re.compile(rb"[\x20-\x7e]{6,}")
CODE = re.compile(rb"(?<![\w.])(\d{3}) ?(\d{3})(?!\w)")     # not the microseconds of a time


class Secrets:
    """What must not be found, and where it is looked for."""

    def __init__(self, people, codes):
        self.niks = {one.nik.encode() for one in people}
        self.phones = {one.phone.removeprefix("+62").encode() for one in people}
        self.emails = {one.email.encode() for one in people}
        self.codes = {code.encode() for code in codes}

    def found_in(self, data):
        """Everything of it that stands in some bytes."""
        data = b"\n".join(STRINGS.findall(data))
        for run in re.findall(rb"\d{11,}", data):
            yield from _windows(run, 16, self.niks)
            yield from _windows(run, 11, self.phones)
        for text in re.findall(rb"[\w.+-]+@[\w.-]+", data):
            if text.lower().rstrip(b".") in self.emails:
                yield text
        for halves in CODE.findall(data):
            if b"".join(halves) in self.codes:
                yield b" ".join(halves)


def _windows(run, size, wanted):
    return [run[at:at + size] for at in range(len(run) - size + 1) if run[at:at + size] in wanted]


def test_the_search_finds_what_is_there(tmp_path):
    someone = Account("3171064508900001", "+6281234567890", "siti@pekerja.example", "")
    secrets = Secrets([someone], ["482913"])
    for text in (b"\0NIK3171064508900001\xff", b"0812-34567890 081234567890", b"x6281234567890x",
                 b"to=SITI@pekerja.example.", b"Purna: 482 913 untuk", b"code=482913&"):
        assert len(list(secrets.found_in(text))) == 1, text
    for text in (b"3171064508900002", b"2026-11-22 06:30:00.482913", b"a482913", b"4829130"):
        assert not list(secrets.found_in(text)), text


@pytest.fixture
def life(house, tmp_path):
    """A house in which people have signed in, registered, forgotten and been reported."""
    server = Server(house, free_port(), tmp_path / "server.log")
    with Gateways() as gateways, running(
            server, Sender(house, gateways, tmp_path / "sender.log")):
        phone = Phones(gateways)
        sign_in(server.port, phone)
        register(server.port, phone)
        forget(server.port, phone)
        report(server.port, house)
        wait_until(lambda: is_all_sent(house.store), 30, what="every message to be sent")
        yield house, phone


class Phones:
    """What came to whom, by the gateways; ``codes`` is every code that ever came."""

    def __init__(self, gateways):
        self._gateways = gateways

    def code_for(self, account):
        """The newest code that came to somebody's phone."""
        wait_until(lambda: self._texts(account), 20, what="the code")
        return CODE.search(self._texts(account)[-1].encode()).group().decode().replace(" ", "")

    @property
    def codes(self):
        """All of them."""
        texts = [sms.text for sms in self._gateways.sms.received] + [
            mail.get_content() for mail in self._gateways.smtp.received]
        return {b"".join(halves).decode() for text in texts
                for halves in CODE.findall(text.encode())}

    def _texts(self, account):
        return [sms.text for sms in self._gateways.sms.received
                if sms.to == account.phone and CODE.search(sms.text.encode())]


def sign_in(port, phone):
    """On new devices, by each of the names an account has; and strangers who are refused."""
    for place, account in enumerate(accounts()[:SIGN_INS]):
        called = (account.email, account.phone, account.nik)[place % 3]
        browser, page, path = ask_for_code([port], account, called)
        answer = browser.post(path, {**page.form()[1], "code": phone.code_for(account)})
        assert answer.status == 303, answer.words()
    for name in (NOBODY.nik, NOBODY.phone, NOBODY.email):
        assert Browser([port], NOBODY.address).try_to_sign_in(name, "salah").status == 422


def register(port, phone):
    """Two new accounts."""
    for one in STRANGERS:
        browser = Browser([port], one.address, cookies=NEW_DEVICE)
        action, fields = browser.get("/daftar").form()
        terms = browser.post(action, {
            **fields, "nik": one.nik, "name": "Orang Baru", "birth_date": "1990-08-05",
            "phone": one.phone, "email": one.email, "new_password": PASSWORD})
        action, fields = browser.get(terms.location).form()
        asked = browser.post(action, {**fields, "is_agreed": "y", "channel": "sms"})
        action, fields = browser.get(asked.location).form()
        done = browser.post(action, {**fields, "code": phone.code_for(one)})
        assert done.location.startswith("/masuk"), done.words()


def forget(port, phone):
    """Lupa sandi by somebody who is there, and by nobody; Lupa akun."""
    someone = accounts()[SIGN_INS]
    for account in (someone, NOBODY):
        browser = Browser([port], account.address, cookies=NEW_DEVICE)
        action, fields = browser.get("/lupa-sandi").form()
        asked = browser.post(action, {**fields, "account": account.nik, "channel": "sms"})
        action, fields = browser.get(asked.location).form()
        code = phone.code_for(account) if account is someone else "123457"
        browser.post(action, {**fields, "code": code, "new_password": PASSWORD})
    action, fields = browser.get("/lupa-akun").form()
    assert browser.post(action, {**fields, "nik": someone.nik,
                                 "birth_date": "1970-01-01"}).status == 303


def report(port, house):
    """The employer searches by NIK and reports some who left."""
    company = maju(house.store)
    desk = desks_for(company.public_id, [port], 1)[0]
    here = f"/perusahaan/{company.public_id}/tenaga-kerja"
    for row in workers(FILINGS):
        found = desk.browser.post(here, {"csrf_token": desk.browser.token, "cari": row.nik})
        assert found.status in (200, 303)
    for membership in company.memberships[:FILINGS]:
        assert desk.act(membership, [], clock.today() - timedelta(days=1)).is_acknowledged


def test_no_nik_phone_email_or_code_is_in_any_file(life, tmp_path, durable_server):
    house, phone = life
    people = [*workers(SEEDED), *STRANGERS, NOBODY]
    secrets = Secrets(people, phone.codes)
    assert len(secrets.niks) == len(secrets.phones) == len(secrets.emails) == len(people)
    assert len(secrets.codes) >= SIGN_INS + len(STRANGERS) + 1
    if durable_server:
        with closing(house.store.connect(autocommit=True)) as connection:
            connection.execute("CHECKPOINT")
    files = list(files_of(house, tmp_path, durable_server))
    names = {path.name for path in files}
    if durable_server:
        assert any(path.parent.name == "pg_wal" for path in files)
    else:
        assert {"purna.sqlite3", "purna.sqlite3-wal"} <= names
    assert {"server.log", "sender.log"} <= names
    found = {path.name: list(secrets.found_in(path.read_bytes())) for path in files}
    assert {name: texts for name, texts in found.items() if texts} == {}


def files_of(house, logs, durable_server):
    """Everything that was written: data, database with its log, what processes said."""
    for folder in (house.folder, logs):
        yield from (path for path in folder.rglob("*") if path.is_file())
    if durable_server:     # of the whole server, what was written since this house is there
        since = (house.folder / "secrets.json").stat().st_ctime
        yield from (path for path in Path(durable_server.folder).rglob("*")
                    if path.is_file() and path.stat().st_mtime >= since)
