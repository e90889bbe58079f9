"""Anybody can check a receipt: online by its number, offline by its signed text."""

from urllib.parse import quote

from tests.page import file
from webapp.models.receipts import Receipt
from webapp.receipts.signing import show_number


def test_the_check_page_tells_status_and_masked_names_only(ani, visitor, cast):
    number = file(ani, cast.maju, cast.siti_at_maju).words(".receipt-number")
    page = visitor.open(f"/periksa/{number}")
    assert "Tanda terima ini asli" in page.heading
    assert "S••• R•••" in page.words()
    for secret in ("Siti", "Rahayu", "Maju", "30145274512", "Mengundurkan"):
        assert secret not in page.words()


def test_an_undone_one_says_so(ani, visitor, cast):
    number = file(ani, cast.maju, cast.siti_at_maju).words(".receipt-number")
    ani.open(ani.page.path + "/batalkan")
    ani.send(reason="Salah nama")
    assert "sudah dibatalkan" in visitor.open(f"/periksa/{number}").words()


def test_the_number_may_be_typed_carelessly(ani, visitor, cast):
    number = file(ani, cast.maju, cast.siti_at_maju).words(".receipt-number")
    visitor.open("/periksa")
    assert visitor.send(code=f" {number.lower().replace('-', ' ')} ").status == 200


def test_a_mistyped_number_is_said_so_and_kept(visitor):
    visitor.open("/periksa")
    page = visitor.send(code="N7K4-22QD")
    assert page.status == 422
    assert "salah ketik" in page.errors()["code"]
    assert page.fields()["code"] == "N7K4-22QD"


def test_an_unknown_number_is_404(visitor):
    assert visitor.open("/periksa/0000-0000-0000").status == 404


def test_the_text_of_the_qr_leads_to_the_receipt_and_a_changed_one_does_not(ani, visitor, cast):
    file(ani, cast.maju, cast.siti_at_maju)
    receipt = Receipt.get()
    visitor.open("/periksa")
    scanned = f"http://localhost/periksa/x#{quote(receipt.text)}"
    assert show_number(receipt.number) in visitor.send(code=scanned).words()
    visitor.open("/periksa")
    page = visitor.send(code=receipt.text.replace("261120", "261020"))
    assert "tidak asli" in page.errors()["code"]


def test_offline_with_the_published_key(ani, visitor, cast, app, tmp_path):
    file(ani, cast.maju, cast.siti_at_maju)
    key = tmp_path / "kunci.pem"
    key.write_bytes(visitor.browser.get("/kunci-publik.pem").data)
    run = app.test_cli_runner().invoke
    text = Receipt.get().text
    assert "genuine: " in run(args=["receipts", "verify", text, "--key", str(key)]).output
    changed = text.replace("RSG", "PHK")
    answer = run(args=["receipts", "verify", changed, "--key", str(key)])
    assert answer.exit_code == 1
    assert "NOT genuine" in answer.output
