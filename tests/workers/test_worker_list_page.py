"""The list: whose workers, how many, found by a term that leaves no trace."""

from datetime import date, timedelta

from tests.conftest import worker_row
from tests.page import file
from tests.statements import sent_by
from webapp import clock
from webapp.models.deactivations import Deactivation
from webapp.models.workers import Membership
from webapp.workers.service import Outcome, take_in_list


def list_path(company):
    return f"/perusahaan/{company.public_id}/tenaga-kerja"


def shown(page):
    return [" ".join(cell.text_content().split()) for cell in page.select("th[scope=row]")]


def hire(company, count, begun=date(2020, 1, 1)):
    rows = (worker_row(f"5{number:010}", f"32730601019{number:05}", f"Pekerja Ke{number:03}",
                       begun=begun, born=date(1990, 1, 1)) for number in range(count))
    assert not list(take_in_list(company, rows, now=clock.now(), outcome=Outcome()))


def test_ani_sees_only_her_own_workers(ani, cast):
    assert shown(ani.open(list_path(cast.maju))) == [
        "Agus Setiawan", "Bambang Rahardjo", "Dewi Sartika Rahayu", "Siti Aminah", "Siti Rahayu"]
    assert ani.open(list_path(cast.lain)).status == 404


def test_the_three_tabs_count_and_show(ani, cast):
    hire(cast.maju, 2, begun=clock.today() - timedelta(days=3))
    file(ani, cast.maju, cast.siti_at_maju)
    page = ani.open(list_path(cast.maju))
    tabs = [" ".join(tab.text_content().split()) for tab in page.select(".tabs a")]
    assert tabs == ["Aktif 6", "Baru 2", "Nonaktif 1"]
    assert shown(ani.open(list_path(cast.maju) + "?status=nonaktif")) == ["Siti Rahayu"]
    assert len(shown(ani.open(list_path(cast.maju) + "?status=baru"))) == 2


def test_card_numbers_are_masked(ani, cast):
    page = ani.open(list_path(cast.maju))
    assert "3••••••4512" in page.text
    assert "30145274512" not in page.text


def test_the_term_stays_out_of_the_address(ani, cast):
    ani.open(list_path(cast.maju))
    page = ani.send(cari="Siti Rahayu")
    assert shown(page) == ["Siti Rahayu"]
    assert "Siti" not in page.path
    assert "cari=" in page.path


def test_back_finds_the_same_results_and_keeps_the_term_in_the_box(ani, cast):
    ani.open(list_path(cast.maju))
    address = ani.send(cari="Sity Rahayu").path
    ani.open(list_path(cast.maju))
    page = ani.open(address)
    assert shown(page) == ["Siti Rahayu"]
    assert page.fields()["cari"] == "Sity Rahayu"
    assert "ejaan yang mirip" in page.words()


def test_htmx_gets_the_results_alone_and_the_address_to_show(ani, cast):
    ani.open(list_path(cast.maju))
    page = ani.send(htmx=True, cari="Siti Rahayu")
    assert page.tree.get("id") == "worker-results"
    assert "Siti" not in page.headers["HX-Push-Url"]
    assert "cari=" in page.headers["HX-Push-Url"]
    assert "HX-Request" in page.headers["Vary"]


def test_restoring_history_gets_the_whole_page(ani, cast):
    answer = ani.browser.get(list_path(cast.maju), headers={
        "HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert answer.text.startswith("<!doctype html>")


def test_anothers_sealed_term_is_worth_nothing(ani, budi, cast):
    ani.open(list_path(cast.maju))
    address = ani.send(cari="Siti Rahayu").path
    assert len(shown(budi.open(address))) == 5


def test_an_empty_result_says_what_to_do(ani, cast):
    ani.open(list_path(cast.maju))
    assert "Ketik nomor KPJ dari awal" in ani.send(cari="tidak ada").words()


def test_pages_follow_one_another_without_gap_or_repeat(ani, cast):
    hire(cast.maju, 60)
    page, seen = ani.open(list_path(cast.maju)), []
    while True:
        seen += shown(page)
        onward = [link.get("href") for link in page.select(".pager a") if "setelah=" in
                  link.get("href") and "lanjut" in link.text_content().lower()]
        if not onward:
            break
        page = ani.open(onward[0])
    assert len(seen) == len(set(seen)) == 65
    assert "Pekerja" not in page.path


def test_long_names_that_begin_alike_are_paged_too(ani, cast):
    rows = [worker_row(f"6{number:010}", f"32730601019{number:05}", "A" * 90 + f" {number:02}",
                       born=date(1990, 1, 1)) for number in range(30)]
    assert not list(take_in_list(cast.maju, rows, now=clock.now(), outcome=Outcome()))
    first = ani.open(list_path(cast.maju))
    onward = first.select(".pager a")[-1].get("href")
    assert not set(shown(first)) & set(shown(ani.open(onward)))


def test_a_list_takes_as_many_statements_whatever_its_length(ani, cast):
    def statements(path):
        return len(sent_by(lambda: ani.open(path)))

    ani.open(list_path(cast.maju))
    few = statements(list_path(cast.maju))
    hire(cast.maju, 200)
    assert statements(list_path(cast.maju)) == few


def test_a_search_counts_nobody(ani, cast):
    ani.open(list_path(cast.maju))
    asked = sent_by(lambda: ani.send(cari="Siti Rahayu", htmx=True))
    assert asked
    assert not any("COUNT" in sql for sql in asked)


def test_one_worker(ani, cast):
    page = ani.open(f"{list_path(cast.maju)}/{cast.siti_at_maju.public_id}")
    assert page.heading == "Siti Rahayu"
    assert "3171064508900001" not in page.text
    assert "Nonaktifkan Siti Rahayu" in page.words()


def test_the_menu_offers_what_can_be_done(ani, cast):
    page = ani.open(list_path(cast.maju))
    menu = [item.text for item in page.select("tr:last-child .menu a")]
    assert menu == ["Lihat", "Nonaktifkan"]
    file(ani, cast.maju, cast.siti_at_maju)
    page = ani.open(list_path(cast.maju) + "?status=nonaktif")
    assert [item.text for item in page.select(".menu a")] == [
        "Lihat", "Tanda terima", "Batalkan nonaktif"]
    Deactivation.update(filed_at=clock.now() - timedelta(days=8)).execute()
    page = ani.open(list_path(cast.maju) + "?status=nonaktif")
    assert [item.text for item in page.select(".menu a")] == [
        "Lihat", "Tanda terima", "Minta koreksi"]
    assert Membership.get_by_id(cast.siti_at_maju.id).status == "NONAKTIF"


def test_anothers_mark_is_worth_nothing(ani, citra, cast):
    hire(cast.maju, 40)
    onward = ani.open(list_path(cast.maju)).select(".pager a")[-1].get("href")
    stolen = onward.replace(str(cast.maju.public_id), str(cast.lain.public_id))
    assert shown(citra.open(stolen)) == shown(citra.open(list_path(cast.lain)))
