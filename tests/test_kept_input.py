"""What was typed waits for its owner: a few forms, and nothing that is declared or secret."""

import pytest

from webapp import clock, kept_input
from webapp.models.people import KeptInput


@pytest.fixture
def keep(app, cast):
    """Keep a form of Siti's."""
    def keep(path="/profil/alamat", **fields):
        with app.test_request_context(path, method="POST", data=fields):
            return kept_input.keep(cast.siti, clock.now())
    return keep


def test_secrets_and_declarations_are_never_kept(keep):
    keep(reason="Kartu hilang", password="rahasia", code="123456", is_checked="y")  # noqa: S106
    assert KeptInput.get().fields == '{"reason": ["Kartu hilang"]}'


def test_of_many_forms_the_newest_stay(keep):
    for number in range(kept_input.MOST_FORMS + 3):
        keep(f"/profil/kontak/{number}", value="x")
    kept = [row.path for row in KeptInput.select().order_by(KeptInput.id)]
    assert len(kept) == kept_input.MOST_FORMS
    assert kept[0] == "/profil/kontak/3"
