"""Sealed values: unreadable in the table, bound to their row, found by index."""

import secrets

import pytest

from webapp import vault
from webapp.models.workers import Worker
from webapp.vault import Unreadable, Vault


@pytest.fixture
def box():
    return Vault([secrets.token_bytes(32)], secrets.token_bytes(32))


def test_what_is_sealed_opens_in_its_place_only(box):
    sealed = box.seal(b"3171064508900001", b"worker.nik|1")
    assert box.open(sealed, b"worker.nik|1") == b"3171064508900001"
    with pytest.raises(Unreadable):
        box.open(sealed, b"worker.nik|2")


def test_one_changed_bit_is_noticed(box):
    sealed = bytearray(box.seal(b"secret", b"here"))
    sealed[-1] ^= 1
    with pytest.raises(Unreadable):
        box.open(bytes(sealed), b"here")


def test_the_same_value_never_looks_the_same(box):
    assert box.seal(b"same", b"here") != box.seal(b"same", b"here")


def test_an_older_key_still_opens_and_the_newest_seals():
    old, new, index = (secrets.token_bytes(32) for _ in range(3))
    sealed = Vault([old], index).seal(b"kept", b"here")
    both = Vault([new, old], index)
    assert both.open(sealed, b"here") == b"kept"
    with pytest.raises(Unreadable):
        Vault([old], index).open(both.seal(b"fresh", b"here"), b"here")


def test_the_index_needs_its_key(box):
    other = Vault([secrets.token_bytes(32)], secrets.token_bytes(32))
    assert box.index("3171064508900001", "nik") != other.index("3171064508900001", "nik")
    assert box.index("1", "nik") != box.index("1", "phone")


def test_a_value_moved_to_another_row_cannot_be_read(cast):
    siti, other = Worker.select().order_by(Worker.id).limit(2)
    assert siti.nik == "3171064508900001"
    other.nik_sealed = siti.nik_sealed
    with pytest.raises(Unreadable):
        other.nik  # noqa: B018


def test_nothing_personal_stands_in_the_table_in_clear(cast):
    row = Worker.select().where(Worker.nik.matches("3171064508900001")).dicts().get()
    everything = " ".join(str(bytes(value) if isinstance(value, memoryview) else value)
                          for value in row.values())
    for secret in ("3171064508900001", "8123454512", "siti@pekerja"):
        assert secret not in everything


def test_the_vault_in_use_is_the_applications(app):
    assert vault.current() is not None
