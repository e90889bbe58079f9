"""A device of software that makes and uses one passkey, as a test wants it."""

import hashlib
import json
import secrets

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url, encode_cbor

HOST, ORIGIN = "purna.example", "https://purna.example"
PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40


class Device:
    """An authenticator with one passkey, which says whatever a test wants it to say."""

    def __init__(self, id_length=32):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(id_length)
        self.uses = 0

    def _public(self):
        point = self.key.public_key().public_numbers()
        return encode_cbor({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)})

    def _data(self, host, flags):
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + self.uses.to_bytes(4)

    def _answer(self, challenge, origin, kind, **response):
        client = json.dumps({"type": f"webauthn.{kind}", "challenge": bytes_to_base64url(challenge),
                             "origin": origin, "crossOrigin": False}).encode()
        return client, {"id": bytes_to_base64url(self.id), "rawId": bytes_to_base64url(self.id),
                        "type": "public-key", "response": response}

    def create(self, challenge, origin=ORIGIN, host=HOST, flags=PRESENT | VERIFIED):
        """What the browser sends after making the passkey."""
        client, answer = self._answer(challenge, origin, "create")
        data = self._data(host, flags | WITH_KEY) + b"\0" * 16 + len(self.id).to_bytes(2)
        data += self.id + self._public()
        attestation = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        answer["response"] = {"clientDataJSON": bytes_to_base64url(client),
                              "attestationObject": bytes_to_base64url(attestation)}
        return json.dumps(answer)

    def get(self, challenge, origin=ORIGIN, host=HOST, flags=PRESENT | VERIFIED, counted=1):
        """What the browser sends after using the passkey."""
        self.uses += counted
        client, answer = self._answer(challenge, origin, "get")
        data = self._data(host, flags)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        answer["response"] = {"clientDataJSON": bytes_to_base64url(client),
                              "authenticatorData": bytes_to_base64url(data),
                              "signature": bytes_to_base64url(signature), "userHandle": None}
        return json.dumps(answer)
