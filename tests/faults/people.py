"""Workers with accounts, as the population has them: what each is called and reached by."""

from dataclasses import dataclass

from tests.faults.browser import Browser
from tests.faults.population import ACCOUNTS
from webapp import clock
from webapp.demo.data import generated

NEW_DEVICE = {"purna-perangkat": "peramban-baru"}


@dataclass(frozen=True)
class Account:
    """One of them, with an address of their own on the network."""

    nik: str
    phone: str
    email: str
    address: str


def workers(count):
    """The first workers of the list as it was taken in."""
    return list(generated(0, 0, count, clock.today()))


def accounts():
    """Those of them who have registered."""
    return [Account(row.nik, row.phone, row.email, f"127.0.4.{place + 1}")
            for place, row in enumerate(workers(ACCOUNTS))]


def ask_for_code(ports, account, called=None):
    """Sign in on a new device as far as the page that asks for the code: (browser, its answer)."""
    browser = Browser(ports, account.address, cookies=NEW_DEVICE)
    asked = browser.try_to_sign_in(called or account.email, "purna-demo-2026")
    assert asked.location.startswith("/masuk/kode/"), (asked.status, asked.location)
    return browser, browser.get(asked.location), asked.location
