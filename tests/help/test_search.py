"""Bantuan: pages and journeys are found by the words people know them by."""

import pytest

from webapp.help.topics import TOPICS, found


@pytest.mark.parametrize("words", ["KIDB", "NIB", "klaim", "JHT", "JMO", "BPJSTKU", "Lapak Asik",
                                   "lapak-asik", "cara mencairkan saldo", "Daftar Pencairan",
                                   "pencairan dana jht online"])
def test_pencairan_is_found_by_all_its_names(words):
    assert "Pencairan" in [topic.title for topic in found(words)][:2]


@pytest.mark.parametrize(("words", "title"), [
    ("gopay", "Rekening atau e-wallet"), ("lupa password", "Lupa sandi"),
    ("status klaim", "Lacak pencairan"), ("penipuan otp", "Panduan keamanan"),
    ("kartu peserta hilang", "Kepesertaan"), ("call center", "Kontak")])
def test_the_likeliest_comes_first(words, title):
    assert found(words)[0].title == title


def test_the_number_of_a_claim_leads_to_following_it():
    assert "Lacak pencairan" in [topic.title for topic in found("NIB")]


def test_nothing_asked_for_is_everything_and_nonsense_is_nothing():
    assert found("") == found("dan yang ?!") == list(TOPICS)
    assert found("xyzzy") == []


def test_the_page_lists_everything_and_what_was_searched(visitor):
    page = visitor.open("/bantuan")
    assert len(page.select(".rows li")) == len(TOPICS)
    page = visitor.send(cari="KIDB")
    assert page.words(".rows li").startswith("Pencairan")
    assert page.path == "/bantuan"     # what was typed is in no address
    assert page.fields()["cari"] == "KIDB"
    assert "Tidak ditemukan" in visitor.send(cari="xyzzy").words()
    assert visitor.send(cari="x" * 201).status == 422


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.url)
def test_each_leads_somewhere(siti, topic):
    assert siti.open(topic.url).status == 200
