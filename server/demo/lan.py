"""The demo for the local network: its settings, this machine's address in it, and a certificate for that address.

Browsers allow the camera on secure pages only, so phones need https. No certificate authority signs addresses of a
private network, so the demo makes its own certificate and keeps it in the data directory (mode 0600).
"""

import contextlib
import ipaddress
import socket
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pydantic import Field

from server.clock import utc_now
from server.settings import OperatorError, Settings, write_private
from shared.languages import Message

PORT: Final = 8443
CERTIFICATE_NAME: Final = "demo-https.pem"
WARNING: Final = Message(
    "Browsers warn here because this machine made its own certificate: choose “Advanced” or “Show details”, "
    "then go on to the page."
)
_LIFETIME: Final = timedelta(days=90)
_RENEWED_BEFORE_END: Final = timedelta(days=14)
_EARLIER: Final = timedelta(days=1)  # for phones whose clock is slow
# An address behind the default route (TEST-NET-2 of RFC 5737), then common ones for networks without such a route.
_PROBES: Final = ("198.51.100.1", "192.168.0.1", "192.168.1.1", "10.0.0.1", "172.16.0.1", "169.254.0.1")
_EVERYWHERE: Final = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 - never bound here


class LanDemoSettings(Settings):
    """The demo beyond loopback. Only `sparklink demo --lan` builds this; no environment variable turns it on."""

    over_lan: ClassVar[bool] = True
    port: Annotated[int, Field(ge=0, le=65535)] = PORT


def demo_settings() -> LanDemoSettings:
    """Return the settings of a demo for the network. Unless SPARKLINK_HOST names one address, find this machine's.

    Raises:
        OperatorError: this machine is in no network.
    """
    settings = LanDemoSettings(base_url=None, demo=True)
    if "host" not in settings.model_fields_set or settings.host in _EVERYWHERE:
        settings.host = find_address()
    return settings


def find_address() -> str:
    """Return the IPv4 address by which others in the network reach this machine. Sends nothing.

    Raises:
        OperatorError: there is none.
    """
    for probe in _PROBES:
        # Connecting a datagram socket sends nothing: it only makes the system choose its source address.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking, contextlib.suppress(OSError):
            asking.connect((probe, 9))
            address: str = asking.getsockname()[0]
            if not ipaddress.ip_address(address).is_loopback:
                return address
    raise OperatorError(
        "This machine is in no network that others could reach it by. Join one, name the address with "
        "SPARKLINK_HOST, or show the demo on this screen: sparklink demo"
    )


def certificate(data_dir: Path, address: str) -> Path:
    """Return a PEM file with a key and a certificate for `address`, localhost and this machine's name.

    The file in `data_dir` is kept while it fits, so that phones need to trust it only once.
    """
    path = data_dir / CERTIFICATE_NAME
    names = _names(address)
    if not _fits(path, names):
        write_private(path, _make(names))
    return path


def _names(address: str) -> list[x509.GeneralName]:
    own = socket.gethostname().lower()
    names: dict[str, None] = dict.fromkeys([address, "localhost", "127.0.0.1", own, f"{own.partition('.')[0]}.local"])
    return [found for name in names if (found := _name(name)) is not None]


def _name(name: str) -> x509.GeneralName | None:
    with contextlib.suppress(ValueError):
        return x509.IPAddress(ipaddress.ip_address(name))
    usable = name.isascii() and len(name) <= 63 and name.replace("-", "").replace(".", "").isalnum()
    return x509.DNSName(name) if usable and not name.startswith(".") else None


def _fits(path: Path, names: list[x509.GeneralName]) -> bool:
    try:
        pem = path.read_bytes()
        kept = x509.load_pem_x509_certificate(pem)
        key = serialization.load_pem_private_key(pem, password=None)
        named = kept.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, TypeError, x509.ExtensionNotFound):
        return False
    now = utc_now()
    return (
        list(named) == names
        and key.public_key() == kept.public_key()
        and kept.not_valid_before_utc <= now < kept.not_valid_after_utc - _RENEWED_BEFORE_END
    )


def _make(names: list[x509.GeneralName]) -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Sparklink demo")])
    now = utc_now()
    made = x509.CertificateBuilder(issuer_name=who, subject_name=who, public_key=key.public_key())
    made = made.serial_number(x509.random_serial_number())
    made = made.not_valid_before(now - _EARLIER).not_valid_after(now + _LIFETIME)
    for extension, critical in _extensions(names, key.public_key()):
        made = made.add_extension(extension, critical=critical)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    return (private + public).decode()


def _extensions(names: list[x509.GeneralName], key: ec.EllipticCurvePublicKey) -> list[tuple[Any, bool]]:
    # The certificate is no authority: a phone that trusts it trusts this server and nothing else.
    unused = ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign")
    usage = dict.fromkeys((*unused, "crl_sign", "encipher_only", "decipher_only"), False)
    return [
        (x509.SubjectAlternativeName(names), False),
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (x509.KeyUsage(digital_signature=True, **usage), True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
        (x509.SubjectKeyIdentifier.from_public_key(key), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(key), False),
    ]
