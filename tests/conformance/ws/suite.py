"""suite.py - the list of cases and the server that they are pointed at."""
import os
import re
import signal
import ssl
import subprocess
import sys
import tempfile
import time

CASES = []


def case(name):
    """Marks a function of (server) as the case of that name."""
    def add(function):
        CASES.append((name, function))
        return function
    return add


def add_case(name, function, *args):
    """One case of a family: function(server, *args)."""
    CASES.append((name, lambda server: function(server, *args)))


class Server:
    """A running ws-echo."""

    def __init__(self, program, secure, options=()):
        self.context = None
        self.folder = tempfile.TemporaryDirectory()
        command = [program, "--listen", "127.0.0.1:0", *options]
        if secure:
            command += self.make_certificate()
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        ready = self.process.stdout.readline()
        found = re.match(r"ready url=(https?)://([0-9.]+):(\d+) ws=(wss?)://\S+ pid=(\d+)\n", ready)
        if not found or int(found.group(5)) != self.process.pid:
            raise SystemExit(f"not the line that says ready: {ready!r}")
        self.host, self.port = found.group(2), int(found.group(3))

    def make_certificate(self):
        """A key and a certificate for this run."""
        cert = os.path.join(self.folder.name, "cert.pem")
        key = os.path.join(self.folder.name, "key.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", cert,
                        "-days", "2", "-subj", "/CN=localhost",
                        "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
                       check=True, capture_output=True)
        self.context = ssl.create_default_context(cafile=cert)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_3
        return ["--tls-cert", cert, "--tls-key", key]

    def wrap(self, raw):
        """The socket, with TLS when the server speaks it."""
        if self.context is None:
            return raw
        return self.context.wrap_socket(raw, server_hostname="localhost")

    def is_alive(self):
        """Whether the server still runs."""
        return self.process.poll() is None

    def stop(self):
        """Ends the server; returns its exit code."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(20)
        self.folder.cleanup()
        return code


def run(server, wanted):
    """Runs the cases whose names begin with `wanted`.  Returns the names of those that failed."""
    failed = []
    began = time.monotonic()
    chosen = [(name, function) for name, function in CASES if name.startswith(wanted)]
    for name, function in chosen:
        if not server.is_alive():
            raise SystemExit(f"the server ended before {name}")
        try:
            function(server)
        except Exception as error:  # whatever went wrong, the next case still runs
            failed.append(name)
            print(f"FAILED {name}: {type(error).__name__}: {error}", file=sys.stderr)
    seconds = time.monotonic() - began
    print(f"{len(chosen) - len(failed)} of {len(chosen)} cases passed in {seconds:.1f} s")
    return failed
