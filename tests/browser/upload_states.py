"""The pages of uploaded lists in every state; see ``tests.browser.states``."""

import io
from datetime import date

from tests.browser.account_states import as_user, proven_long_ago
from webapp import clock
from webapp.models.uploads import Upload
from webapp.uploads.applying import apply_some
from webapp.uploads.checking import check_next
from webapp.uploads.undoing import undo_some
from webapp.workers.service import Outcome, take_in_list
from webapp.workers.worker_list import TakenRow

LONG_NAME = "Rekap pekerja keluar seluruh cabang bulan Oktober dan November 2026 (revisi 3).csv"
ROWS = b"""KPJ;Nama;NIK;Tanggal Lahir;Sebab;Tanggal Keluar;Keterangan
88800000001;Agus Setyawan;3,17E+15;12/3/1985;resain;31/11/2026;
99999999999;Sity Maimunah;;15/6/1992;RSG;19/11/2026;Pindah kota
88800000001;Nama Yang Lain;;22/2/1989;RSG;19/11/2026;
88800000003;;;;MGL;19/11/2026;Meninggal
30145274512;Siti Rahayu;;;Mengundurkan diri;19/11/2026;
88800000002;Siti Maimunah;;;Mengundurkan diri;19/11/2026;
"""
PEOPLE = [TakenRow(row_number=number, kpj=f"8880000000{number}", nik=f"317106450892000{number}",
                   name=name, birth_date=date(1992, 6, 15), start_date=date(2021, 5, 1),
                   phone=phone)
          for number, name, phone in ((1, "Wahyu Nugroho", "+628111111111"),
                                      (2, "Siti Maimunah", ""))]


def hand_in(clerk, place, body, name="a.csv"):
    """Upload through the page."""
    clerk.open(place)
    return clerk.send(file=(io.BytesIO(body), name))


def uploading(app, cast, _):
    """From the empty page to a list that was undone."""
    assert not list(take_in_list(cast.maju, PEOPLE, now=clock.now(), outcome=Outcome()))
    ani, place = as_user(app, cast.ani), f"/perusahaan/{cast.maju.public_id}/unggah"
    yield "nothing yet", ani.open(place)
    yield "no file", ani.send()
    yield "waiting to be checked", hand_in(ani, place, ROWS, LONG_NAME)
    here = ani.page.path
    check_next(clock.now())
    for tab in ("keliru", "dilihat", "nonaktif", "siap"):
        yield f"checked, {tab}", ani.open(f"{here}?lihat={tab}")
    yield from mending(ani, here)
    yield "unusable", unusable(ani, place)
    yield "to be deleted", ani.open(f"{ani.page.path}/hapus")
    yield "to be deleted, outdated", ani.send(version="1")
    yield "same again", checked_again(ani, place)
    yield from applying(ani, here)
    yield "history", ani.open(place)


def mending(ani, here):
    yield "row", ani.open(f"{here}/baris/3")
    yield "row, still wrong", ani.open(f"{here}/baris/2") and ani.send()
    yield "row, stale", ani.send(version="1")
    ani.open(f"{here}/baris/5")
    yield "row left out", ani.send(act="lewati")
    yield "rows left out", ani.open(f"{here}?lihat=dilewati")
    yield "row left out, open", ani.open(f"{here}/baris/5")


def unusable(ani, place):
    hand_in(ani, place, b"Nama;Keterangan\nAgus;x\n")
    check_next(clock.now())
    return ani.open(ani.page.path)


def checked_again(ani, place):
    hand_in(ani, place, ROWS)
    check_next(clock.now())
    return ani.open(ani.page.path)


def applying(ani, here):
    ani.open(here)
    yield "outdated", ani.send("form.confirm-bar", version="1")
    proven_long_ago()
    yield "start, to be proven", ani.send("form.confirm-bar")
    ani.send(password="purna-demo-2026")
    yield "running", ani.send("form.confirm-bar")
    yield "row, while it runs", ani.open(f"{here}/baris/7")
    while apply_some(clock.now()):
        pass
    yield "done", ani.open(here)
    yield "done, receipts", ani.open(f"{here}?lihat=diterapkan")
    yield "row, applied", ani.open(f"{here}/baris/7")
    yield "undo", ani.open(f"{here}/batalkan")
    yield "undo, empty", ani.send()
    yield "being undone", ani.send(reason="Salah berkas")
    while undo_some(clock.now()):
        pass
    yield "undone", ani.open(here)
    assert Upload.get(Upload.undo_reason == "Salah berkas").finished_at
