"""What is a member of staff's own: by the account, the worker it is linked with, or the NIK."""

import pytest

from tests.desk.matters import objected, url
from webapp.branch.people import Person
from webapp.branch.queries import is_own, is_same_person, person_of
from webapp.cases import own
from webapp.desk.queries import colleagues
from webapp.models.people import User
from webapp.models.workers import Worker

NIK = "3171064508900001"     # of the worker Siti


@pytest.fixture
def worker(cast):
    """The worker Siti, whose account is Siti's."""
    return Worker.get_by_id(cast.siti_at_maju.worker_id)


def by_account(worker, officer):
    """Siti's memberships are linked with the officer's account."""
    Worker.update(user=officer).where(Worker.id == worker.id).execute()


def by_typed_nik(worker, officer):
    """The officer's account says that it has Siti's NIK."""
    officer.nik = NIK
    officer.save()


def by_reported_nik(worker, officer):
    """Siti's account has a NIK with which a company reported the officer."""
    other = Worker.get(Worker.name == "Bambang Rahardjo")
    Worker.update(user=officer).where(Worker.id == other.id).execute()
    siti = User.get_by_id(worker.user_id)
    siti.nik = other.nik
    siti.save()


WAYS = (by_account, by_typed_nik, by_reported_nik)


@pytest.mark.parametrize("way", WAYS)
def test_one_rule_for_the_person_the_case_the_colleagues_and_the_papers(cast, eka, dewi, worker,
                                                                        way):
    case = objected(cast)
    way(worker, cast.eka)
    worker = Worker.get_by_id(worker.id)
    assert own.is_own(worker, cast.eka)
    assert is_own(Person(worker, worker.user), cast.eka)
    if way is not by_account:
        assert is_same_person(User.get_by_id(cast.siti.id), cast.eka)
    assert cast.eka not in colleagues(cast.dewi, case)
    assert cast.fajar in colleagues(cast.dewi, case)
    assert eka.open(url(case)).status == 403
    assert eka.open(f"/cabang/kasus/{case.public_id}/berkas").status == 403
    assert dewi.open(url(case)).status == 200


def test_nobody_else_is_that_person(cast, worker):
    assert not own.is_own(worker, cast.dewi)
    assert not is_own(person_of(cast.siti), cast.dewi)
    assert not is_own(person_of(cast.fajar), cast.dewi)
    assert is_own(person_of(cast.dewi), cast.dewi)


def test_two_accounts_without_a_nik_are_two_people(cast):
    assert not is_same_person(cast.dewi, cast.eka)
    assert own.accounts_of(None) == set()
