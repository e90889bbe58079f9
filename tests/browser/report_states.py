"""Reports and the audit trail in every state; see ``tests.browser.states``."""

from tests.browser.account_states import as_user
from webapp.models.cases import Case


def report_scenes():
    """The scenes; by then much has happened at the branch."""
    return (reading_figures, reading_the_trail)


def reading_figures(app, cast, _):
    eka = as_user(app, cast.eka)
    yield "figures", eka.open("/cabang/laporan")
    yield "of a year", eka.open("/cabang/laporan?hari=365")


def reading_the_trail(app, cast, _):
    fajar = as_user(app, cast.fajar)
    yield "chains", fajar.open("/cabang/audit")
    yield "nothing asked", fajar.send("main form[action$='/cari']")
    fajar.open("/cabang/audit")
    yield "the newest are whole", fajar.send("main form[action$='/periksa']")
    yield "the head office's", fajar.open("/cabang/audit/akun")
    chain = f"/cabang/audit/perusahaan/{cast.maju.public_id}"
    yield "entries of a company", fajar.open(chain)
    yield "a day that is none", fajar.open(f"{chain}?hari=kemarin")
    yield "none so long ago", fajar.open(f"{chain}?hari=2001-01-01")
    number = (Case.select(Case.number).where(Case.branch == cast.fajar.branch)
              .order_by(Case.id.desc()).limit(1).scalar())
    fajar.open("/cabang/audit")
    yield "of a case", fajar.send("main form[action$='/cari']", number=number)
