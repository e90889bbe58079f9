"""Certificates for the lines between machines, by an authority that knows nobody else."""

import ipaddress
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from deploy.secrets_folder import write_secret

YEARS = 5


class Authority:
    """Signs for the machines of one site.

    :param folder: holds ``ca.pem`` and ``ca.key``; both are made when they are not there.
    """

    def __init__(self, folder):
        self._folder = folder
        if not (folder / "ca.pem").exists():
            key = _new_key(folder / "ca.key")
            write_secret(folder / "ca.pem", _pem(_signed("Purna", key, key, "Purna", None)))
        self._key = serialization.load_pem_private_key((folder / "ca.key").read_bytes(), None)
        self.certificate = (folder / "ca.pem").read_text("ascii")

    def pair_for(self, name, address):
        """A machine's (certificate, key) as texts, made once."""
        files = self._folder / f"{name}.pem", self._folder / f"{name}.key"
        if not files[0].exists():
            key = _new_key(files[1])
            write_secret(files[0], _pem(_signed(name, key, self._key, "Purna", address)))
        return tuple(file.read_text("ascii") for file in files)


def _new_key(path):
    key = ec.generate_private_key(ec.SECP256R1())
    write_secret(path, key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption()).decode())
    return key


def _signed(name, key, signer, issuer, address):
    """A certificate for an address; for the authority itself, which has none."""
    now = datetime.now(UTC)
    builder = (x509.CertificateBuilder()
               .subject_name(_named(name)).issuer_name(_named(issuer))
               .public_key(key.public_key()).serial_number(x509.random_serial_number())
               .not_valid_before(now - timedelta(hours=1))
               .not_valid_after(now + timedelta(days=365 * YEARS))
               .add_extension(x509.BasicConstraints(address is None, None), critical=True))
    if address:
        names = [x509.IPAddress(ipaddress.ip_address(address))]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(signer, SHA256())


def _named(name):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM).decode()
