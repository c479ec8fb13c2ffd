"""A local certificate authority and the certificate of a served tenant, for clients that insist on https."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from reconciler.errors import TenantError
from reconciler.local.keys import write_private

LOOPBACK = ("localhost", "127.0.0.1", "::1")
_AUTHORITY_DAYS, _LEAF_DAYS, _LEFT_DAYS = 3650, 397, 30
_SKEW = timedelta(hours=1)


@dataclass(frozen=True)
class Certificates:
    """Where the files are: `authority` is what a client is to trust; `chain` and `key` are the server's."""

    authority: Path
    chain: Path
    key: Path


def served_certificates(directory: Path, host: str, now: datetime) -> Certificates:
    """Certificates for that host and for loopback, in that directory. What is there and still good for 30 days stays.

    TenantError where the directory cannot be used or its files are damaged.
    """
    files = Certificates(directory / "ca.pem", directory / "server.pem", directory / "server-key.pem")
    try:
        directory.mkdir(mode=0o700, exist_ok=True)
        authority, authority_key = _authority(files.authority, directory / "ca-key.pem", now)
        names = tuple(dict.fromkeys((*LOOPBACK, host)))
        if not _still_good(files, authority, names, now):
            key = ec.generate_private_key(ec.SECP256R1())
            leaf = _leaf(key.public_key(), names, authority, authority_key, now)
            write_private(files.key, _pem(key))
            write_private(files.chain, leaf.public_bytes(serialization.Encoding.PEM))
    except OSError as error:
        raise TenantError(
            f"The certificates in {directory} cannot be used: {error.strerror}.",
            "Give yourself the right to write there.",
        ) from None
    except ValueError:
        raise TenantError(
            f"The certificates in {directory} are damaged.", "Delete that directory; they are made anew."
        ) from None
    return files


def _authority(path: Path, key_path: Path, now: datetime) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    if path.exists() and key_path.exists():
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
        if now + timedelta(days=_LEFT_DAYS) < certificate.not_valid_after_utc:
            return certificate, _loaded_key(key_path)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "reconciler local authority")])
    certificate = (
        _builder(name, name, key.public_key(), now, _AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    write_private(key_path, _pem(key))
    write_private(path, certificate.public_bytes(serialization.Encoding.PEM))
    return certificate, key


def _leaf(
    public_key: ec.EllipticCurvePublicKey,
    names: Iterable[str],
    authority: x509.Certificate,
    authority_key: ec.EllipticCurvePrivateKey,
    now: datetime,
) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "reconciler embedded tenant")])
    issuer_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    return (
        _builder(name, authority.subject, public_key, now, _LEAF_DAYS)
        .add_extension(x509.SubjectAlternativeName([_general_name(each) for each in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(issuer_key, critical=False)
        .sign(authority_key, hashes.SHA256())
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, public_key: ec.EllipticCurvePublicKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SKEW)
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def _still_good(files: Certificates, authority: x509.Certificate, names: tuple[str, ...], now: datetime) -> bool:
    if not (files.chain.exists() and files.key.exists()):
        return False
    leaf = x509.load_pem_x509_certificate(files.chain.read_bytes())
    covered = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    try:
        leaf.verify_directly_issued_by(authority)
    except (InvalidSignature, ValueError, TypeError):
        return False
    fits = _loaded_key(files.key).public_key() == leaf.public_key()
    fresh = now + timedelta(days=_LEFT_DAYS) < leaf.not_valid_after_utc
    return fits and fresh and all(_general_name(name) in covered for name in names)


def _loaded_key(path: Path) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("not a key of ours")
    return key


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
