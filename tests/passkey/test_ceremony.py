"""Passkeys: only what a device signed for this site, this ceremony and this key is genuine.

The device here is one of software; tests/browser/test_passkey_ceremony.py has Chromium's own.
"""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from webauthn.helpers import bytes_to_base64url, encode_cbor

from tests.passkey.device import HOST, ORIGIN, PRESENT, VERIFIED, Device
from webapp.passkey.ceremony import (
    NotGenuine,
    authentication_options,
    credential_id_of,
    registration_options,
    verify_authentication,
    verify_registration,
)

SITE = {"host": HOST, "origin": ORIGIN}
SITI = {"user_handle": b"\x01" * 16, "user_name": "siti@pekerja.example",
        "display_name": "Siti Rahayu"}


@pytest.fixture
def device():
    """A device whose passkey is registered, as `device.known` knows it."""
    device = Device()
    _, challenge = registration_options(host=HOST, known=[], **SITI)
    _, key, count = verify_registration(device.create(challenge), challenge=challenge, **SITE)
    device.known = {"public_key": key, "sign_count": count}
    return device


def test_a_browser_is_asked_for_a_passkey_that_needs_no_user_name_and_verifies_the_person():
    text, challenge = registration_options(host=HOST, known=[b"one", b"two"], **SITI)
    options = json.loads(text)
    assert options["rp"] == {"id": HOST, "name": "Purna"}
    assert options["user"] == {"id": bytes_to_base64url(b"\x01" * 16), "displayName": "Siti Rahayu",
                               "name": "siti@pekerja.example"}
    assert options["challenge"] == bytes_to_base64url(challenge)
    assert len(challenge) >= 32
    assert options["authenticatorSelection"] == {
        "residentKey": "required", "requireResidentKey": True, "userVerification": "required"}
    assert options["attestation"] == "none"
    assert [one["id"] for one in options["excludeCredentials"]] == ["b25l", "dHdv"]
    assert [one["alg"] for one in options["pubKeyCredParams"]] == [-8, -7, -257]


def test_a_browser_is_asked_to_sign_in_with_any_passkey_or_one_of_those_known():
    text, challenge = authentication_options(host=HOST)
    options = json.loads(text)
    assert (options["rpId"], options["userVerification"]) == (HOST, "required")
    assert options["allowCredentials"] == []
    assert options["challenge"] == bytes_to_base64url(challenge)
    text, _ = authentication_options(host=HOST, known=[b"one"])
    assert json.loads(text)["allowCredentials"] == [{"id": "b25l", "type": "public-key"}]


def test_no_two_challenges_are_the_same():
    challenges = {authentication_options(host=HOST)[1] for _ in range(50)}
    challenges |= {registration_options(host=HOST, known=[], **SITI)[1] for _ in range(50)}
    assert len(challenges) == 100


def test_a_passkey_is_registered_and_signs_in():
    device = Device()
    _, challenge = registration_options(host=HOST, known=[], **SITI)
    answer = device.create(challenge)
    identity, key, count = verify_registration(answer, challenge=challenge, **SITE)
    assert (identity, count) == (device.id, 0)
    for use in (1, 2):
        _, challenge = authentication_options(host=HOST)
        answer = device.get(challenge)
        assert credential_id_of(answer) == identity
        count = verify_authentication(answer, challenge=challenge, public_key=key,
                                      sign_count=count, **SITE)
        assert count == use


WRONG = [
    {"origin": "https://purna.example.evil.example"}, {"origin": "http://purna.example"},
    {"origin": "https://purna.example:8443"}, {"host": "evil.example"}, {"flags": PRESENT},
    {"flags": VERIFIED}, {"flags": 0}]


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_a_passkey_made_elsewhere_or_without_the_person_is_refused(wrong):
    with pytest.raises(NotGenuine):
        verify_registration(Device().create(b"c" * 64, **wrong), challenge=b"c" * 64, **SITE)


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_a_passkey_used_elsewhere_or_without_the_person_is_refused(device, wrong):
    with pytest.raises(NotGenuine):
        verify_authentication(device.get(b"c" * 64, **wrong), challenge=b"c" * 64, **SITE,
                              **device.known)


def test_an_answer_to_another_challenge_is_refused(device):
    with pytest.raises(NotGenuine):
        verify_registration(Device().create(b"a" * 64), challenge=b"b" * 64, **SITE)
    with pytest.raises(NotGenuine):
        verify_authentication(device.get(b"a" * 64), challenge=b"b" * 64, **SITE, **device.known)


def test_an_answer_of_one_ceremony_is_none_of_the_other(device):
    with pytest.raises(NotGenuine):
        verify_registration(device.get(b"c" * 64), challenge=b"c" * 64, **SITE)
    with pytest.raises(NotGenuine):
        verify_authentication(device.create(b"c" * 64), challenge=b"c" * 64, **SITE,
                              **device.known)


