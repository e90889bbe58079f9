"""What is read for a page of a draft does not grow with what the person has."""

from datetime import date

import pytest

from tests.claims.claiming import drafted, hand_in, here, only_claim, savings, worker_siti
from tests.memberships.test_pages import statements_of
from webapp.models.companies import Company
from webapp.models.people import User
from webapp.models.workers import Membership

PAGES = ("syarat", "jumlah", "keperluan", "kontak", "dokumen", "rekening", "periksa")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_takes_as_many_statements_whatever_there_is(siti, cast, page):
    savings(worker_siti())
    drafted(siti, cast)
    path = f"{here()}/{page}"
    siti.open(path)
    one = statements_of(lambda: siti.open(path))
    for number in range(5):
        Membership.create(worker=worker_siti(), company=Company.get(), kpj=f"9000000000{number}",
                          started_on=date(2015 + number, 1, 1), ended_on=date(2015 + number, 6, 1),
                          status="NONAKTIF", name_key="siti")
    for colour in ("red", "green", "blue"):
        hand_in(only_claim(), User.get_by_id(cast.siti.id), "LAIN", colour)
    assert statements_of(lambda: siti.open(path)) == one
    assert siti.page.path == path
    assert one <= 17
