"""What waits at the branch."""

import re
from datetime import date, timedelta

import pytest
import time_machine

from tests.desk.matters import MAKERS, asked, escalated, objected
from tests.page import Clerk, file
from tests.people import account_for
from tests.statements import Statements
from webapp import clock, db
from webapp.branch import queries
from webapp.db import is_sqlite
from webapp.models.cases import Case
from webapp.models.deactivations import Deactivation
from webapp.models.workers import Membership, Worker
from webapp.prepared import add_all
from webapp.receipts.signing import new_number

PAGE = 25


def many(cast, count, **more):
    """So many cases that wait, promised for one day after the other."""
    now, first = clock.now(), date(2026, 12, 1)
    common = {"kind": "sanggahan", "branch": cast.dewi.branch_id, "company": cast.maju.id,
              "membership": cast.siti_at_maju.id, "worker": cast.siti_at_maju.worker_id,
              "opened_by": cast.siti.id, "opened_at": now, "held_since": now, "holder": "branch",
              **more}
    add_all(Case, [{**common, "number": new_number(),
                    "due_on": first + timedelta(days=number // 4)} for number in range(count)])


def numbers(page):
    return [cell.text_content().strip() for cell in page.select("table tbody th")]


def shown(case):
    """Its number as pages have it."""
    return "-".join(case.number[place:place + 4] for place in (0, 4, 8))


def test_a_correction_request_waits_with_a_masked_name(app, ani, cast):
    file(ani, cast.maju, cast.siti_at_maju)
    receipt = ani.page.path
    Deactivation.update(filed_at=clock.now() - timedelta(days=8)).execute()
    ani.open(receipt + "/koreksi")
    ani.send(reason="Yang berhenti orang lain")
    words = Clerk(app).sign_in("dewi@cabang.example").page.words()
    assert "Koreksi" in words
    assert "PT Maju Bersama" in words
    assert "S••• R•••" in words
    assert "Siti Rahayu" not in words


def test_an_empty_queue_says_so(app, cast):
    assert "Antrean kosong" in Clerk(app).sign_in("dewi@cabang.example").page.words()


@pytest.mark.parametrize("kind", MAKERS)
def test_every_kind_waits_in_one_list_with_age_and_promise(app, cast, kind):
    case = MAKERS[kind](cast)
    with time_machine.travel(clock.now() + timedelta(hours=3, minutes=1)):
        page = Clerk(app).is_signed_in_as(cast.dewi).open("/cabang")
    row = page.words("table tbody tr")
    assert shown(case) in row
    assert "Ambil" in row
    if kind != "permohonan":     # that one has waited since its midnight
        assert "3 jam" in row
        assert "27 November 2026" in row


def test_what_is_due_first_stands_on_top(cast, dewi):
    objection = objected(cast)
    agus = Membership.get(Membership.kpj == "30145270001")
    account = account_for(Worker.get_by_id(agus.worker_id))
    request = escalated(cast, user=account, membership=agus)
    assert numbers(dewi.open("/cabang")) == [shown(request), shown(objection)]


@pytest.mark.parametrize(("moment", "words", "tone"), [
    ("2026-11-26T06:30:00Z", "27 November 2026", None),
    ("2026-11-27T06:30:00Z", "Hari ini", "warning"),
    ("2026-11-28T06:30:00Z", "Lewat, 27 November 2026", "danger")])
def test_a_promise_of_today_and_one_not_kept_stand_out(app, cast, moment, words, tone):
    objected(cast)
    with time_machine.travel(moment):
        page = Clerk(app).is_signed_in_as(cast.dewi).open("/cabang")
    cell = page.select("td[data-label=Dijanjikan]")[0]
    assert cell.text_content().strip() == words
    assert [tag.get("class") for tag in cell] == ([f"status status-{tone}"] if tone else [])


def test_what_waits_for_others_is_not_there(cast, dewi):
    asked(cast)
    assert "Antrean kosong" in dewi.open("/cabang").words()


@pytest.mark.parametrize(("kind", "others"), [("sanggahan", "koreksi"), ("koreksi", "sanggahan")])
def test_one_kind_can_be_shown_alone(cast, dewi, kind, others):
    case = MAKERS[kind](cast)
    assert numbers(dewi.open(f"/cabang?tampil={kind}")) == [shown(case)]
    assert dewi.page.words("nav[aria-label='Saring antrean'] [aria-current]") == (
        "Sanggahan" if kind == "sanggahan" else "Koreksi")
    assert "Tidak ada yang menunggu di sini" in dewi.open(f"/cabang?tampil={others}").words()
    assert numbers(dewi.open("/cabang?tampil=apa-saja")) == [shown(case)]


def test_the_next_page_begins_after_the_last_row(cast, dewi):
    many(cast, 2 * PAGE + 3)
    seen, page = [], dewi.open("/cabang?tampil=sanggahan")
    while True:
        seen.append(numbers(page))
        following = page.tree.xpath("//a[@rel='next']/@href")
        if not following:
            break
        page = dewi.open(following[0])
    assert [len(rows) for rows in seen] == [PAGE, PAGE, 3]
    wanted = Case.select().order_by(Case.due_on, Case.id)
    assert sum(seen, []) == [shown(case) for case in wanted]
    assert page.tree.xpath("//a[@rel='prev']/@href") == ["/cabang?tampil=sanggahan"]


def test_a_page_whose_rows_were_decided_meanwhile_says_so(cast, dewi):
    many(cast, PAGE + 1)
    following, = dewi.open("/cabang").tree.xpath("//a[@rel='next']/@href")
    Case.update(holder=None, closed_at=clock.now(), due_on=None).execute()
    assert "Yang lain sudah diputuskan" in dewi.open(following).words()


def test_a_mark_of_ones_own_making_shows_the_first_page(cast, dewi):
    many(cast, 2)
    assert len(numbers(dewi.open("/cabang?setelah=2026-99-99.1"))) == 2


def test_the_number_of_statements_does_not_grow(cast, dewi):
    counts = []
    for more in (20, 180):
        many(cast, more, owner=cast.eka.id, owned_since=clock.now())
        dewi.open("/cabang")
        for path in ("/cabang", "/cabang?tampil=bebas", "/cabang?tampil=koreksi"):
            with Statements() as counted:
                dewi.open(path)
            counts.append(counted.count)
    assert counts[:3] == counts[3:]
    assert max(counts) <= 4


@pytest.fixture
def own_connection(database):
    """What a test sets on its connection goes with it."""
    yield
    db.drop_connection()
    db.ensure_connection()


def test_the_queue_is_read_by_its_index(cast, own_connection):
    many(cast, 200)
    text, values = queries.waiting_at(cast.dewi.branch_id).limit(26).sql()
    if not is_sqlite():     # it would read so few rows whole; whether it could do otherwise counts
        for way in ("seqscan", "bitmapscan", "sort"):
            db.database.execute_sql(f"SET enable_{way} = off")
    plan = " ".join(str(row) for row in db.database.execute_sql(
        f"EXPLAIN {'QUERY PLAN ' if is_sqlite() else ''}{text}", values).fetchall())
    assert "cases_at_branch" in plan, plan
    assert not re.search("TEMP B-TREE|Sort Key", plan), plan
