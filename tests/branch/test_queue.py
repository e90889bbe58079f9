"""What waits at the branch."""

from datetime import timedelta

from tests.page import Clerk, file
from webapp import clock
from webapp.models.deactivations import Deactivation


def test_a_correction_request_waits_with_a_masked_name(app, ani, cast):
    file(ani, cast.maju, cast.siti_at_maju)
    receipt = ani.page.path
    Deactivation.update(filed_at=clock.now() - timedelta(days=8)).execute()
    ani.open(receipt + "/koreksi")
    ani.send(reason="Yang berhenti orang lain")
    words = Clerk(app).sign_in("dewi@cabang.example").page.words()
    assert "PT Maju Bersama" in words
    assert "S••• R•••" in words
    assert "Siti Rahayu" not in words


def test_an_empty_queue_says_so(app, cast):
    assert "Antrean kosong" in Clerk(app).sign_in("dewi@cabang.example").page.words()