def test_the_passkey_of_another_device_is_refused(device):
    other = Device()
    other.id = device.id
    with pytest.raises(NotGenuine):
        verify_authentication(other.get(b"c" * 64), challenge=b"c" * 64, **SITE, **device.known)


@pytest.mark.parametrize("part", ["signature", "authenticatorData", "clientDataJSON"])
def test_a_changed_answer_is_refused(device, part):
    answer = json.loads(device.get(b"c" * 64))
    text = answer["response"][part]
    answer["response"][part] = text[:-8] + ("B" if text[-8] == "A" else "A") + text[-7:]
    with pytest.raises(NotGenuine):
        verify_authentication(json.dumps(answer), challenge=b"c" * 64, **SITE, **device.known)


def test_a_copied_device_that_counts_again_is_refused(device):
    device.known["sign_count"] = 5
    device.uses = 4
    with pytest.raises(NotGenuine):
        verify_authentication(device.get(b"c" * 64), challenge=b"c" * 64, **SITE, **device.known)
    answer = device.get(b"c" * 64)
    assert verify_authentication(answer, challenge=b"c" * 64, **SITE, **device.known) == 6


def test_a_device_that_counts_nothing_may_be_used_again(device):
    for _ in range(2):
        answer = device.get(b"c" * 64, counted=0)
        assert verify_authentication(answer, challenge=b"c" * 64, **SITE, **device.known) == 0


def test_an_id_longer_than_the_standard_allows_is_refused():
    challenge = b"c" * 64
    assert verify_registration(Device(1023).create(challenge), challenge=challenge, **SITE)
    with pytest.raises(NotGenuine):
        verify_registration(Device(1024).create(challenge), challenge=challenge, **SITE)
    with pytest.raises(NotGenuine):
        credential_id_of(json.dumps({"id": "A" * 2000}))


def refused_by_all(text):
    """Each of the three functions that read an answer refuses this one."""
    known = {"public_key": b"key", "sign_count": 0}
    for read in (credential_id_of,
                 lambda text: verify_registration(text, challenge=b"c", **SITE),
                 lambda text: verify_authentication(text, challenge=b"c", **SITE, **known)):
        with pytest.raises(NotGenuine):
            read(text)


@pytest.mark.parametrize("text", [
    "", "null", "[]", "{}", '{"id": null}', '{"id": 5}', '{"id": ""}', '{"id": ["a"]}',
    "[" * 60_000, '{"id":' * 9_000, '{"id": "é"}', '{"id": "A"}', '{"id": "AA!AA"}',
    "\ud800", "9" * 5_000, None, 5])
def test_garbage_is_refused(text):
    refused_by_all(text)


@given(st.text())
def test_any_text_is_refused(text):
    refused_by_all(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5)
TEXTS = st.binary(max_size=200).map(bytes_to_base64url) | JSON
ANSWERS = st.fixed_dictionaries(
    {"id": TEXTS, "rawId": TEXTS, "type": st.just("public-key") | JSON,
     "response": st.fixed_dictionaries({
         name: TEXTS for name in ("clientDataJSON", "attestationObject", "authenticatorData",
                                  "signature", "userHandle")}) | JSON},
    optional={"authenticatorAttachment": JSON})


@given(ANSWERS)
def test_any_answer_of_the_right_shape_is_refused(answer):
    text = json.dumps(answer)
    for read in (lambda: verify_registration(text, challenge=b"c", **SITE),
                 lambda: verify_authentication(text, challenge=b"c", public_key=b"key",
                                               sign_count=0, **SITE)):
        with pytest.raises(NotGenuine):
            read()


CBOR = st.recursive(
    st.none() | st.booleans() | st.integers(-2**63, 2**63) | st.binary(max_size=90) | st.text(),
    lambda inner: st.dictionaries(st.integers(-4, 4), inner, max_size=5), max_leaves=6)


@given(st.sampled_from(["none", "packed", "fido-u2f", "tpm", "apple", "android-key",
                        "android-safetynet", "other"]),
       st.dictionaries(st.sampled_from(["sig", "x5c", "alg", "ver", "certInfo", "response"]), CBOR),
       CBOR, st.binary(max_size=60))
def test_any_attestation_of_any_key_is_read_without_another_error(kind, statement, key, rest):
    answer = json.loads(Device().create(b"c"))
    data = hashlib.sha256(HOST.encode()).digest() + b"\x45" + b"\0" * 20 + b"\0\x04good"
    answer["response"]["attestationObject"] = bytes_to_base64url(encode_cbor(
        {"fmt": kind, "attStmt": statement, "authData": data + encode_cbor(key) + rest}))
    try:
        assert verify_registration(json.dumps(answer), challenge=b"c", **SITE)[0] == b"good"
    except NotGenuine:
        pass


@given(CBOR.map(encode_cbor) | st.binary())
def test_a_stored_key_that_is_none_is_refused(key):
    with pytest.raises(NotGenuine):
        verify_authentication(Device().get(b"c"), challenge=b"c", public_key=key, sign_count=0,
                              **SITE)
