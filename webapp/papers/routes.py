"""The papers of a case, for each of its sides: handing in, taking back, downloading."""

from functools import partial

from flask import Blueprint, abort, request
from flask_login import current_user

from webapp import clock
from webapp.branch.looks import look
from webapp.branch.queries import person_in
from webapp.cases.queries import case_at, case_of_company, case_of_worker
from webapp.cases.words import KINDS as CASE_KINDS
from webapp.complaints.queries import complaint_of
from webapp.documents import store
from webapp.documents.cleaning import Refused
from webapp.downloads import attachment
from webapp.errors import problem
from webapp.home.queries import worker_of
from webapp.htmx import render, see_other, wants_fragment
from webapp.models.cases import (
    AT_BRANCH,
    AT_COMPANY,
    AT_WORKER,
    CLAIM,
    COMPLAINT,
    OBJECTION,
    WALK_IN,
)
from webapp.papers import service
from webapp.papers.forms import PaperForm
from webapp.papers.needed import needed_of
from webapp.papers.queries import REVIEWED, box_for, is_shown_to, may_add, paper_in
from webapp.parameters import rules_on
from webapp.permissions import (
    MAY_COMPLAIN,
    branch_only,
    during,
    employer_only,
    found_or_404,
    signed_in,
    takes_files,
    worker_only,
)
from webapp.rate_limit import TooMany
from webapp.waiting import in_words, seconds_until

blueprint = Blueprint("papers", __name__)

WORKER = "/kasus/<uuid:case_id>/berkas"
COMPANY, BRANCH = f"/perusahaan/<uuid:company_id>{WORKER}", f"/cabang{WORKER}"
REPORTER = "/pengaduan/<uuid:case_id>/berkas"


@blueprint.route(WORKER, methods=["GET", "POST"])
@worker_only
@takes_files
def worker_papers(case_id):
    """The worker's papers of a case, and one more."""
    return _papers(_of_worker(case_id), AT_WORKER)


@blueprint.get(f"{WORKER}/<uuid:paper_id>")
@worker_only
def worker_download(case_id, paper_id):
    """One paper, as an attachment."""
    return _download(_of_worker(case_id), paper_id, service.note_reading)


@blueprint.post(f"{WORKER}/<uuid:paper_id>/hapus")
@worker_only
def worker_remove(case_id, paper_id):
    """Take one's own paper back."""
    return _remove(_of_worker(case_id), AT_WORKER, paper_id)


@blueprint.route(COMPANY, methods=["GET", "POST"])
@employer_only
@takes_files
def company_papers(company, case_id):
    """The same for the company."""
    return _papers(_of_company(company, case_id), AT_COMPANY)


@blueprint.get(f"{COMPANY}/<uuid:paper_id>")
@employer_only
def company_download(company, case_id, paper_id):
    """The same for the company."""
    return _download(_of_company(company, case_id), paper_id, service.note_reading)


@blueprint.post(f"{COMPANY}/<uuid:paper_id>/hapus")
@employer_only
def company_remove(company, case_id, paper_id):
    """The same for the company."""
    return _remove(_of_company(company, case_id), AT_COMPANY, paper_id)


@blueprint.route(BRANCH, methods=["GET", "POST"])
@branch_only
@takes_files
def branch_papers(case_id):
    """The same for the branch."""
    return _papers(_of_branch(case_id), AT_BRANCH)


@blueprint.get(f"{BRANCH}/<uuid:paper_id>")
@branch_only
def branch_download(case_id, paper_id):
    """The same for the branch."""
    case = _of_branch(case_id)
    return _download(case, paper_id, partial(service.note_look, person_in(case)))


@blueprint.post(f"{BRANCH}/<uuid:paper_id>/hapus")
@branch_only
def branch_remove(case_id, paper_id):
    """The same for the branch."""
    return _remove(_of_branch(case_id), AT_BRANCH, paper_id)


@blueprint.route(REPORTER, methods=["GET", "POST"])
@signed_in
@during(*MAY_COMPLAIN)
@takes_files
def complaint_papers(case_id):
    """The same for whoever complains, blocked or not."""
    return _papers(_of_reporter(case_id), AT_WORKER)


@blueprint.get(f"{REPORTER}/<uuid:paper_id>")
@signed_in
@during(*MAY_COMPLAIN)
def complaint_download(case_id, paper_id):
    """The same for whoever complains."""
    return _download(_of_reporter(case_id), paper_id, service.note_reading)


@blueprint.post(f"{REPORTER}/<uuid:paper_id>/hapus")
@signed_in
@during(*MAY_COMPLAIN)
def complaint_remove(case_id, paper_id):
    """The same for whoever complains: what was sent stays."""
    return _remove(_of_reporter(case_id), AT_WORKER, paper_id)


