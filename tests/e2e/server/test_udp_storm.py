"""test_udp_storm.py - bad datagrams beside honest players: none counts, none is answered.

The honest come by a relay, which copies what they send; the storm is made of the copies.  SK_STORM
is how many bad ones come, SK_STORM_PLAYERS how many players are beside them.
"""
import json
import os
import pathlib
import re
import socket
import subprocess
import time
import unittest

from skirmish import PROGRAM, Server

BOTS = str(pathlib.Path(PROGRAM).with_name("skirmish-bots"))
STORM = str(pathlib.Path(PROGRAM).parent / "tests" / "udp_storm")
COUNT = int(os.environ.get("SK_STORM", "100000"))
PLAYERS = int(os.environ.get("SK_STORM_PLAYERS", "20"))
PER_SECOND = 20000
WORDS = ("unknown_session", "forged", "replayed", "truncated")
CALM_S = 3
TRIES = 3  # a machine with other work may drop a tick by itself


def free_port():
    """A UDP port that nobody has."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        return udp.getsockname()[1]


def overflows(port):
    """Datagrams for a port that the kernel had no room for."""
    lines = pathlib.Path("/proc/net/udp").read_text(encoding="ascii").splitlines()[1:]
    return sum(int(line.split()[-1]) for line in lines
               if int(line.split()[1].split(":")[1], 16) == port)


def memory_kib(pid, name="VmRSS"):
    """What a process has in memory."""
    text = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(re.search(rf"{name}:\s+(\d+)", text)[1])


def is_sanitized(pid):
    """A sanitizer reserves terabytes, and keeps for a while what was freed."""
    return memory_kib(pid, "VmSize") > 1 << 30


class Storm(unittest.TestCase):
    """One server, one relay, bots behind it."""

    def start(self):
        """A server and the relay to it."""
        relay = free_port()
        self.server = Server("--threads", "2", "--enet", "127.0.0.1:0", "--seat-seconds", "5",
                             "--enet-public", f"127.0.0.1:{relay}")
        self.addCleanup(self.server.__exit__)
        self.port = int(self.server.enet.rsplit(":", 1)[1])
        self.storm = subprocess.Popen([STORM, str(relay), str(self.port), str(COUNT),
                                       str(PER_SECOND)], stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.end_storm)

    def end_storm(self):
        """Ends the relay; what it said last."""
        said = self.storm.communicate("", 10)[0] if self.storm.poll() is None else ""
        return {name: int(value) for name, value in re.findall(r"(\w+)=(\d+)", said)}

    def counters(self):
        """The figures of datagrams."""
        page = self.server.metrics()
        found = {word: int(float(re.search(rf'refused_total{{why="{word}"}} (\S+)', page)[1]))
                 for word in (*WORDS, "filtered", "crowded", "budget")}
        for name in ("datagram_sessions", "datagram_sessions_total", "ticks_dropped_total"):
            found[name] = int(self.server.metric(f"skirmish_{name}"))
        return found

    def settled_counters(self):
        """The same, once the last of the storm is counted: none comes any more."""
        last, now = None, self.counters()
        while [now[word] for word in WORDS] != last:
            last = [now[word] for word in WORDS]
            time.sleep(0.1)
            now = self.counters()
        return now

    def figures(self):
        """What the relay says of the storm, once it is over."""
        line = self.storm.stdout.readline()
        return {name: int(value) for name, value in re.findall(r"(\w+)=(\d+)", line)}

    def bots(self, server, count, *options):
        """Bots on a server, as a process whose first line is read: they are all in."""
        bots = subprocess.Popen([BOTS, "--json", "--url", f"http://127.0.0.1:{server.port}",
                                 "--bots", str(count), "--seconds",
                                 str(COUNT // PER_SECOND + CALM_S), "--expect", "failed=0",
                                 *options], stdout=subprocess.PIPE, text=True)
        self.addCleanup(bots.stdout.close)
        self.addCleanup(bots.kill)
        self.assertNotEqual(bots.stdout.readline(), "")
        return bots

    def start_witness(self):
        """A server that no storm blows at: ticks that it drops too are the machine's."""
        witness = Server("--threads", "2")
        self.addCleanup(witness.__exit__)
        self.bots(witness, 2)
        return witness

    def check(self, before, after, storm, honest):
        """What the storm may not do, whatever else the machine has to do."""
        self.assertEqual((honest["connected"], honest["drops"], honest["mismatches"]),
                         (PLAYERS, 0, 0))
        self.assertGreaterEqual(storm["sent"], COUNT)
        self.assertEqual(storm["clients"], PLAYERS)
        self.assertEqual(after["datagram_sessions"], PLAYERS)
        self.assertEqual(after["datagram_sessions_total"], PLAYERS)
        self.assertEqual((after["filtered"], after["budget"]), (0, 0))
        lost = overflows(self.port)
        missed = {word: storm[word] - after[word] + before[word] for word in WORDS}
        self.assertTrue(all(0 <= count <= lost for count in missed.values()), missed)
        if lost == 0: # else a copy may be the first of its kind to come
            self.assertEqual(self.end_storm()["answers"], 0)
        return lost

    def storm_once(self):
        """A storm from its begin to its end; the ticks that were dropped meanwhile, and what this
        machine has lost by itself."""
        self.start()
        witness = self.start_witness()
        before = self.counters()
        bots = self.bots(self.server, PLAYERS, "--transport", "enet")
        memory = memory_kib(self.server.process.pid)
        storm = self.figures()
        after = self.settled_counters()
        grown = memory_kib(self.server.process.pid) - memory
        out = bots.communicate(timeout=120)[0]
        print(f"\nbefore {before}\nafter  {after}\nstorm  {storm}\ngrown_kib={grown}")
        self.assertEqual(bots.returncode, 0, out)
        if not is_sanitized(self.server.process.pid):
            self.assertLess(grown, 4096)
        lost = self.check(before, after, storm, json.loads(out.splitlines()[-1]))
        lost += witness.metric("skirmish_ticks_dropped_total")
        return after["ticks_dropped_total"] - before["ticks_dropped_total"], lost

    def test_storm_reaches_nobody(self):
        disturbed = 0
        for _ in range(TRIES):
            dropped, lost = self.storm_once()
            self.doCleanups()
            if dropped == 0:
                return
            disturbed += lost > 0
        self.assertGreater(disturbed, 0, "ticks were dropped for no other reason")
        self.skipTest("the machine is too busy to tell whose ticks are dropped")


if __name__ == "__main__":
    unittest.main()
