"""A company's Permohonan and its radar in every state; see ``tests.browser.states``."""

from datetime import date, timedelta

from tests.browser.account_states import as_user
from tests.company_cases.asking import ask, dispute, fill_in, place_of, report
from webapp import clock
from webapp.companies.service import add_company
from webapp.deactivation import corrections
from webapp.models.cases import Case
from webapp.models.companies import Company
from webapp.models.deactivations import Correction
from webapp.models.workers import Membership
from webapp.objections import service as objections
from webapp.objections.queries import objection_of
from webapp.requests import service
from webapp.requests.queries import request_of
from webapp.workers.service import Outcome, take_in_list
from webapp.workers.worker_list import TakenRow

NPP = "JJ099001"
LONG = "Serah terima kendaraan dan laptop belum selesai, dan gaji terakhirnya belum dihitung. " * 4
PEOPLE = ("Wahyu Nugroho", "Maria Magdalena Kusumawardhani Prasetyaningrum", "Yuni Handayani",
          "Rizky Maulana", "Ketut Wardana")


def company_case_scenes():
    """All of them, at a company of Ani's own: no other state is touched by them."""
    return asking_the_company, disputing, missing_contributions


def company_of_cases(cast):
    """PT Sumber Makmur and its workers, in their order."""
    company = Company.get_or_none(Company.npp == NPP)
    if not company:
        company = add_company(NPP, "PT Sumber Makmur Sejahtera Abadi", now=clock.now(),
                              branch=cast.maju.branch, clerks=[cast.ani])
        month = clock.today().replace(day=1)
        rows = [TakenRow(row_number=at, kpj=f"9990000000{at}", nik=f"317106450892100{at}",
                         name=name, birth_date=date(1992, 6, 15), start_date=date(2021, 5, 1),
                         paid_until=month if at else date(2025, 1, 1), phone="+628111111111")
                for at, name in enumerate(PEOPLE)]
        assert not list(take_in_list(company, rows, now=clock.now(), outcome=Outcome()))
    return company, list(Membership.select().where(Membership.company == company)
                         .order_by(Membership.kpj))


def asking_the_company(app, cast, _):
    """From the empty list to the receipt; and what the branch took over."""
    ani, now = as_user(app, cast.ani), clock.now()
    company, (first, second, third, *_) = company_of_cases(cast)
    place = f"/perusahaan/{company.public_id}/permohonan"
    yield "nothing yet", ani.open(place)
    waiting = place_of(ask(cast, now, membership=first, last_day=clock.today()).case, company)
    yield "to be answered", ani.open(waiting)
    yield "refusal", ani.open(f"{waiting}/tolak")
    yield "refusal, empty", ani.send()
    yield "refusal, kept", ani.post(f"{waiting}/simpan", {**ani.page.fields(), "reason": LONG})
    filled = fill_in(cast, now, membership=second, last_day=clock.today() - timedelta(days=60))
    yield "to be confirmed", ani.open(place_of(filled.case, company))
    late = ask(cast, now, membership=third, last_day=clock.today())
    Case.update(due_on=clock.today()).where(Case.id == late.case_id).execute()
    yield "list", ani.open(place)
    yield from _ended_otherwise(ani, company, waiting, filled, late)
    yield "list, later", ani.open(place)


def _ended_otherwise(ani, company, waiting, filled, late):
    """Refused; a last day that cannot be; the clock ran out; confirmed; withdrawn."""
    now = clock.now()
    ani.open(f"{waiting}/tolak")
    yield "refused", ani.send(reason=LONG)
    yield "too late to refuse again", ani.post(f"{waiting}/tolak", {
        "csrf_token": ani.token(), "version": "2", "reason": "Ada lagi"})
    begin_on(filled.membership, clock.today())
    yield "last day cannot be", ani.open(place_of(filled.case, company))
    begin_on(filled.membership, filled.membership.started_on)
    service.escalate_overdue(now + timedelta(days=1))
    yield "taken over", ani.open(place_of(late.case, company))
    ani.open(place_of(filled.case, company))
    yield "confirmed", ani.send("form.confirm-bar")
    yield "done", ani.open(place_of(filled.case, company))
    fresh = request_of(late.case)
    service.withdraw(fresh, late.case.opened_by, version=fresh.version, now=now)
    yield "withdrawn", ani.open(place_of(late.case, company))