@blueprint.app_template_global("largest_document")
def largest_document():
    """How many bytes a file may have today."""
    return rules_on(clock.today())["document.max_bytes"]


def _of_worker(case_id):
    worker = worker_of(current_user)
    return _shown_to(AT_WORKER, worker and case_of_worker(worker, case_id))


def _of_reporter(case_id):
    complaint = complaint_of(current_user, case_id)
    return _shown_to(AT_WORKER, complaint and complaint.case)


def _of_company(company, case_id):
    return _shown_to(AT_COMPANY, case_of_company(company, case_id))


def _of_branch(case_id):
    """The branch's case; on record that this officer has it open."""
    case = _shown_to(AT_BRANCH, case_at(current_user.branch_id, case_id))
    look(case, current_user, clock.now())
    return case


def _shown_to(side, case):
    return found_or_404(case and is_shown_to(side, case) and case)


def _papers(case, side):
    form = PaperForm.of_request(most=largest_document())
    if request.method == "POST" and not may_add(side, case):
        abort(404)
    if not form.is_sent_and_valid():
        return _answer(case, side, form, 422 if form.errors else 200)
    try:
        service.add(case, side, current_user, form.kind.data, form.body, form.name, clock.now())
    except Refused as refusal:
        form.file.errors = [str(refusal)]
        return _answer(case, side, form, 422)
    except TooMany as wait:
        return _wait(case, side, form, wait.until)
    except service.CaseOver:
        return _is_over(case, side)
    except service.AlreadySent:
        return _stays(case, side)
    return _done(case, side, form)


def _remove(case, side, paper_id):
    form = PaperForm.of_request(most=0)
    paper = paper_in(case, paper_id)
    if paper and paper.side != side:
        abort(404)
    if paper:     # else the first press took it back
        try:
            service.remove(paper, side, current_user, clock.now())
        except service.CaseOver:
            return _is_over(case, side)
        except service.AlreadySent:
            return _stays(case, side)
    return _done(case, side, form)


def _download(case, paper_id, note):
    """A paper; ``note`` keeps on record who opened it."""
    paper = found_or_404(paper_in(case, paper_id))
    try:
        body = store.get(paper.document)
    except FileNotFoundError:
        abort(404)
    note(paper, current_user, clock.now())
    return attachment(body, paper.document.label, paper.document.media_type)


def _done(case, side, form):
    """The box as it is now; without JavaScript the case's page, where it stands."""
    if not wants_fragment():
        return see_other(f"{_page_of(case, side)}#papers")
    form.kind.data = ""
    return _answer(case, side, form, 200)


def _answer(case, side, form, status):
    """The box, for itself or on a page of its own."""
    box = box_for(case, side, current_user, form.kinds, form.can_add)
    box.errors = {name: errors[0] for name, errors in form.errors.items()}
    box.chosen = form.kind.data
    box.needed = needed_of(case, clock.today()) if side == AT_WORKER else []
    return render("papers/papers.html", "papers/_papers.html", status, papers=box,
                  title=CASE_KINDS[case.kind], back=_page_of(case, side))


def _wait(case, side, form, until):
    form.file.errors = [f"Terlalu banyak berkas. Tunggu {in_words(until)}, lalu coba lagi."]
    response = _answer(case, side, form, 429)
    response.headers["Retry-After"] = str(seconds_until(until))
    return response


def _is_over(case, side):
    return problem(409, "Kasus ini sudah selesai", "Dokumennya tidak bisa diubah lagi. Buka "
                   "kasusnya untuk melihat keputusannya.", back=_page_of(case, side),
                   back_text="Lihat kasusnya")


def _stays(case, side):
    more = "" if case.kind in REVIEWED else " Anda masih bisa menambah dokumen lain."
    return problem(409, "Dokumen ini sudah ikut terkirim",
                   f"Yang sudah dikirim tetap tersimpan.{more}", back=_page_of(case, side),
                   back_text="Lihat kasusnya")


def _page_of(case, side):
    """Where a side's page of a case is."""
    if side == AT_WORKER and case.kind == COMPLAINT:
        return f"/pengaduan/{case.public_id}"
    if side == AT_WORKER and case.kind == WALK_IN:
        return f"/kepesertaan/{case.membership.public_id}"
    if side == AT_WORKER and case.kind in REVIEWED:
        return f"/{'pencairan' if case.kind == CLAIM else 'mandiri'}/{case.public_id}/dokumen"
    if side == AT_WORKER:
        return f"/{'sanggahan' if case.kind == OBJECTION else 'permohonan'}/{case.public_id}"
    if side == AT_COMPANY:
        return f"/perusahaan/{case.company.public_id}/permohonan/{case.public_id}"
    return f"/cabang/{'loket' if case.kind == WALK_IN else 'kasus'}/{case.public_id}"
