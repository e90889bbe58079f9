"""Unggah: hand in a list of leavers, see it checked, put its rows right, let it be applied."""

from functools import partial
from urllib.parse import urlencode

from flask import Blueprint, request, url_for
from flask_login import current_user

from webapp import clock, kept_input
from webapp.downloads import attachment
from webapp.errors import problem
from webapp.forms import version_shown
from webapp.htmx import forward, render, see_other, show, wants_fragment
from webapp.models.uploads import BAD, DONE, RUNNING, UNUSABLE, Upload
from webapp.paging import id_in, page_of
from webapp.permissions import employer_only, found_or_404, fresh_factor, takes_files
from webapp.uploads import queries, repair, result_file, service, template_file, undoing
from webapp.uploads.forms import RowForm, UndoForm, UploadForm
from webapp.uploads.kinds import BY_KEY, is_at_work, why_closed
from webapp.uploads.lines import as_filled_in, line_of
from webapp.uploads.overview import history, overview, progress_of, taking_back
from webapp.workers import search_term

blueprint = Blueprint("uploads", __name__, url_prefix="/perusahaan/<uuid:company_id>/unggah")

ROW_CHANGED = "baris-berubah"     # the event upon which the page counts again
PUT_RIGHT = ("simpan", "saran")     # acts after which a row that is still wrong stays open


@blueprint.route("", methods=["GET", "POST"])
@employer_only
@takes_files
def uploads(company):
    """Hand in a list; below, those handed in before."""
    form = UploadForm.of_request()
    if not form.is_sent_and_valid():
        return _list_page(company, form)
    taken = service.take_in(company, current_user, form.body, form.file.data.filename,
                            clock.now())
    return forward(_url(company, taken), partial(_page, company, taken.public_id))


@blueprint.get("/<uuid:upload_id>")
@employer_only
def upload(company, upload_id):
    """One list: being checked, what is wrong with it, what would follow, what became of it."""
    return _page(company, upload_id)


@blueprint.get("/<uuid:upload_id>/kemajuan")
@employer_only
def progress(company, upload_id):
    """How far the work on a list is; once it is done, its page."""
    found = found_or_404(queries.upload_of(company, upload_id))
    if not wants_fragment() or not is_at_work(found):
        return see_other(_url(company, found))
    return render("uploads/upload.html", "uploads/_progress.html", **progress_of(found))


@blueprint.get("/<uuid:upload_id>/ringkasan")
@employer_only
def summary(company, upload_id):
    """The counts and what follows, as they are after a row was put right."""
    found = found_or_404(queries.upload_of(company, upload_id))
    if not wants_fragment() or is_at_work(found) or found.state == UNUSABLE:
        return see_other(_url(company, found))
    return render("uploads/upload.html", "uploads/_summary.html", **_context(found))


@blueprint.route("/<uuid:upload_id>/mulai", methods=["GET", "POST"])
@employer_only
@fresh_factor
def start(company, upload_id):
    """Let what is good be applied. Pressing twice starts it once."""
    found = found_or_404(queries.upload_of(company, upload_id))
    if request.method != "POST":     # after the proof: the button is pressed where it stands
        return see_other(f"{_url(company, found)}?lagi=1")
    try:
        service.start(found, current_user, version=version_shown(), now=clock.now())
    except service.Outdated:
        return _page(company, upload_id, status=409, is_outdated=True)
    return forward(_url(company, found), partial(_page, company, upload_id))


@blueprint.route("/<uuid:upload_id>/baris/<number>", methods=["GET", "POST"])
@employer_only
def row(company, upload_id, number):
    """Put one row right, in its place or on a page of its own."""
    found, wanted = _row(company, upload_id, number)
    if request.method != "POST" and why_closed(found, wanted):
        return _closed_row(found, wanted)
    form = _row_form(found, wanted,
                     partial(RowForm.of_request, kept_input.recall(current_user, clock.now())))
    if not form.is_sent_and_valid():
        return _row_page(found, wanted, form, status=422 if form.errors else 200)
    try:
        return _row_answer(company, found, wanted, _act(found, wanted, form))
    except repair.Stale as stale:
        return _stale_page(found, stale.row, form)
    except repair.Closed:
        return _closed(company, *_row(company, upload_id, number))


@blueprint.get("/<uuid:upload_id>/baris/<number>/tutup")
@employer_only
def close_row(company, upload_id, number):
    """The row as it stands in the table, after its form was closed."""
    found, wanted = _row(company, upload_id, number)
    if not wants_fragment():
        return see_other(_url(company, found, **_place()))
    return _line(found, wanted)


@blueprint.get("/templat")
@employer_only
def template(company):
    """The empty list to fill in."""
    return attachment(template_file.build(), template_file.NAME, template_file.MEDIA_TYPE)