def begin_on(membership, day):
    """As if the list of workers had been corrected."""
    Membership.update(started_on=day).where(Membership.id == membership.id).execute()


def disputing(app, cast, _):
    """An objection, an answer, a decision; every page about such a report."""
    ani, now = as_user(app, cast.ani), clock.now()
    company, (*_, fourth, fifth) = company_of_cases(cast)
    objection = dispute(cast, now, membership=fourth, user=cast.ani)
    place = place_of(objection.case, company)
    report_place = place_of_report(company, objection.deactivation)
    yield "objection", ani.open(place)
    yield "answer, empty", ani.send("#answer-form")
    ani.open(place)
    yield "answered", ani.send("#answer-form", answer=LONG)
    yield "list", ani.open(f"/perusahaan/{company.public_id}/permohonan")
    yield "receipt, disputed", ani.open(report_place)
    yield "undo, disputed", ani.open(f"{report_place}/batalkan")
    worker_place = f"/perusahaan/{company.public_id}/tenaga-kerja/{fourth.public_id}"
    yield "worker, disputed", ani.open(worker_place)
    yield "check, disputed", ani.open(f"/periksa/{objection.deactivation.receipt.number}")
    objection = objection_of(objection.case_id)
    objections.grant(objection, cast.dewi, case_version=objection.case.version, verdict=LONG,
                     now=now)
    yield "granted", ani.open(place)
    yield "receipt, restored", ani.open(report_place)
    yield "undo, restored", ani.open(f"{report_place}/batalkan")
    yield "undo, after the decision", ani.post(f"{report_place}/batalkan", {
        "csrf_token": ani.token(), "reason": "Kami keliru"})
    yield "worker, restored", ani.open(worker_place)
    yield "check, restored", ani.open(f"/periksa/{objection.deactivation.receipt.number}")
    yield from correcting(ani, cast, company, fifth)


def place_of_report(company, deactivation):
    """Where a receipt is."""
    return f"/perusahaan/{company.public_id}/nonaktif/{deactivation.public_id}"


def correcting(ani, cast, company, membership):
    """Filed by the branch; a correction asked for, and refused."""
    made, now = report(cast, clock.now(), user=cast.dewi, membership=membership), clock.now()
    place = place_of_report(company, made)
    yield "receipt, from the branch", ani.open(place)
    yield "undo, from the branch", ani.open(f"{place}/batalkan")
    ani.open(f"{place}/koreksi")
    yield "correction asked for", ani.send(reason=LONG)
    correction = Correction.get(Correction.deactivation == made)
    correction.deactivation.filed_by = cast.eka     # who filed it does not decide
    case = Case.get(Case.correction == correction)
    corrections.keep(correction, case, cast.dewi, case_version=case.version, verdict=LONG, now=now)
    yield "correction refused", ani.open(place)


def missing_contributions(app, cast, _):
    """The radar."""
    ani, (company, people) = as_user(app, cast.ani), company_of_cases(cast)
    here = f"/perusahaan/{company.public_id}/tanpa-iuran"
    yield "workers without", ani.open(here)
    yield "workers without, nothing chosen", ani.send(workers=[], reason="")
    yield "no data", ani.open(f"/perusahaan/{cast.logistik.public_id}/tanpa-iuran")
    ours = Membership.id << [one.id for one in people]
    Membership.update(contributed_until=clock.today().replace(day=1)).where(ours).execute()
    yield "all paid", ani.open(here)
    Membership.update(contributed_until=date(2025, 1, 1)).where(ours).execute()
    yield "arrears", ani.open(here)
