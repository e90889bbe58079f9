"""What going on alone costs, before anything is typed or begun."""

import pytest

from tests.whole_app.test_weights import Line
from webapp.models.cases import Case
from webapp.models.switches import Switch

QUESTION = {"income": "1.000.000", "sector": "lainnya"}
ANSWER = ("Tanpa tabungan hari tua Rp8.400", "Dengan tabungan hari tua (JHT) Rp28.400",
          "Mulai Januari 2027: Tanpa tabungan hari tua Rp16.800 "
          "Dengan tabungan hari tua (JHT) Rp36.800")


@pytest.mark.parametrize("person", ["siti", "visitor"])
def test_it_says_both_amounts_now_and_after_the_discount(request, person):
    one = request.getfixturevalue(person)
    path = "/mandiri" if person == "siti" else "/mandiri/hitung"
    assert "Rp16.800 sebulan" in one.open(path).words()
    page = one.send(f"form[action='{path}']", **QUESTION)
    assert (page.status, page.path) == (200, path)     # the income stands in no address
    for words in ANSWER:
        assert words in page.words()
    assert Switch.select().count() == Case.select().count() == 0


def test_drivers_have_the_discount_for_longer(visitor):
    visitor.open("/mandiri/hitung")
    assert "Mulai April 2027" in visitor.send(**QUESTION | {"sector": "transportasi"}).words()


@pytest.mark.parametrize(("typed", "field"), [
    ({"income": "", "sector": "lainnya"}, "income"), ({"income": "x", "sector": ""}, "sector"),
    ({"income": "-5", "sector": "lainnya"}, "income"),
    ({"income": "1000", "sector": "tambang"}, "sector")])
def test_what_cannot_be_reckoned_is_said_beside_its_field(visitor, typed, field):
    visitor.open("/mandiri/hitung")
    page = visitor.send(**typed)
    assert page.status == 422
    assert field in page.errors()
    assert page.fields()["income"].replace(".", "") == typed["income"]


def test_the_public_page_is_light(app, cast):
    assert Line(app).weigh("/mandiri/hitung")[0] <= 10
