"""Nonaktifkan: form, check, receipt; undo and correction."""

from functools import partial
from uuid import UUID

from flask import Blueprint, current_app, request, url_for
from flask_login import current_user

from webapp import clock, kept_input
from webapp.deactivation import queries, service
from webapp.deactivation.claimed import is_claimed
from webapp.deactivation.consequences import consequences
from webapp.deactivation.forms import CorrectionForm, DeactivationForm, UndoForm
from webapp.deactivation.reasons import REASONS
from webapp.documents.service import take_in
from webapp.errors import problem
from webapp.forms import version_shown
from webapp.htmx import forward, render, see_other, show
from webapp.models.cases import GRANTED
from webapp.models.workers import ENDED
from webapp.parameters import rules_on
from webapp.permissions import employer_only, found_or_404, takes_files
from webapp.rate_limit import TooMany
from webapp.receipts.presentation import qr_of
from webapp.waiting import in_words
from webapp.workers.queries import membership_of

blueprint = Blueprint("deactivation", __name__, url_prefix="/perusahaan/<uuid:company_id>")


@blueprint.route("/tenaga-kerja/<uuid:membership_id>/nonaktifkan", methods=["GET", "POST"])
@employer_only
@takes_files
def form(company, membership_id):
    """Fill in why and when; what is valid becomes a draft and goes on to be checked."""
    membership = found_or_404(membership_of.one(company, membership_id))
    current = queries.current_for.rows(membership, current_user)
    if membership.status == ENDED or any(row.is_standing for row in current):
        return _already_ended(company, membership)
    now, draft = clock.now(), current[0] if current else None
    filled = _form_for(company, membership, draft, now)
    if not filled.is_sent_and_valid():
        shown = {"form": filled, "membership": membership, "draft": draft, "rules": filled.rules}
        if not filled.errors:
            return show("deactivation/form.html", **shown)
        return render("deactivation/form.html", "deactivation/_form.html", 422, **shown)
    draft = service.save_draft(
        membership, current_user, reason=filled.reason.data, last_day=filled.last_day.data,
        note=filled.note.data, document=filled.document, now=now)
    draft.membership = membership
    return forward(url_for(".check", company_id=company.public_id,
                           deactivation_id=draft.public_id),
                   partial(_check_page, company, draft, filled.rules, now))


@blueprint.route("/nonaktif/<uuid:deactivation_id>/periksa", methods=["GET", "POST"])
@employer_only
def check(company, deactivation_id):
    """Show what will follow, then file it. Filing twice gives the same receipt."""
    draft = found_or_404(queries.draft_of.one(company, current_user, deactivation_id))
    receipt_url = url_for(".receipt", company_id=company.public_id,
                          deactivation_id=deactivation_id)
    if draft.filed_at:
        return see_other(receipt_url)
    now = clock.now()
    rules = rules_on(clock.day_of(now))
    if request.method == "GET":
        return _check_page(company, draft, rules, now)
    try:
        service.file(draft, current_user, company=company, rules=rules, now=now,
                     version=version_shown())
    except service.Outdated:
        return _changed_meanwhile(company, deactivation_id)
    except service.NotActive:
        return _already_ended(company, draft.membership)
    return forward(receipt_url, partial(_receipt_page, company, deactivation_id))


@blueprint.get("/nonaktif/<uuid:deactivation_id>")
@employer_only
def receipt(company, deactivation_id):
    """Tanda terima: proof of filing, and what can still be done."""
    return _receipt_page(company, deactivation_id)


@blueprint.route("/nonaktif/<uuid:deactivation_id>/batalkan", methods=["GET", "POST"])
@employer_only
def undo(company, deactivation_id):
    """Batalkan nonaktif, within its window and with a reason."""
    deactivation = found_or_404(queries.filed_of.one(company, deactivation_id))
    here = {"company_id": company.public_id, "deactivation_id": deactivation_id}
    form = UndoForm.of_request(kept_input.recall(current_user, clock.now()))
    now, rules = clock.now(), _rules_of_filing(deactivation)
    if not form.is_sent_and_valid():
        return render("deactivation/undo.html", "deactivation/_undo_form.html",
                      422 if form.errors else 200, form=form, deactivation=deactivation,
                      last_undo_day=service.last_undo_day(deactivation, rules),
                      can_undo=service.can_undo(deactivation, rules, now),
                      is_claimed=is_claimed(deactivation.id))
    try:
        service.undo(deactivation, current_user, reason=form.reason.data, company=company,
                     rules=rules, now=now)
    except service.TooLate:
        return (_decided_meanwhile(deactivation, form.reason.data, here)
                or see_other(url_for(".correction", **here)))
    except service.Conflict:
        return (_decided_meanwhile(deactivation, form.reason.data, here)
                or _undone_already(here))
    return see_other(url_for(".receipt", **here))


@blueprint.route("/nonaktif/<uuid:deactivation_id>/koreksi", methods=["GET", "POST"])
@employer_only
def correction(company, deactivation_id):
    """Minta koreksi: ask the branch once the company itself can no longer undo."""
    deactivation = found_or_404(queries.filed_of.one(company, deactivation_id))
    here = {"company_id": company.public_id, "deactivation_id": deactivation_id}
    now, rules = clock.now(), _rules_of_filing(deactivation)
    if not deactivation.is_standing:
        return _no_longer_stands(here)
    if service.can_undo(deactivation, rules, now):
        return see_other(url_for(".undo", **here))
    form = CorrectionForm.of_request(kept_input.recall(current_user, now))
    if not form.is_sent_and_valid():
        return render("deactivation/correction.html", "deactivation/_correction_form.html",
                      422 if form.errors else 200, form=form, deactivation=deactivation)
    try:
        service.request_correction(deactivation, current_user, reason=form.reason.data,
                                   company=company, rules=rules, now=now)
    except service.AlreadyAsked:
        return problem(409, "Koreksi sudah diminta",
                       "Kantor cabang sedang memeriksa permintaan sebelumnya. Yang baru Anda "
                       "tulis belum dikirim. Hubungi kantor cabang jika ada yang perlu ditambah.",
                       back=url_for(".receipt", **here), back_text="Lihat tanda terima")
    except service.Conflict:
        return _no_longer_stands(here)
    return see_other(url_for(".receipt", **here))


