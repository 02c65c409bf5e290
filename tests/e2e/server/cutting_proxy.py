"""cutting_proxy.py - a TCP proxy whose WebSocket connections break, at any byte of either way."""
import random
import socket
import threading

CHUNK = 4096


class CuttingProxy:
    """Forwards to 127.0.0.1:`port`; each upgraded connection breaks after 2 to `most` kilobytes."""

    def __init__(self, port, seed, most=30):
        self.target = port
        self.most = most
        self.random = random.Random(seed)
        self.cut_count = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]

    def __enter__(self):
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.close()

    def accept(self):
        """Until the listener is closed."""
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self.target))
            for end in (near, far):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            budget = [self.random.randrange(2000, 1000 * self.most)]
            threading.Thread(target=self.carry, args=(near, far, budget), daemon=True).start()
            threading.Thread(target=self.carry, args=(far, near, budget), daemon=True).start()

    def carry(self, source, sink, budget):
        """One way of a connection."""
        try:
            while data := source.recv(CHUNK):
                if b"POST /api" in data:
                    budget[0] += 1 << 30  # a join is not cut: what it held would be lost with it
                sink.sendall(data[:max(0, budget[0])])
                budget[0] -= len(data)
                if budget[0] <= 0:
                    self.cut_count += 1
                    break
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
