"""test_client_tls.py - libskirmish over each TLS library: wss and ENet, whom it believes."""
import hashlib
import pathlib
import re
import ssl
import subprocess
import unittest

from skirmish import PROGRAM, Server

BUILD = pathlib.Path(PROGRAM).parent
SECONDS = 2
REFUSED = "the TLS handshake failed\n"


class Trust:
    """What a game sees of it; `program` plays over one TLS library."""

    program = None

    @classmethod
    def setUpClass(cls):
        if not cls.program.exists():
            raise unittest.SkipTest("there is no libwolfssl: ./dev test installs it")
        cls.server = cls.enterClassContext(Server("--enet", "127.0.0.1:0", secure=True))
        cls.certificate = pathlib.Path(cls.server.folder.name, "cert.pem")
        text = cls.certificate.read_text(encoding="ascii")
        cls.pin = hashlib.sha256(ssl.PEM_cert_to_DER_cert(text)).hexdigest()

    def play(self, trust, transport="ws"):
        """Plays for SECONDS; returns what the program printed."""
        url = f"https://127.0.0.1:{self.server.port}"
        done = subprocess.run([self.program, url, BUILD / "games/arena.so", str(SECONDS), transport,
                               *trust], capture_output=True, text=True, check=False, timeout=60)
        print(done.stdout, end="")
        self.assertEqual(done.stderr, "")
        return done.stdout

    def check_played(self, printed):
        found = re.fullmatch(r"version \d+ snapshots (\d+) entities \d+ seats [1-9]\d* "
                             r"predicted 1\n", printed)
        self.assertTrue(found, printed)
        self.assertGreater(int(found.group(1)), 20 * (SECONDS - 1))

    def test_wss_with_the_certificate_of_the_server(self):
        self.check_played(self.play([f"ca={self.certificate}"]))

    def test_wss_with_its_pin(self):
        self.check_played(self.play([f"pin={self.pin}"]))

    def test_enet_with_its_pin(self):
        self.check_played(self.play([f"pin={self.pin}"], "enet"))
        self.assertGreater(self.server.metric("skirmish_datagram_sessions_total"), 0)

    def test_other_pin_is_refused(self):
        pin = self.pin[:-1] + ("0" if self.pin[-1] != "0" else "1")
        self.assertTrue(self.play([f"pin={pin}"]).startswith(REFUSED))

    def test_certificates_of_the_system_do_not_know_it(self):
        self.assertTrue(self.play([]).startswith(REFUSED))

    def test_file_of_certificates_that_is_not_there_is_named(self):
        self.assertEqual(self.play(["ca=/nowhere.pem"]),
                         "the certificates to trust cannot be read\n")


class OpenSsl(Trust, unittest.TestCase):
    """The default."""

    program = BUILD / "tests" / "play_openssl"


class WolfSsl(Trust, unittest.TestCase):
    """SK_CLIENT_TLS=wolfssl."""

    program = BUILD / "tests" / "play_wolfssl"

    def test_no_openssl_is_linked(self):
        libraries = subprocess.run(["readelf", "-d", self.program], capture_output=True, text=True,
                                   check=True).stdout
        self.assertIn("libwolfssl", libraries)
        self.assertNotRegex(libraries, "libssl|libcrypto")
