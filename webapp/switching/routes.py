"""Beralih ke Mandiri: one question a page, each kept on the server; check, send; put right."""

import json
from functools import partial

from flask import Blueprint, render_template, request, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from webapp import clock, kept_input
from webapp.cases import deadlines
from webapp.cases import service as cases
from webapp.claims.faults import faults_of, papers_among
from webapp.contributions.amounts import monthly
from webapp.contributions.arrears import owed_by_company
from webapp.contributions.quotes import quote
from webapp.deactivation.reasons import REASONS
from webapp.forms import clean, version_shown
from webapp.htmx import forward, see_other, show, wants_fragment
from webapp.models.cases import AT_WORKER
from webapp.models.switches import DRAFT, RETURNED, REVIEWED, SUBMITTED
from webapp.months import month_of
from webapp.papers.kinds import STATES
from webapp.papers.needed import needed_by_switch
from webapp.papers.queries import box_for
from webapp.parameters import rules_on
from webapp.permissions import presented_session, worker_only
from webapp.profile.service import change_address
from webapp.rate_limit import TooMany
from webapp.requests.words import phrase_of
from webapp.switch import checklist, progress, sending, service
from webapp.switch.drafts import undone_pages
from webapp.switch.faults import FIELDS as MARKABLE
from webapp.switch.faults import items_among, label_of
from webapp.switch.own import own_switch
from webapp.switch.papers import brought, lacking, standing_of
from webapp.switch.queries import ending_of
from webapp.switch.words import SECTORS, due_of, parts_of, state_of
from webapp.switch_form import TYPED, SwitchForm
from webapp.switching.asked import CORRECTION, FIELDS, names_kept
from webapp.waiting import said_in

blueprint = Blueprint("switching", __name__, url_prefix="/mandiri/<uuid:case_id>")

PAGES = {progress.LEAVING: "leaving", progress.INCOME: "income", progress.START: "start",
         progress.PAPERS: "papers", progress.CHECK: "check"}     # templates
HINTS = {"RSG": "Anda sendiri yang memilih berhenti.",
         "PKW": "Kontrak Anda selesai dan tidak diperpanjang.",
         "PHK": "Perusahaan yang memberhentikan Anda.",
         "PSN": "Anda berhenti karena usia pensiun."}


@blueprint.route("/berhenti", methods=["GET", "POST"])
@worker_only
def leaving(case_id):
    """Why and when the person leaves the company: only where it still has them."""
    return _asked(case_id, progress.LEAVING)


@blueprint.route("/penghasilan", methods=["GET", "POST"])
@worker_only
def income(case_id):
    """What the person earns and in what work, with or without JHT."""
    return _asked(case_id, progress.INCOME)


@blueprint.route("/tanggal", methods=["GET", "POST"])
@worker_only
def start(case_id):
    """From when on: without a gap."""
    return _asked(case_id, progress.START)


@blueprint.route("/dokumen", methods=["GET", "POST"])
@worker_only
def papers(case_id):
    """The papers, each uploaded or to be brought; what is missing is named at once."""
    if request.method == "GET" and _own(case_id).state == RETURNED:     # after handing one in
        return see_other(url_for(".correct", case_id=case_id))
    return _asked(case_id, progress.PAPERS)


@blueprint.route("/simpan", methods=["GET", "POST"])
@worker_only
def keep(case_id):
    """Keep what was typed and not sent, valid or not, for every device of the person."""
    switch, now = _own(case_id), clock.now()
    step = request.form.get("step", "")
    wanted = RETURNED if step == CORRECTION else DRAFT
    if request.method == "GET" or not names_kept(step) or switch.state != wanted:
        if wants_fragment() and request.method == "POST":
            return render_template("cases/_kept.html", is_too_late=True), 409
        return see_other(_url(switch)) if request.method == "GET" else _changed(switch)
    before = cases.typed_in(switch.case, current_user) or {}
    cases.keep_typed(switch.case, current_user, before | {
        name: request.form.getlist(name) for name in names_kept(step) if name in request.form}, now)
    if wants_fragment():
        return render_template("cases/_kept.html", kept_at=now)
    return see_other(f"{_url(switch)}/{step}?tersimpan=y")


