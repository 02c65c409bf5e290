"""test_tls_crowd.py - many handshakes at once: nobody in good faith is refused or kept waiting."""
import resource
import socket
import ssl
import time
import unittest

from skirmish import Server

STALLED, ADDRESSES, HONEST, CROWD = 992, 32, "127.0.1.1", 600
ASK = b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


class Handshake:
    """A client's TLS session without a socket."""

    def __init__(self, context=None):
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = (context or ssl.create_default_context()).wrap_bio(
            self.incoming, self.outgoing, server_hostname="localhost")
        self.is_open = self.step()
        self.hello = self.outgoing.read()

    def step(self):
        """Goes on as far as it can; returns whether it is done."""
        try:
            self.tls.do_handshake()
        except ssl.SSLWantReadError:
            return False
        return True

    def finish(self, peer):
        """Does the rest over a socket to which the hello was sent."""
        while not self.step():
            received = peer.recv(65536)
            assert received, "the server hung up in the handshake"
            self.incoming.write(received)
        self.tls.write(ASK)
        peer.sendall(self.outgoing.read())
        answer = b""
        while len(answer) < 12:
            self.incoming.write(peer.recv(65536))
            try:
                answer += self.tls.read(12)
            except ssl.SSLWantReadError:
                pass
        return answer


def connect(server, address):
    """A plain connection that comes from `address`."""
    return socket.create_connection((server.host, server.port), 20, (address, 0))


class TlsCrowd(unittest.TestCase):
    """One server with limits for loopback addresses too."""

    @classmethod
    def setUpClass(cls):
        resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
        cls.server = Server("--limit-loopback", secure=True)
        cls.addClassCleanup(cls.server.__exit__)

    def handshake(self, address):
        """Connects, does the handshake and asks something; returns the seconds that it took."""
        began = time.monotonic()
        with self.server.context.wrap_socket(connect(self.server, address),
                                             server_hostname="localhost") as tls:
            tls.sendall(ASK)
            answer = tls.recv(12)
            self.assertEqual(answer, b"HTTP/1.1 200")
        return time.monotonic() - began

    def test_stalled_hellos_do_not_lock_others_out(self):
        hello = Handshake().hello
        stalled = []
        self.addCleanup(lambda: [peer.close() for peer in stalled])
        for i in range(STALLED):
            stalled.append(connect(self.server, f"127.0.0.{2 + i % ADDRESSES}"))
            stalled[-1].sendall(hello)
        for _ in range(10):
            self.assertLess(self.handshake(HONEST), 2)
        self.assertLess(self.handshake("127.0.0.2"), 2)  # also one of theirs

    def test_stalled_hellos_end_soon(self):
        with connect(self.server, "127.0.0.90") as peer:
            peer.sendall(Handshake().hello)
            began = time.monotonic()
            peer.settimeout(9)
            while peer.recv(65536):
                pass
            self.assertLess(time.monotonic() - began, 8)

    def test_crowd_in_good_faith_is_served_whole(self):
        crowd = []
        for i in range(CROWD):
            handshake = Handshake(self.server.context)
            peer = connect(self.server, f"127.0.2.{1 + i % 30}")
            self.addCleanup(peer.close)
            peer.sendall(handshake.hello)
            crowd.append((handshake, peer))
        for handshake, peer in crowd:
            self.assertEqual(handshake.finish(peer), b"HTTP/1.1 200")
