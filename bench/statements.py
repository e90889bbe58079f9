"""How many SQL statements a page takes: the same number, however many workers there are."""

from bench.client import CLERK
from bench.inside import application, database_of
from bench.known_device import COOKIE
from bench.report import EQUAL, Figure
from bench.rows import CLERKS_COMPANY
from bench.samples import samples
from tests.page import DEVICE
from tests.statements import Statements
from webapp.demo.people import PASSWORD
from webapp.models.companies import Company
from webapp.models.deactivations import DRAFT, Deactivation


def measure(houses):
    """One figure for each page and size, its bar the number at the smallest size."""
    smallest = {}
    for size, house in houses.items():
        for page, count in _counted(house).items():
            shown = f"{size:,}".replace(",", ".")
            yield Figure(f"statements for {page}, {shown} workers", count, "",
                         smallest.get(page), EQUAL)
            smallest.setdefault(page, count)


def _counted(house):
    app = application(house)
    with database_of(house):
        company = Company.get(Company.npp == CLERKS_COMPANY)
        browser = app.test_client()
        token = _sign_in(browser)
        here = f"/perusahaan/{company.public_id}/tenaga-kerja"
        browser.get(here)       # notes that this company is in use
        pages = {"the list": lambda: browser.get(here)}
        for kind, terms in samples(company, 1).items():
            fields = {"cari": terms[0], "csrf_token": token(browser)}
            pages[f"search by {kind}"] = lambda fields=fields: browser.post(
                here, data=fields, headers={"HX-Request": "true"})
        report = (Deactivation.select().where(Deactivation.company == company,
                                              Deactivation.state != DRAFT).first())
        pages["a receipt"] = lambda: browser.get(
            f"/perusahaan/{company.public_id}/nonaktif/{report.public_id}")
        return {page: _count(ask) for page, ask in pages.items()}


def _count(ask):
    with Statements() as counted:
        answer = ask()
    if answer.status_code != 200:
        raise LookupError(f"{answer.request.path} gave {answer.status_code}")
    return counted.count


def _sign_in(browser):
    browser.set_cookie(COOKIE, DEVICE)
    browser.post("/masuk", data={"account": CLERK, "password": PASSWORD,
                                 "csrf_token": _token(browser, "/masuk")})
    return lambda browser: _token(browser, "/keluar")


def _token(browser, path):
    return browser.get(path).get_data(as_text=True).partition(
        'name="csrf_token" value="')[2].partition('"')[0]