def _form_for(company, membership, draft, now):
    """The form as sent, as kept over a sign-in, or as the clerk's own draft has it."""
    kept = kept_input.recall(current_user, now)
    earlier = {} if kept or not draft else {
        "reason": draft.reason, "last_day": draft.last_day, "note": draft.note}
    return DeactivationForm.of_request(
        kept, membership=membership, today=clock.day_of(now),
        rules=rules_on(clock.day_of(now)), stored=_stored_document(company, draft, kept),
        store_file=partial(_stored_file, user=current_user, company=company, now=now), **earlier)


def _stored_file(body, name, **whose):
    try:
        return take_in(body, name, **whose)
    except TooMany as wait:
        raise ValueError("Terlalu banyak berkas. "
                         f"Tunggu {in_words(wait.until)}, lalu coba lagi.") from wait


def _stored_document(company, draft, kept):
    """The paper that came with an earlier try of this form, or with the draft."""
    sent = request.form.get("document_id") or "".join((kept or {}).get("document_id", ()))
    try:
        number = UUID(sent)
    except ValueError:
        return draft.document if draft and request.method == "GET" else None
    return (queries.documents_uploaded_by(current_user, company)
            .where(queries.Document.public_id == number).get_or_none())


def _rules_of_filing(deactivation):
    return rules_on(clock.day_of(deactivation.filed_at))


def _receipt_page(company, deactivation_id):
    deactivation = found_or_404(queries.filed_of.one(company, deactivation_id))
    found, rules = deactivation.receipt, _rules_of_filing(deactivation)
    return show(
        "deactivation/receipt.html", deactivation=deactivation, receipt=found,
        qr=qr_of(found, current_app.config["BASE_URL"]), reason=REASONS[deactivation.reason],
        correction=queries.newest_correction.one(deactivation),
        dispute=queries.dispute_over.one(deactivation), rules=rules,
        last_undo_day=service.last_undo_day(deactivation, rules),
        can_undo=service.can_undo(deactivation, rules, clock.now()))


def _check_page(company, draft, rules, now):
    membership = draft.membership
    effects = consequences(draft.reason, draft.last_day, birth_date=membership.worker.birth_date,
                           rules=rules, today=clock.day_of(now))
    return show(
        "deactivation/check.html", draft=draft, membership=membership, worker=membership.worker,
        reason=REASONS[draft.reason], effects=effects, rules=rules)


def _undone_already(here):
    return problem(409, "Laporan ini sudah dibatalkan",
                   "Pembatalan hanya perlu sekali. Buka tanda terimanya untuk melihat siapa yang "
                   "membatalkan dan kapan.", back=url_for(".receipt", **here))


def _decided_meanwhile(deactivation, typed, here):
    """What the branch decided about the worker's objection, and the reason that came too late; None
    where it decided nothing."""
    dispute = queries.dispute_over.one(deactivation)
    if not dispute or not dispute.verdict_sealed:
        return None
    became = ("mengabulkan sanggahannya. Kepesertaannya sudah aktif lagi."
              if dispute.state == GRANTED else
              "tidak mengabulkan sanggahannya. Laporan ini tetap berlaku.")
    return show("cases/changed.html", 409, title="Kantor cabang sudah memutuskan",
                advice=f"Pada {clock.show_moment(dispute.decided_at)} kantor cabang {became} "
                       f"Alasannya: {dispute.verdict}",
                back=url_for(".receipt", **here), back_text="Lihat tanda terima",
                typed=[("Alasan pembatalan", typed)])


def _no_longer_stands(here):
    return problem(409, "Laporan ini sudah tidak berlaku",
                   "Kepesertaan itu sudah aktif lagi, jadi tidak ada yang perlu dikoreksi.",
                   back=url_for(".receipt", **here), back_text="Lihat tanda terima")


def _changed_meanwhile(company, deactivation_id):
    return problem(409, "Isian ini baru saja berubah",
                   "Anda mengubahnya di jendela lain. Periksa isian terbaru, lalu konfirmasi.",
                   back=url_for(".check", company_id=company.public_id,
                                deactivation_id=deactivation_id), back_text="Periksa isian terbaru")


def _already_ended(company, membership):
    standing = queries.standing_for.one(membership)
    if not standing:
        return problem(409, "Pekerja ini sudah nonaktif", "Tidak ada yang perlu dilaporkan lagi.",
                       back=url_for("workers.worker", company_id=company.public_id,
                                    membership_id=membership.public_id))
    if standing.filed_by_id == current_user.id and request.method == "GET":
        return see_other(url_for(".receipt", company_id=company.public_id,
                                 deactivation_id=standing.public_id))
    when = clock.show_moment(standing.filed_at)
    who = "Kantor cabang" if standing.branch_id else standing.filed_by.name
    return problem(
        409, f"{membership.worker.name} sudah dilaporkan berhenti",
        f"{who} melaporkannya pada {when}. Anda tidak perlu melapor lagi.",
        back=url_for(".receipt", company_id=company.public_id, deactivation_id=standing.public_id),
        back_text="Lihat tanda terima")
