"""The first page, the worker's Beranda, and everybody's Pesan."""

from textwrap import shorten

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user

from webapp import clock
from webapp.assistance.queries import expected_of
from webapp.bills.queries import owns_of, waiting_bill_of
from webapp.bills.words import months_of
from webapp.bills.words import status_of as own_status
from webapp.claims.queries import booked_among, unfinished_of
from webapp.claims.words import STATES as CLAIM_STATES
from webapp.claims.words import amount_of, due_of
from webapp.claims.words import label_of as claim_label
from webapp.complaints.queries import awaiting
from webapp.destinations.queries import linked_of
from webapp.holds.queries import is_stopped
from webapp.home.queries import last_sides, memberships_of_worker, messages_to, worker_of
from webapp.home.tasks import tasks_of, tasks_of_claims, tasks_of_switch
from webapp.linking.service import link
from webapp.memberships.queries import standing_of
from webapp.memberships.words import said_of, status_of
from webapp.messages.outbox import is_secret
from webapp.messages.queries import shown_body, shown_recipient
from webapp.models.claims import FAILED
from webapp.models.programmes import OVER
from webapp.objections.queries import objections_to
from webapp.paging import id_in
from webapp.permissions import public, signed_in
from webapp.programmes import words as programme_words
from webapp.programmes.queries import newest_of
from webapp.requests.queries import asked_for, open_requests_of
from webapp.requests.words import state_of
from webapp.switch.queries import open_switch_of

blueprint = Blueprint("home", __name__)

# What is not about a membership, a claim or a message: address, name, and what it is for.
SERVICES = (
    ("/mandiri", "Beralih ke Mandiri", "Lanjutkan kepesertaan sendiri. Hitung dulu iurannya."),
    ("/program", "Program", "Gabung gelombang yang dibuka."),
    ("/bantuan-saya", "Bantuan saya", "Bantuan yang Anda terima, dengan jadwalnya."),
    ("/pengaduan", "Pengaduan", "Ada yang keliru? Tulis kepada kami."),
    ("/bantuan", "Bantuan", "Cari dengan kata yang Anda kenal."),
)
LATEST, PAGE = 3, 30     # messages on Beranda, and on a page of Pesan
FIRST_WORDS = 90         # characters of a message on Beranda


@blueprint.get("/")
@public
def home():
    """What Purna is, or straight to one's own first page."""
    if not current_user.is_authenticated:
        return render_template("home/welcome.html")
    return _first_page()


@blueprint.get("/beranda")
@signed_in
def beranda():
    """What needs the worker now, then memberships and the latest messages."""
    if not current_user.is_worker:
        return _first_page()
    now, today = clock.now(), clock.today()
    worker = link(current_user, now)     # a company may have reported the person since
    memberships = list(memberships_of_worker(worker)) if worker else []
    claims = unfinished_of(worker) if worker else []
    return render_template(
        "home/beranda.html", memberships=memberships, is_linked=worker is not None, today=today,
        messages=messages_to(current_user, worker, now, LATEST)[0], first_words=_first_words,
        is_secret=is_secret, services=SERVICES,
        said_of=said_of, status_of=status_of, state_of=state_of, claims=claims, due_of=due_of,
        claim_states=CLAIM_STATES, amount_of=amount_of, claim_label=claim_label,
        asked_back=awaiting.rows(current_user),
        is_stopped=any(row.state == FAILED for row in claims) and is_stopped(current_user),
        **_of_programmes(worker), own_status=own_status, months_of=months_of,
        **_with_own(worker, _matters(worker, memberships, claims, today), today))


@blueprint.get("/pesan")
@signed_in
def messages():
    """Every message that was really sent, so that a false one can be told apart."""
    before = request.args.get("sebelum", type=id_in)
    sent, has_more = messages_to(current_user, worker_of(current_user), clock.now(), PAGE, before)
    return render_template("home/messages.html", shown_body=shown_body, messages=sent,
                           is_secret=is_secret,
                           shown_recipient=shown_recipient, is_first=not before,
                           older=sent[-1].id if has_more else None)


def _with_own(worker, matters, today):
    """The same with what the person pays for alone, and what of that needs them now."""
    owns, switch = (owns_of(worker), open_switch_of(worker)) if worker else ([], None)
    bill = waiting_bill_of(worker) if owns or switch else None
    return matters | {"own": owns[0] if owns else None,
                      "tasks": [*matters["tasks"], *tasks_of_switch(switch, bill, today)]}


def _of_programmes(worker):
    """The wave the person joined last, until it is over, and what is missing for being paid."""
    applicant = newest_of(worker) if worker else None
    expected = expected_of(worker) if applicant else []
    is_running = applicant and applicant.wave.state != OVER
    return {"applicant": applicant if is_running else None, "programme_words": programme_words,
            "lacks_account": bool(expected) and linked_of(current_user) is None}


def _first_page():
    """Where this person's work begins."""
    if current_user.is_employer:
        return redirect(url_for("companies.company_list"), code=303)
    if current_user.is_worker:
        return redirect(url_for(".beranda"), code=303)
    return redirect(url_for("branch.queue"), code=303)


def _first_words(message):
    """How a message begins, on one line; empty for one that holds a code."""
    return shorten(shown_body(message) or "", FIRST_WORDS, placeholder="…")


def _matters(worker, memberships, claims, today):
    """What there is about a person's memberships and claims, and what of it needs them now."""
    of_claims = list(tasks_of_claims(claims, booked_among(claims))) if claims else []
    if not memberships:
        return {"tasks": of_claims}
    reports, requests = standing_of(worker), open_requests_of(worker)
    objections = list(objections_to(reports)) if reports else []
    sides = last_sides([row.case_id for row in objections]) if objections else {}
    return {"standing": {row.membership_id: row for row in reports},
            "asked": {row.membership_id: row for row in requests},
            "tasks": [*tasks_of(reports, requests, objections, sides, today,
                                wanted=asked_for(reports) if reports else ()), *of_claims]}