@blueprint.get("/<uuid:upload_id>/hasil")
@employer_only
def result(company, upload_id):
    """The rows as they came, with what became of each."""
    found = found_or_404(queries.upload_of(company, upload_id))
    if is_at_work(found) or found.state == UNUSABLE:
        return see_other(_url(company, found))
    return attachment(result_file.build(found), result_file.name_of(found),
                      template_file.MEDIA_TYPE)


@blueprint.route("/<uuid:upload_id>/batalkan", methods=["GET", "POST"])
@employer_only
@fresh_factor
def undo(company, upload_id):
    """Take back all that a list did, with a reason and within the window."""
    found = found_or_404(queries.upload_of(company, upload_id))
    form = UndoForm.of_request(kept_input.recall(current_user, clock.now()))
    if not form.is_sent_and_valid():
        return _undo_page(company, found, form)
    try:
        undoing.undo(found, current_user, form.reason.data, version=version_shown(),
                     now=clock.now())
    except (service.Outdated, undoing.Conflict) as conflict:
        return _not_undone(company, upload_id, form, conflict)
    return forward(_url(company, found), partial(_page, company, upload_id))


@blueprint.route("/<uuid:upload_id>/hapus", methods=["GET", "POST"])
@employer_only
def discard(company, upload_id):
    """Delete a list that was never started. Pressing twice deletes it once."""
    found = queries.upload_of(company, upload_id)
    if request.method != "POST" or not found:
        return _discard_page(company, upload_id)
    try:
        service.discard(found, current_user, version=version_shown(), now=clock.now())
    except service.Outdated:
        return _discard_page(company, upload_id, status=409)
    return forward(url_for(".uploads", company_id=company.public_id),
                   partial(_list_page, company, UploadForm()))


# The list of lists


def _list_page(company, form):
    mark = search_term.unseal_mark(request.args.get("setelah", ""), current_user, company)
    rows, has_more = page_of(queries.uploads_of(company), Upload.id, mark, queries.PAGE)
    older = has_more and url_for(
        ".uploads", company_id=company.public_id,
        setelah=search_term.seal_mark(rows[-1], current_user, company))
    return show("uploads/uploads.html", form=form, is_first=not mark, older_url=older,
                rows=history(rows))


# One list


def _page(company, upload_id, status=200, *, is_outdated=False):
    found = found_or_404(queries.upload_of(company, upload_id))
    context = _context(found)
    return show("uploads/upload.html", status=status, is_outdated=is_outdated,
                is_to_be_pressed="lagi" in request.args,
                same=queries.same_before(found), form=UploadForm(), repaired=_repaired(found),
                **context, **_rows_context(company, found, context["shown"]))


def _context(found):
    """What is said of a list, on its page and in its fragments."""
    return overview(found, BY_KEY.get(request.args.get("lihat")), clock.now())


def _rows_context(company, found, shown):
    """A page of the rows of one kind, where there are rows to be seen."""
    if is_at_work(found) or found.state == UNUSABLE:
        return {}
    after = request.args.get("setelah", type=id_in)
    rows, has_more = queries.rows_page(found, shown, after)
    columns = queries.columns_of(found)
    here = partial(_url, company, found, lihat=shown.key)
    return {"lines": [(line_of(one, columns), one.deactivation) for one in rows],
            "columns": columns, "is_open": repair.is_open(found),
            "place": _as_query({"lihat": shown.key, "setelah": after}),
            "newer_url": after and here(setelah=queries.after_before(found, shown, after)),
            "older_url": has_more and here(setelah=rows[-1].number)}


def _repaired(found):
    """The row that was just put right on a page of its own, as it is now; or None."""
    number = request.args.get("baris", type=id_in)
    wanted = number and queries.row_of(found, number)
    return wanted and line_of(wanted, queries.columns_of(found))


# One row


def _row(company, upload_id, number):
    found = found_or_404(queries.upload_of(company, upload_id))
    return found, found_or_404(id_in(number) and queries.row_of(found, id_in(number)))


def _row_form(found, wanted, make):
    """The row's form, filled in as it stands. Several rows may be open on one page: each has fields
    of its own names."""
    columns = queries.columns_of(found)
    return make(columns=columns, prefix=f"b{wanted.number}-",
                **as_filled_in(wanted.content, columns))


def _act(found, wanted, form):
    """Do what the pressed button says; the row as it is then."""
    acts = {"saran": repair.take_suggestion, "lewati": repair.skip}
    act = acts.get(request.form.get("act"), repair.correct)
    return act(wanted, current_user, columns=queries.columns_of(found), texts=form.data,
               version=version_shown(), now=clock.now())


