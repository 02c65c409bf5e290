"""test_proxy.py - a real HAProxy in front: ws, wss that ends there, wss passed through."""
import os
import shutil
import socket
import subprocess
import tempfile
import time
import unittest

from skirmish import Client, Connection, Server
from ws_client import Failure

PLAYER, OTHER, UNADMITTED = "127.0.0.5", "127.0.0.6", 4
LIMITS = ("--limit-loopback", "--trusted-proxy", "127.0.0.1", "--unadmitted-per-address",
          str(UNADMITTED))
CONFIG = """
defaults
    timeout connect 5s
    timeout client 30s
    timeout server 30s
frontend plain
    mode http
    bind 127.0.0.1:{plain}
    option forwardfor
    default_backend http
frontend ended
    mode http
    bind 127.0.0.1:{ended} ssl crt {pem}
    option forwardfor
    http-request set-header X-Forwarded-Proto https
    default_backend http
frontend passed
    mode tcp
    bind 127.0.0.1:{passed}
    default_backend tls
backend http
    mode http
    http-reuse always
    server one 127.0.0.1:{http_port} source 127.0.0.1
backend tls
    mode tcp
    server one 127.0.0.1:{tls_port} source 127.0.0.1 {header}
"""


def free_ports(count):
    """Ports that nobody listens on."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [listener.getsockname()[1] for listener in sockets]
    for listener in sockets:
        listener.close()
    return ports


class Entrance:
    """One of the proxy's ports, as if it were a server, for clients of one address."""

    ask = Server.ask
    join = Server.join

    def __init__(self, port, address, context=None):
        self.host, self.port, self.context = "127.0.0.1", port, context
        self.address = address

    def wrap(self, plain):
        """Replaces a plain connection by one that comes from the right address."""
        plain.close()
        plain = socket.create_connection((self.host, self.port), 20, (self.address, 0))
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self.context.wrap_socket(plain, server_hostname="localhost") \
            if self.context else plain


@unittest.skipUnless(shutil.which("haproxy") or os.path.exists("/usr/sbin/haproxy"),
                     "no HAProxy (./dev test installs it)")
class Proxy(unittest.TestCase):
    """Two servers, plain and TLS, behind one proxy."""

    @classmethod
    def setUpClass(cls):
        cls.plain = Server(*LIMITS)
        cls.addClassCleanup(cls.plain.__exit__)
        cls.secure = Server(*LIMITS, "--proxy-protocol", secure=True)
        cls.addClassCleanup(cls.secure.__exit__)
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.ports = dict(zip(("plain", "ended", "passed"), free_ports(3)))
        cls.start_proxy(folder.name)

    @classmethod
    def start_proxy(cls, folder):
        """Starts HAProxy with the server's own certificate and waits for its ports."""
        pem = os.path.join(folder, "both.pem")
        config = os.path.join(folder, "haproxy.cfg")
        with open(pem, "wb") as both:
            for part in ("cert.pem", "key.pem"):
                with open(os.path.join(cls.secure.folder.name, part), "rb") as file:
                    both.write(file.read())
        with open(config, "w", encoding="ascii") as file:
            file.write(CONFIG.format(pem=pem, http_port=cls.plain.port, tls_port=cls.secure.port,
                                     header="send-proxy-v2", **cls.ports))
        program = shutil.which("haproxy") or "/usr/sbin/haproxy"
        proxy = subprocess.Popen([program, "-f", config], stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
        cls.addClassCleanup(lambda: (proxy.terminate(), proxy.wait(10)))
        until = time.monotonic() + 10
        for port in cls.ports.values():
            while socket.socket().connect_ex(("127.0.0.1", port)) != 0:
                assert proxy.poll() is None and time.monotonic() < until, "HAProxy did not start"
                time.sleep(0.05)

    def entrances(self, address):
        """The three ways in, for a client of `address`."""
        context = self.secure.context
        return {name: Entrance(port, address, None if name == "plain" else context)
                for name, port in self.ports.items()}

    def test_match_is_played_through_each(self):
        for name, entrance in self.entrances(PLAYER).items():
            with self.subTest(name):
                status, answer = entrance.join()
                self.assertEqual(status, 200, answer)
                scheme = "ws" if name == "plain" else "wss"
                self.assertTrue(answer["ws"].startswith(scheme + "://"), answer["ws"])
                with Client(entrance, answer["ticket"]) as client:
                    client.enter()
                    client.play(0.5)
                    self.assertGreater(len(client.snapshots), 5)

    def refused(self, entrance):
        """Whether a further connection is refused for its address."""
        try:
            connection = Connection(entrance, "/ws")
        except (Failure, OSError):
            return True
        connection.socket.close()
        return False

    def test_places_are_taken_for_the_player_not_for_the_proxy(self):
        for name, entrance in self.entrances(PLAYER).items():
            with self.subTest(name):
                held = [Connection(entrance, "/ws") for _ in range(UNADMITTED)]
                self.assertTrue(self.refused(entrance))
                self.assertFalse(self.refused(self.entrances(OTHER)[name]))
                for connection in held:
                    connection.socket.close()
                time.sleep(0.3)
                self.assertFalse(self.refused(entrance))

    def test_first_line_of_the_client_does_not_win(self):
        entrance = self.entrances(PLAYER)["plain"]
        held = [Connection(entrance, "/ws") for _ in range(UNADMITTED)]
        with socket.create_connection(("127.0.0.1", entrance.port), 20, (PLAYER, 0)) as liar:
            liar.sendall(b"GET /readyz HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 203.0.113.9\r\n"
                         b"X-Forwarded-For: 127.0.0.1\r\n\r\n")
            self.assertIn(b"429", liar.recv(4096).split(b"\r\n")[0])
        for connection in held:
            connection.socket.close()

    def test_header_of_the_proxy_is_demanded(self):
        with socket.create_connection(("127.0.0.1", self.secure.port), 20) as bare:
            bare.sendall(b"\x16\x03\x01\x00\xf4\x01\x00\x00\xf0\x03\x03")
            self.assertEqual(bare.recv(16), b"")
