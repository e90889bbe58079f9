from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp import clock
from webapp.db import write_transaction
from webapp.messages.gsm import BASIC_ALPHABET, gsm_text, shorten
from webapp.messages.outbox import tell
from webapp.messages.queries import messages_of, shown_body
from webapp.models.messages import EMAIL, SMS, WAITING, Message

NOW = clock.now()


def test_a_message_is_written_for_each_channel_the_person_has(siti):
    with write_transaction():
        channels = tell(siti, kind="membership:ended", about=siti.public_id, now=NOW,
                        sms="Kepesertaan Anda berakhir.", email=("Kepesertaan", "Berakhir."))
    assert channels == [SMS, EMAIL]
    sms, email = Message.select().order_by(Message.id)
    assert (sms.recipient, sms.body) == ("+6281234567890", "Kepesertaan Anda berakhir.")
    assert (email.recipient, email.subject, email.body) == (
        "siti@contoh.example", "Kepesertaan", "Berakhir.")
    assert {sms.state, email.state} == {WAITING}
    assert sms.due_at == NOW
    assert sms.expires_at == NOW + timedelta(hours=72)


def test_addresses_and_texts_are_not_in_the_table_in_clear(siti, database):
    with write_transaction():
        tell(siti, kind="k", about=None, now=NOW, sms="Rahasia Siti")
    row = database.execute_sql("SELECT * FROM message").fetchone()
    assert "Rahasia" not in repr([bytes(value) if isinstance(value, memoryview) else value
                                  for value in row])
    assert "6281234567890" not in repr(row)


def test_a_person_without_an_address_gets_no_row(siti, ani):
    siti.phone = None
    siti.save()
    with write_transaction():
        assert tell(siti, kind="k", about=None, now=NOW, sms="a", email=("b", "c")) == [EMAIL]
        assert tell(user=ani, kind="k", about=None, now=NOW, sms="a", email=("b", "c")) == [EMAIL]
        assert tell(siti, kind="k", about=None, now=NOW, sms="a") == []
    assert Message.select().count() == 2


def test_telling_outside_a_transaction_is_refused(siti):
    with pytest.raises(RuntimeError, match="transaction"):
        tell(siti, kind="k", about=None, now=NOW, sms="a")
    assert Message.select().count() == 0


def test_a_message_goes_with_the_act_that_is_rolled_back(siti):
    with pytest.raises(ZeroDivisionError), write_transaction():  # noqa: PT012
        tell(siti, kind="k", about=None, now=NOW, sms="a")
        raise ZeroDivisionError
    assert Message.select().count() == 0


@pytest.mark.parametrize(("content", "words"), [
    ({"sms": "a" * 161}, "160"), ({"sms": ""}, "160"), ({"sms": "€" * 54}, "162"),
    ({"email": ("dua\r\nBcc: x@y.example", "b")}, "subject"),
    ({"email": ("a" * 201, "b")}, "subject"), ({"email": ("", "b")}, "subject")])
def test_what_does_not_fit_is_refused_when_it_is_written(siti, content, words):
    with pytest.raises(ValueError, match=words), write_transaction():
        tell(siti, kind="k", about=None, now=NOW, **content)
    assert Message.select().count() == 0


def test_a_message_is_for_exactly_one_person(siti, ani):
    for people in ((None, None), (siti, ani)):
        with pytest.raises(ValueError, match="one worker or one user"), write_transaction():
            tell(*people, kind="k", about=None, now=NOW, sms="a")


def test_messages_of_a_worker_and_their_account_come_newest_first(siti, ani):
    with write_transaction():
        siti.user = ani
        siti.save()
        tell(siti, kind="old", about=None, now=NOW, sms="a")
        tell(user=ani, kind="new", about=None, now=NOW + timedelta(hours=1), email=("b", "c"))
    assert [message.kind for message in messages_of(siti)] == ["new", "old"]
    siti.user = None
    assert [message.kind for message in messages_of(siti)] == ["old"]


def test_a_text_with_a_code_is_never_shown(told):
    assert shown_body(told("Kode 123456", kind="otp:claim")) is None
    assert shown_body(told("Halo")) == "Halo"


@pytest.mark.parametrize(("text", "expected"), [
    ("Ahmad Ma’ruf — “Budi”", "Ahmad Ma'ruf - \"Budi\""), ("Rp1.000 [netto]", "Rp1.000 (netto)"),
    ("é à ñ Ø", "é à ñ Ø"), ("āśū", "asu"), ("e\u0301", "é"), ("日", "?"), ("a\u200bb", "ab"),
    ("½", "1/2"), ("a\u00a0b", "a b"), ("{x|y}", "(x/y)"), ("…", "...")])
def test_texts_are_brought_into_the_gsm_alphabet(text, expected):
    assert gsm_text(text) == expected


@given(st.text())
def test_any_text_ends_in_the_alphabet_and_stays_there(text):
    once = gsm_text(text)
    assert set(once) <= BASIC_ALPHABET
    assert gsm_text(once) == once


@given(st.text(), st.integers(2, 40))
def test_a_short_name_is_short(name, most):
    assert len(shorten(name, most)) <= most


def test_names_are_cut_between_words():
    assert shorten("Siti Nurhaliza Binti Tarudin", 20) == "Siti Nurhaliza Binti"
    assert shorten("Siti Nurhaliza Binti Tarudin", 19) == "Siti Nurhaliza"
    assert shorten("Nurhalizabintitarudin", 10) == "Nurhaliza."
    assert shorten("Siti", 4) == "Siti"
