"""Passkeys (WebAuthn): what a browser is asked for, and whether what it answers is genuine.

Pure: challenges and keys are kept by the caller, a challenge for one ceremony only. The person is
always verified by the device, so that a passkey is two factors at once; attestation is not asked
for, since any maker's device will do. `host` is the domain name alone, `origin` what stands before
the path in the browser: `https://purna.example`.
"""

import json
from dataclasses import dataclass
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url, encode_cbor
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

SERVICE = "Purna"
PATIENCE_MILLISECONDS = 300_000     # a finger, a PIN or another phone must be found first
LONGEST_ID = 1023     # bytes, by the standard
LONGEST_KEY = 1024    # the longest we ask for, RSA of 4096 bits, takes about half


@dataclass(frozen=True)
class Site:
    """The one place where our passkeys work.

    :param host: its domain name.
    :param origin: what stands before the path in the browser.
    """

    host: str
    origin: str

    @classmethod
    def at(cls, base_url):
        """The site at an address."""
        parts = urlsplit(base_url)
        return cls(parts.hostname, f"{parts.scheme}://{parts.netloc}")


class NotGenuine(Exception):
    """The answer is malformed, for another ceremony or site, or not signed with this key."""


def registration_options(*, host: str, user_handle: bytes, user_name: str, display_name: str,
                         known: list[bytes]) -> tuple[str, bytes]:
    """JSON for the browser to make a passkey with, and the challenge to keep until it answers.

    :param user_handle: random bytes of this person, at most 64; devices keep it, so it must tell
        nothing about them.
    :param known: ids of the passkeys the person has; a device that holds one makes no second.
    """
    options = generate_registration_options(
        rp_id=host, rp_name=SERVICE, user_id=user_handle, user_name=user_name,
        user_display_name=display_name, timeout=PATIENCE_MILLISECONDS,
        attestation=AttestationConveyancePreference.NONE,
        # Kept on the device, so that signing in needs no user name.
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED),
        exclude_credentials=_descriptors(known))
    return options_to_json(options), options.challenge


def verify_registration(credential_json: str, *, challenge: bytes, host: str,
                        origin: str) -> tuple[bytes, bytes, int]:
    """The id, public key and use count of a new passkey. Raises NotGenuine."""
    made = _checked(
        verify_registration_response, credential=credential_json, expected_challenge=challenge,
        expected_rp_id=host, expected_origin=origin, require_user_verification=True)
    if len(made.credential_id) > LONGEST_ID or len(made.credential_public_key) > LONGEST_KEY:
        raise NotGenuine
    return made.credential_id, made.credential_public_key, made.sign_count


def authentication_options(*, host: str, known: list[bytes] | tuple[bytes, ...] = ()
                           ) -> tuple[str, bytes]:
    """JSON for the browser to sign in with, and the challenge to keep until it answers.

    :param known: ids of passkeys, one of which must be used; empty to let the person choose.
    """
    options = generate_authentication_options(
        rp_id=host, timeout=PATIENCE_MILLISECONDS, allow_credentials=_descriptors(known),
        user_verification=UserVerificationRequirement.REQUIRED)
    return options_to_json(options), options.challenge


def credential_id_of(credential_json: str) -> bytes:
    """The id of the passkey an answer claims to be from, to find its key. Raises NotGenuine."""
    text = _checked(lambda: json.loads(credential_json)["id"])
    credential_id = _checked(base64url_to_bytes, val=text)
    # One spelling only: the decoder reads over what is no base 64.
    if bytes_to_base64url(credential_id) != text or not 0 < len(credential_id) <= LONGEST_ID:
        raise NotGenuine
    return credential_id


def verify_authentication(credential_json: str, *, challenge: bytes, host: str, origin: str,
                          public_key: bytes, sign_count: int) -> int:
    """The new use count of the passkey that signed. Raises NotGenuine, also for a copied device.

    A device that counts nothing answers 0 each time.
    """
    used = _checked(
        verify_authentication_response, credential=credential_json, expected_challenge=challenge,
        expected_rp_id=host, expected_origin=origin, credential_public_key=public_key,
        credential_current_sign_count=sign_count, require_user_verification=True)
    return used.new_sign_count


def _descriptors(ids):
    return [PublicKeyCredentialDescriptor(id=credential_id) for credential_id in ids]


def _checked(check, **what):
    try:
        return check(**what)
    # The library lets errors of JSON, CBOR, base 64 and cryptography through, of many kinds.
    except Exception as problem:
        raise NotGenuine from problem


def _thrown_away():
    """A public key of the usual kind (COSE, ES256) whose other half is gone."""
    point = ec.generate_private_key(ec.SECP256R1()).public_key().public_numbers()
    return encode_cbor({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)})


# Compared against when nobody has such a passkey, so that the answer takes as long.
NOBODYS_KEY = _thrown_away()
