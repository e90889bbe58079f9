"""Who may open what: the app is compared with a stored matrix, and every route is walked."""

import json
import re
from pathlib import Path

import pytest

from tests.company_cases.asking import object_to
from tests.page import Clerk, draft, file
from webapp import clock
from webapp.db import database
from webapp.models.deactivations import Deactivation
from webapp.uploads.checking import check_next
from webapp.uploads.service import take_in

STORED = Path(__file__).with_name("routes.json")
MISSING = "00000000-0000-4000-8000-000000000000"
SIGN_INS = {"employer": "ani@maju.example", "worker": "siti@pekerja.example",
            "branch": "dewi@cabang.example"}


def routes(app):
    return {f"{'/'.join(sorted(rule.methods - {'HEAD', 'OPTIONS'}))} {rule.rule}":
            app.view_functions[rule.endpoint].audience for rule in app.url_map.iter_rules()}


def test_every_route_is_in_the_stored_matrix(app):
    assert routes(app) == json.loads(STORED.read_text())


def test_every_route_has_its_decorator_directly_under_it():
    for path in Path("webapp").rglob("*.py"):
        lines = path.read_text().splitlines()
        for number, line in enumerate(lines):
            if re.match(r"\s*@(blueprint|app)\.(get|post|route)\(", line):
                following = lines[number + 1].strip()
                assert following in ("@public", "@employer_only", "@worker_only", "@branch_only",
                                     "@signed_in"), f"{path}:{number + 2}"


def test_paths_are_kebab_case_and_their_ids_typed(app):
    for rule in app.url_map.iter_rules():
        for part in rule.rule.split("/"):
            assert re.fullmatch(r"[a-z0-9.-]*|<uuid:\w+>|<path:name>|<number>", part), rule.rule


def walk(clerk, path, method):
    url = re.sub(r"<uuid:\w+>", MISSING, path).replace("<path:name>", "x").replace(
        "<number>", "x")
    headers = {"Accept": "text/html"}
    return clerk.browser.open(url, method=method, headers=headers).status_code


@pytest.mark.parametrize("role", [None, *SIGN_INS])
def test_each_role_gets_its_own_pages_and_nothing_else(app, cast, role):
    clerk = Clerk(app).sign_in(SIGN_INS[role]) if role else Clerk(app)
    for name, audience in routes(app).items():
        methods, path = name.split(" ")
        if audience in ("public", role) or (role and audience == "signed in"):
            continue
        status = walk(clerk, path, "GET" if "GET" in methods else "POST")
        # A form without a genuine token goes to sign-in or is forbidden like the page itself.
        assert status == (403 if role else 303), name


def test_v5_0_8_4_2_the_branch_does_not_exist_outside_its_networks(app, cast):
    dewi = Clerk(app).sign_in("dewi@cabang.example")
    outside = {"REMOTE_ADDR": "203.0.113.9"}
    assert dewi.open("/cabang", environ_base=outside).status == 404
    assert dewi.open("/cabang").status == 200


def uploaded(cast):
    """A checked list of PT Maju with one row."""
    body = b"KPJ;Sebab;Tanggal Keluar\n30145270001;RSG;1/11/2026\n"
    kept = take_in(cast.maju, cast.ani, body, "a.csv", clock.now())
    assert check_next(clock.now())
    return kept


def test_v5_0_8_2_2_a_strangers_ids_are_missing_on_every_route(app, ani, citra, cast):
    file(ani, cast.maju, cast.siti_at_maju)
    objection = object_to(cast, Deactivation.get(), clock.now())
    ids = {"membership_id": cast.siti_at_maju.public_id,
           "deactivation_id": Deactivation.get().public_id, "document_id": MISSING,
           "upload_id": uploaded(cast).public_id, "case_id": objection.case.public_id,
           "paper_id": MISSING}
    fields = {"csrf_token": citra.token(), "reason": "x"}
    for rule in app.url_map.iter_rules():
        if "company_id" not in rule.arguments:
            continue
        for company in (cast.maju, cast.lain):
            if company == cast.lain and rule.arguments == {"company_id"}:
                continue
            path = re.sub(r"<uuid:(\w+)>", lambda match, company=company: str(
                {**ids, "company_id": company.public_id}[match[1]]), rule.rule)
            path = path.replace("<number>", "2")
            for method in sorted(rule.methods & {"GET", "POST"}):
                for headers in ({}, {"HX-Request": "true"}):
                    answer = citra.browser.open(path, method=method, headers=headers,
                                                data=fields if method == "POST" else None)
                    assert answer.status_code == 404, f"{method} {path}"


def test_a_failed_request_changes_nothing(app, ani, citra, cast):
    draft(ani, cast.maju, cast.siti_at_maju)

    def contents():
        return {name: list(database.execute_sql(f'SELECT * FROM "{name}"'))  # noqa: S608
                for name in ("deactivation", "membership", "receipt", "message")}

    before = contents()
    row = Deactivation.get()
    for path in ("periksa", "batalkan", "koreksi", "paklaring"):
        for company in (cast.maju, cast.lain):
            citra.browser.post(f"/perusahaan/{company.public_id}/nonaktif/{row.public_id}/{path}",
                               data={"csrf_token": citra.token(), "version": 1, "reason": "x"})
    assert contents() == before


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
def test_v5_0_4_1_4_other_verbs_are_refused(ani, cast, method):
    path = f"/perusahaan/{cast.maju.public_id}/tenaga-kerja"
    assert ani.browser.open(path, method=method).status_code in (400, 405)
