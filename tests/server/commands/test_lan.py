"""The demo on the network: who may turn it on, its address, its certificate and what the terminal prints."""

import ipaddress
import os
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import time_machine
import zxingcpp
from cryptography import x509
from PIL import Image
from pydantic import ValidationError

from server.clock import utc_now
from server.commands import serving
from server.demo import lan
from server.demo.lan import LanDemoSettings
from server.settings import Settings
from tests.server.demo.lan_server import LanServer, address

ADDRESS = "192.0.2.77"


@pytest.fixture
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Remove our settings from the environment."""
    for name in [name for name in os.environ if name.startswith("SPARKLINK_")]:
        monkeypatch.delenv(name)
    return monkeypatch


@pytest.fixture(scope="module")
def lan_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LanServer]:
    """Start a demo for the network."""
    server = LanServer(tmp_path_factory.mktemp("lan") / "data")
    server.start()
    yield server
    server.stop()


def read(path: Path) -> x509.Certificate:
    """Return the certificate of a PEM file."""
    return x509.load_pem_x509_certificate(path.read_bytes())


def names(path: Path) -> x509.SubjectAlternativeName:
    """Return the names and addresses that a certificate is for."""
    return read(path).extensions.get_extension_for_class(x509.SubjectAlternativeName).value


@pytest.mark.parametrize("name", ["SPARKLINK_OVER_LAN", "SPARKLINK_LAN", "over_lan", "OVER_LAN"])
def test_no_variable_serves_the_demo_beyond_loopback(clean_environment: pytest.MonkeyPatch, name: str) -> None:
    """Only the command `demo --lan` serves the demo beyond loopback; no host and no variable is enough."""
    clean_environment.setenv("SPARKLINK_HOST", ADDRESS)
    clean_environment.setenv("SPARKLINK_DEMO", "true")
    clean_environment.setenv(name, "true")
    with pytest.raises(ValidationError, match=r"127\.0\.0\.1 only"):
        Settings()


def test_settings_of_the_network_demo(clean_environment: pytest.MonkeyPatch) -> None:
    """Codes carry the https address, whatever else was set; cookies are Secure; the port is 8443."""
    clean_environment.setenv("SPARKLINK_BASE_URL", "http://elsewhere.example")
    clean_environment.setenv("SPARKLINK_HOST", ADDRESS)
    settings = lan.demo_settings()
    assert settings.origin == f"https://{ADDRESS}:8443"
    assert settings.secure_cookies
    assert settings.demo
    clean_environment.setenv("SPARKLINK_PORT", "8399")
    assert lan.demo_settings().port == 8399


def test_all_interfaces_are_never_served(clean_environment: pytest.MonkeyPatch) -> None:
    """No phone can open `0.0.0.0`, so the demo chooses one address of this machine."""
    clean_environment.setenv("SPARKLINK_HOST", "0.0.0.0")  # noqa: S104 - must not be used
    if address() == "127.0.0.1":
        with pytest.raises(lan.OperatorError, match="no network"):
            lan.demo_settings()
    else:
        assert lan.demo_settings().host == address()


def test_found_address_is_this_machines_own() -> None:
    """A server can listen on the address that was found, and it is not a loopback address."""
    found = address()
    with socket.socket() as listener:
        listener.bind((found, 0))
    assert found == "127.0.0.1" or not ipaddress.ip_address(found).is_loopback


def test_certificate_is_for_what_people_open(tmp_path: Path) -> None:
    """The certificate names the address, localhost and this machine; only its owner can read the key."""
    path = lan.certificate(tmp_path / "data", ADDRESS)
    assert path.stat().st_mode & 0o777 == 0o600
    assert ipaddress.ip_address(ADDRESS) in names(path).get_values_for_type(x509.IPAddress)
    assert {"localhost", socket.gethostname().lower()} <= set(names(path).get_values_for_type(x509.DNSName))
    made = read(path)
    assert not made.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert made.not_valid_after_utc - utc_now() <= timedelta(days=90)


def test_certificate_is_kept_while_it_fits(tmp_path: Path) -> None:
    """A later start keeps the certificate, so that a phone that trusts it need not trust another."""
    before = lan.certificate(tmp_path, ADDRESS).read_bytes()
    with time_machine.travel(utc_now() + timedelta(days=60)):
        assert lan.certificate(tmp_path, ADDRESS).read_bytes() == before


@pytest.mark.parametrize(("days", "where"), [(80, ADDRESS), (91, ADDRESS), (-3, ADDRESS), (0, "192.0.2.78")])
def test_certificate_is_renewed(tmp_path: Path, days: int, where: str) -> None:
    """Near its end, after it, before its beginning, or at another address, a new certificate is made."""
    before = read(lan.certificate(tmp_path, ADDRESS))
    with time_machine.travel(utc_now() + timedelta(days=days)):
        path = lan.certificate(tmp_path, where)
        assert read(path) != before
        assert read(path).not_valid_before_utc < utc_now() < read(path).not_valid_after_utc
        assert ipaddress.ip_address(where) in names(path).get_values_for_type(x509.IPAddress)


def test_damaged_certificate_is_replaced(tmp_path: Path) -> None:
    """A file that is not a certificate, or a key that belongs to another, does not stop the demo."""
    path = lan.certificate(tmp_path, ADDRESS)
    first = path.read_text()
    path.write_text("nothing of use")
    second = lan.certificate(tmp_path, ADDRESS).read_text()
    end_of_key = "-----END PRIVATE KEY-----\n"
    path.write_text(first.partition(end_of_key)[0] + end_of_key + second.partition(end_of_key)[2])
    assert lan.certificate(tmp_path, ADDRESS).read_text().count("BEGIN CERTIFICATE") == 1
    assert lan.certificate(tmp_path, ADDRESS).read_text() not in {first, second}


def test_terminal_shows_address_code_and_warning(tmp_path: Path) -> None:
    """The code in the terminal opens the companion app, and one sentence says why the browser warns."""
    settings = LanDemoSettings(host=ADDRESS, data_dir=tmp_path, base_url=None, demo=True)
    printed = serving.banner(settings, None)
    assert f"https://{ADDRESS}:8443/demo" in printed
    assert lan.WARNING in printed
    assert lan.WARNING.count(". ") == 0
    rows = [line for line in printed.splitlines() if line and set(line) <= set(" ▄▀█")]
    shades = {"█": (255, 255), "▀": (255, 0), "▄": (0, 255), " ": (0, 0)}
    pixels = [shades[cell][half] for row in rows for half in (0, 1) for cell in row]
    picture = Image.new("L", (len(rows[0]), 2 * len(rows)), 255)
    picture.putdata(pixels)
    picture = picture.resize((picture.width * 8, picture.height * 8), Image.Resampling.NEAREST)
    assert zxingcpp.read_barcodes(picture)[0].text == f"https://{ADDRESS}:8443/app/"


def test_served_by_https_at_the_address(lan_server: LanServer) -> None:
    """Whoever trusts the certificate reaches console, app and API with it; codes and cookies carry that address."""
    admin = lan_server.demo_data["admin"]
    with httpx.Client(base_url=lan_server.url, verify=lan_server.trust(), trust_env=False, timeout=20) as client:
        assert client.get("/app/").status_code == 200
        page = client.get("/login")
        cookie = page.headers["set-cookie"]
        assert cookie.startswith("__Host-")
        assert "Secure" in cookie
        assert "SameSite=strict" in cookie
        assert "strict-transport-security" not in page.headers
        login = {"email": admin["email"], "password": admin["password"]}
        token = client.post("/api/v1/sessions", json=login).json()["token"]
        made = client.post(
            f"/api/v1/business-centers/{admin['bc_id']}/link-requests",
            json={"permissions": ["existing_posts"]},
            headers={"Authorization": f"Bearer {token}"},
        ).json()
        assert made["url"].startswith(f"{lan_server.url}/l#")
    assert lan_server.certificate.stat().st_mode & 0o777 == 0o600
    on_this_machine = f"https://localhost:{lan_server.port}/healthz"
    assert httpx.get(on_this_machine, verify=lan_server.trust(), trust_env=False).text == "ok"


def test_served_nowhere_else(lan_server: LanServer) -> None:
    """The demo does not listen on this machine's other addresses, and plain http gets no answer."""
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.2", lan_server.port)) != 0
    with pytest.raises(httpx.TransportError):
        httpx.get(f"http://{lan_server.host}:{lan_server.port}/healthz", trust_env=False)