@blueprint.route("/periksa", methods=["GET", "POST"])
@worker_only
def check(case_id):
    """Show all of it once more; then it is sent. Pressing twice sends it once."""
    switch, now = _own(case_id), clock.now()
    if switch.state == DRAFT:
        undone = undone_pages(switch, current_user, clock.day_of(now))
        if undone:
            return see_other(f"{_url(switch)}/{undone[0]}")
    if request.method == "GET":
        return _page(switch, progress.CHECK) if switch.state == DRAFT else see_other(_url(switch))
    try:
        sending.send(switch, current_user, version=version_shown(),
                     rules=rules_on(clock.day_of(now)), now=now)
    except service.CaseChanged:
        return _changed(_own(case_id))
    except TooMany as wait:
        form = _form_of(switch, progress.CHECK, _unsent)
        return said_in(form, wait.until,
                       lambda status: _page(switch, progress.CHECK, form, status))
    except service.AlreadyDone:
        pass
    return see_other(url_for(".sent", case_id=case_id))


@blueprint.get("/terkirim")
@worker_only
def sent(case_id):
    """It was sent: its number, what comes next and when, which papers are still missing."""
    switch = _own(case_id)
    if switch.state not in (SUBMITTED, REVIEWED):
        return see_other(_url(switch))
    ending = ending_of(switch)
    return show("switching/sent.html", switch=switch, here=_url(switch), ending=ending,
                lacking=lacking(switch, ending))


@blueprint.route("/perbaiki", methods=["GET", "POST"])
@worker_only
def correct(case_id):
    """Only what staff marked; everything at once."""
    switch, now = _own(case_id), clock.now()
    if switch.state != RETURNED and request.method == "GET":
        return see_other(_url(switch))
    form = _correction_form(switch)
    if switch.state == RETURNED and not (form.is_sent_and_valid() and _is_shown(switch, form)):
        return _correction_page(switch, form)
    try:
        sending.correct(switch, current_user, version=version_shown(), now=now,
                        answers=form.answers | {"checklist": _checklist(switch, form)})
    except service.CaseChanged:
        return _changed(_own(case_id))
    except service.AlreadyDone:
        pass
    return see_other(_url(switch))


def _asked(case_id, step):
    """A page of the draft, and keeping what is filled in there."""
    switch = _own(case_id)
    ending = ending_of(switch)
    if switch.state != DRAFT or step not in progress.order_of(ending):
        return see_other(_url(switch)) if request.method == "GET" else _changed(switch)
    form = _form_of(switch, step)
    if not form.is_sent_and_valid():
        return _page(switch, step, form)
    try:
        service.keep(switch, current_user, clock.now(), **_answers(switch, step, form))
    except service.CaseChanged:
        return _changed(_own(case_id))
    switch = _own(case_id)
    undone = undone_pages(switch, current_user, clock.today())
    onward = progress.after(step, ending_of(switch), undone)
    return forward(f"{_url(switch)}/{onward}", partial(_next_page, switch, onward))


def _answers(switch, step, form):
    """What a page changes in the switch."""
    if step == progress.LEAVING and form.address.data != (current_user.address or ""):
        change_address(presented_session(), form.address.data, clock.now())
    if step == progress.PAPERS:
        return {"checklist": _checklist(switch, form)}
    return form.answers


def _checklist(switch, form):
    """How each paper will be shown, as the switch keeps it; what was not asked stays."""
    if "originals" not in form:
        return switch.checklist
    asked = items_among(faults_of(switch)) if switch.state == RETURNED else checklist.ITEMS
    said = {item.code: checklist.ORIGINAL if item.code in form.brought else "" for item in asked}
    return json.dumps(json.loads(switch.checklist) | said)


def _own(case_id):
    return own_switch(current_user, case_id)


def _url(switch):
    return url_for("switch.case", case_id=switch.case.public_id)


def _next_page(switch, step):
    """The page after the one that was just sent: what was sent is none of its answers."""
    return _page(switch, step, _form_of(switch, step, _unsent))


def _unsent(typed, **needs):
    return SwitchForm(MultiDict(typed) if typed else None, **needs)


def _form_of(switch, step, read=SwitchForm.of_request, wanted=None, missing=None):
    """The form of a page, with what was typed: over a sign-in, or on any device.

    :param read: makes the form.
    """
    today, ending = clock.today(), ending_of(switch)
    wanted = FIELDS.get(step, ()) if wanted is None else wanted
    kept = kept_input.recall(current_user, clock.now()) or cases.typed_in(
        switch.case, current_user)
    typed = kept if kept and any(name in kept for name in wanted) else None
    row = {} if typed else {name: value for name, value in _row(switch, ending, today).items()
                            if name in wanted}
    rules = rules_on(today)
    return read(typed, wanted=wanted, started_on=switch.membership.started_on, today=today,
                rules=rules, missing=missing, **row,
                start_fault=partial(progress.start_fault, ending=ending, today=today,
                                    rules=rules))