def _row_answer(company, found, before, changed):
    """The row in the table again; a row that is still wrong stays open."""
    act = request.form.get("act", "simpan")
    if changed.state == BAD and act in PUT_RIGHT:
        return _row_page(found, changed, _row_form(found, changed, RowForm), status=422)
    if wants_fragment():
        return _line(found, changed)
    shown = line_of(before, queries.columns_of(found)).kind.key
    return see_other(_url(company, found, **{"lihat": shown} | _place(), baris=changed.number))


def _place():
    """Where in the list the reader is, as addresses carry it."""
    place = {"lihat": request.args.get("lihat"), "setelah": request.args.get("setelah", type=id_in)}
    return {name: value for name, value in place.items()
            if value and (name != "lihat" or value in BY_KEY)}


def _as_query(place):
    kept = {name: value for name, value in place.items() if value}
    return f"?{urlencode(kept)}" if kept else ""


def _row_page(found, wanted, form, status=200, **said):
    if not form.errors:
        form.explain(wanted.content["notes"])
    response = render("uploads/repair.html", "uploads/row_form.html", status, upload=found,
                      form=form, line=line_of(wanted, queries.columns_of(found)),
                      place=_as_query(_place()), is_sent=status != 200, **said)
    if status == 422:
        response.headers["HX-Trigger"] = ROW_CHANGED
    return response


def _closed_row(found, wanted):
    """A row that cannot be changed, and why."""
    if wants_fragment():
        return _line(found, wanted)
    return show("uploads/repair.html", upload=found, place=_as_query(_place()),
                line=line_of(wanted, queries.columns_of(found)), why=why_closed(found, wanted),
                deactivation=wanted.deactivation)


def _stale_page(found, now_row, form):
    """Both versions: what somebody else saved, and what was typed here."""
    if not form.is_typed:
        form = _row_form(found, now_row, RowForm)
    return _row_page(found, now_row, form, status=409, is_stale=True)


def _line(found, wanted):
    columns = queries.columns_of(found)
    response = render("uploads/upload.html", "uploads/row_line.html", upload=found,
                      line=line_of(wanted, columns), columns=columns, place=_as_query(_place()),
                      deactivation=wanted.deactivation, is_open=repair.is_open(found))
    response.headers["HX-Trigger"] = ROW_CHANGED
    return response


def _discard_page(company, upload_id, status=200):
    """What is deleted already has nothing left to be asked; what was started stays."""
    found = queries.upload_of(company, upload_id)
    if not found and request.method == "POST" and queries.was_discarded(company, upload_id):
        return see_other(url_for(".uploads", company_id=company.public_id))
    if found_or_404(found).started_at:
        return see_other(_url(company, found))
    return show("uploads/discard.html", status, upload=found, is_outdated=status == 409)


def _undo_page(company, found, form, status=None):
    if found.state != DONE and not form.errors:
        return see_other(_url(company, found))
    return show("uploads/undo.html", status, form, upload=found,
                back=taking_back(found, clock.now()))


def _not_undone(company, upload_id, form, conflict):
    """Why the list stands as it did; the reason that was typed is still there."""
    found = found_or_404(queries.upload_of(company, upload_id))
    if isinstance(conflict, undoing.TooLate):
        return _too_late(company, found)
    if isinstance(conflict, undoing.AlreadyUndone):
        return _undone_already(company, found)
    if not found.started_at:
        return see_other(_url(company, found))
    form.form_errors.append(
        "Daftar ini sedang dijalankan. Tunggu sampai selesai, lalu tekan lagi."
        if found.state == RUNNING else
        "Daftar ini berubah sesudah halaman ini dibuka. Belum ada yang dibatalkan. "
        "Periksa lagi jumlahnya, lalu tekan tombolnya.")
    return _undo_page(company, found, form, 409)


def _too_late(company, found):
    return _conflict(company, found, "Waktu membatalkan sudah lewat",
                     "Tidak ada lagi laporan dari daftar ini yang bisa Anda batalkan sendiri. "
                     "Buka tanda terimanya untuk meminta koreksi ke kantor cabang.")


def _undone_already(company, found):
    return _conflict(company, found, "Daftar ini sudah dibatalkan",
                     "Pembatalan hanya perlu sekali. Buka daftarnya untuk melihat siapa yang "
                     "membatalkan dan kapan.")


def _closed(company, found, wanted):
    return _conflict(company, found, "Baris ini tidak bisa diubah sekarang",
                     why_closed(found, wanted) or "Daftar ini baru selesai dijalankan. Coba lagi.")


def _conflict(company, found, title, advice):
    return problem(409, title, advice, back=_url(company, found), back_text="Buka daftarnya")


def _url(company, found, **place):
    return url_for(".upload", company_id=company.public_id, upload_id=found.public_id, **place)
