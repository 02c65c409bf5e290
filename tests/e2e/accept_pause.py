#!/usr/bin/env python3
"""accept_pause.py WS-ECHO - when file descriptors run out, accepting stops, nobody else is harmed,
the CPU is not burnt, and accepting goes on as soon as there are some again."""
import os
import resource
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "conformance",
                                "ws"))

from suite import Server  # noqa: E402 - found by the line above
from ws_client import TEXT, Connection, Failure, frame  # noqa: E402

PEERS = 12


def cpu_seconds(pid):
    """User and system time of a process."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def fds_used(pid):
    """The highest descriptor of a process, and one."""
    return max(int(name) for name in os.listdir(f"/proc/{pid}/fd")) + 1


def echoes(peer):
    """One message there and back."""
    peer.send(frame(TEXT, b"hello"))
    peer.expect(TEXT, b"hello")


def check(server):
    """Fills the server's descriptors, waits, frees some."""
    pid = server.process.pid
    limit = fds_used(pid) + PEERS
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (limit, limit))
    peers = [Connection(server) for _ in range(PEERS)]
    waiting = Connection(server, upgrade=False)
    waiting.send(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    time.sleep(0.2)
    before = cpu_seconds(pid)
    for _ in range(15):
        for peer in peers:
            echoes(peer)
        time.sleep(0.1)
    burnt = cpu_seconds(pid) - before
    if burnt > 0.5:
        raise Failure(f"{burnt:.2f} s of CPU while accepting was paused")
    if fds_used(pid) > limit:
        raise Failure("the limit did not hold")
    peers.pop().finish()
    began = time.monotonic()
    if not waiting.read_head().startswith(b"HTTP/1.1 426 "):
        raise Failure("not the answer that was waited for")
    waited = time.monotonic() - began
    if waited > 3:
        raise Failure(f"accepting went on only after {waited:.1f} s")
    for peer in peers:
        echoes(peer)
    print(f"cpu_s={burnt:.2f} accepted_after_s={waited:.2f}")


def main():
    """Exit code 0 when all of that holds and the server ends cleanly."""
    server = Server(sys.argv[1], secure=False)
    try:
        check(server)
    finally:
        code = server.stop()
    return code


if __name__ == "__main__":
    sys.exit(main())