def _row(switch, ending, today):
    """What the switch says now, as its fields have it."""
    said = None
    if switch.income is not None:
        said = "ya" if switch.has_savings else "tidak"
    return {"reason": switch.reason, "last_day": switch.last_day, "address": current_user.address,
            "income": switch.income, "sector": switch.sector, "has_savings": said,
            "starts_on": switch.starts_on or progress.suggested_start(ending, today),
            "originals": brought(switch)}


def _correction_form(switch):
    codes = faults_of(switch)
    wanted = tuple(name for name in MARKABLE if name in codes)
    if items_among(codes):
        wanted += ("originals",)

    def missing(originals):
        return [item.label for item in sending.still_missing(switch, originals)]

    form = _form_of(switch, CORRECTION, wanted=wanted, missing=missing)
    if "originals" in form and request.method == "GET" and not form.originals.raw_data:
        form.originals.data = []     # of a paper that is wrong nothing is said yet
    return form


def _parts_after(switch, answers=None):
    """What a month costs (``contributions.amounts.Parts``), with these answers in place of what the
    switch says."""
    said = {name: getattr(switch, name) for name in MARKABLE} | (answers or {})
    month = month_of(said["starts_on"])
    return monthly(said["income"], said["has_savings"], said["sector"], month, rules_on(month))


def _is_shown(switch, form):
    """Whether the page has shown what a month costs after this correction: nobody sends an amount
    unseen."""
    return _parts_after(switch, form.answers).amount == request.form.get("amount", type=int)


def _page(switch, step, form=None, status=None):
    """A page of the draft."""
    ending, today = ending_of(switch), clock.today()
    needs = {"switch": switch, "here": _url(switch), "ending": ending, "sectors": SECTORS,
             "place": progress.place_of(step, ending), "hints": HINTS, "parts_of": parts_of,
             "suggested": progress.suggested_start(ending, today), "today": today,
             "rules": rules_on(today), "is_kept": "tersimpan" in request.args}
    if step == progress.PAPERS:
        needs |= _papers(switch, checklist.KINDS)
    if step == progress.CHECK:
        needs |= _check_needs(switch, ending, today)
    return show(f"switching/{PAGES[step]}.html", status, form=form, **needs)


def _check_needs(switch, ending, today):
    return {
        "parts": _parts_after(switch),
        "quote": quote(switch.income, switch.sector, max(switch.starts_on, today), rules_on),
        "reason": REASONS.get(switch.reason), "phrase": switch.reason and phrase_of(switch.reason),
        "lacking": lacking(switch, ending), "standing": standing_of(switch, ending),
        "states": STATES,
        "owed": owed_by_company(switch.case.company.arrears_months),
        "until": (deadlines.branch_until if ending.is_filed else deadlines.company_until)(
            today, rules_on(today))}


def _papers(switch, kinds):
    box = box_for(switch.case, AT_WORKER, current_user, kinds, can_add=True)
    box.needed = needed_by_switch(switch)
    return {"papers": box}


def _correction_page(switch, form):
    codes = faults_of(switch)
    is_right = request.method == "POST" and not form.errors
    return show("switching/correct.html", form=form, switch=switch, here=_url(switch),
                marked=items_among(codes), faults=codes.items(), label_of=label_of,
                is_kept="tersimpan" in request.args, before=_parts_after(switch).amount,
                parts=_parts_after(switch, form.answers if is_right else None),
                parts_of=parts_of, due=due_of(switch, clock.today()),
                **_papers(switch, papers_among(codes)))


def _changed(switch):
    """It is not any more as the page showed it: what stands now, and what was typed."""
    return show(
        "cases/changed.html", 409, title="Peralihan ini sudah berubah",
        advice=f"Statusnya sekarang: {state_of(switch)}. Yang baru Anda tulis belum tersimpan.",
        back=_url(switch), back_text="Lihat peralihan",
        typed=[(label, clean(request.form.get(name, ""))) for name, label in TYPED.items()])
