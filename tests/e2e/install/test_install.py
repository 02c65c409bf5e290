"""test_install.py SOURCE BUILD - what is installed and packaged, and that it runs.

Everything lies below a folder of its own; nothing of the machine is touched.
"""
import gzip
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
import urllib.request

SOURCE, BUILD = map(pathlib.Path, sys.argv[1:3])
EXPOSURE_MAX = 2.0


def run(*command, **options):
    """Runs a command that must do; returns what it printed."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120,
                          **options)
    assert done.returncode == 0, (command, done.stdout, done.stderr)
    return done.stdout


class Running:
    """The installed server, by the unit's own command line, on ports of the system's choice."""

    def __init__(self, command, state, wrapper=()):
        flags = ["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--state-dir", state]
        self.process = subprocess.Popen([*wrapper, *command, *flags], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        found = re.match(r"ready url=(\S+) .* pid=(\d+)$", line)
        assert found, (line, self.process.stderr.read())
        self.url, self.pid = found.group(1), int(found.group(2))

    def get(self, path):
        """The body of a file of the page."""
        with urllib.request.urlopen(self.url + path, timeout=20) as answer:
            return answer.read()

    def stop(self):
        """SIGINT ends it at once; returns its exit code and its log."""
        os.kill(self.pid, signal.SIGINT)
        _, log = self.process.communicate(timeout=20)
        return self.process.returncode, log


class Install(unittest.TestCase):
    """`cmake --install BUILD --prefix PREFIX`."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.prefix = cls.folder / "opt"
        run("cmake", "--install", str(BUILD), "--prefix", str(cls.prefix))
        cls.unit_path = cls.prefix / "lib/systemd/system/skirmish.service"
        cls.unit = cls.unit_path.read_text(encoding="utf-8") if cls.unit_path.exists() else ""

    def command(self):
        """The unit's ExecStart."""
        return re.search(r"^ExecStart=(.+)$", self.unit, re.MULTILINE).group(1).split()

    def need(self, tool):
        """Skips without a tool that ./dev test installs."""
        if not shutil.which(tool):
            self.skipTest(f"there is no {tool}: ./dev test installs it")

    def play(self, running):
        """Fetches the page and lets two of the installed bots play a second."""
        self.assertIn(b"<html", running.get("/"))
        bots = run(str(self.prefix / "bin/skirmish-bots"), "--url", running.url, "--bots", "2",
                   "--seconds", "1")
        self.assertIn("2 connected, 0 failed", bots)

    def test_unit_and_settings_name_what_is_there(self):
        program, _, settings = self.command()
        self.assertTrue(os.access(program, os.X_OK), program)
        text = pathlib.Path(settings).read_text(encoding="utf-8")
        for name in ("web", "assets"):
            folder = re.search(rf"^{name} = (.+)$", text, re.MULTILINE).group(1)
            self.assertTrue(folder.startswith(str(self.prefix)) and os.path.isdir(folder), folder)

    def test_unit_s_command_serves_page_and_matches(self):
        running = Running(self.command(), str(self.folder / "state"))
        self.play(running)
        code, log = running.stop()
        self.assertEqual(code, 0)
        self.assertNotIn("level=error", log)

    def test_unit_s_exposure_is_low(self):
        self.need("systemd-analyze")
        said = run("systemd-analyze", "security", "--offline=true", "--no-pager",
                   str(self.unit_path))
        exposure = float(re.search(r"Overall exposure level .*: ([0-9.]+)", said).group(1))
        print(f"exposure {exposure}")
        self.assertLessEqual(exposure, EXPOSURE_MAX)

    def test_unit_is_one_that_systemd_reads(self):
        self.need("systemd-analyze")
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", str(self.unit_path)],
                              capture_output=True, text=True, check=False)
        ours = [line for line in done.stderr.splitlines() if "skirmish" in line]
        self.assertEqual(ours, [])

    def test_unit_allows_every_system_call_that_is_made(self):
        self.need("systemd-analyze")
        self.need("strace")
        calls = self.folder / "calls"
        running = Running(self.command(), str(self.folder / "traced"),
                          ("strace", "-f", "-qq", "-o", str(calls)))
        self.play(running)
        self.assertEqual(running.stop()[0], 0)
        made = set(re.findall(r"^\d+ +(\w+)\(", calls.read_text(encoding="utf-8"), re.MULTILINE))
        self.assertIn("epoll_create1", made)
        self.assertEqual(sorted(made - self.allowed_calls()), [])

    def allowed_calls(self):
        """What the unit's SystemCallFilter lines leave."""
        allowed = set()
        for value in re.findall(r"^SystemCallFilter=(.+)$", self.unit, re.MULTILINE):
            named = set()
            for name in value.lstrip("~").split():
                named |= calls_of(name)
            allowed = allowed - named if value.startswith("~") else allowed | named
        return allowed | calls_of("@default")

    def test_man_page_of_each_program_renders(self):
        self.need("groff")
        for name in ("skirmishd", "skirmish-bots", "skirmish-feel"):
            page = self.prefix / f"share/man/man1/{name}.1"
            done = subprocess.run(["groff", "-man", "-Tascii", "-ww", "-P-cbou", str(page)],
                                  capture_output=True, text=True, check=False)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            program = self.prefix / "bin" / name
            for option in re.findall(r"^  (--[a-z-]+)", run(str(program), "--help"), re.MULTILINE):
                self.assertIn(f"       {option}", done.stdout)

    def test_settings_that_are_there_are_kept(self):
        settings = self.prefix / "etc/skirmish.conf"
        was = settings.read_bytes()
        settings.write_bytes(b"# mine\n")
        run("cmake", "--install", str(BUILD), "--prefix", str(self.prefix))
        self.assertEqual(settings.read_bytes(), b"# mine\n")
        settings.write_bytes(was)

    def test_build_without_page_is_refused_with_a_sentence(self):
        done = subprocess.run(["cmake", f"-DSK_BUILD={self.folder}/release",
                               "-DCMAKE_INSTALL_PREFIX=/nowhere", "-P",
                               str(SOURCE / "assets/install.cmake")],
                              capture_output=True, text=True, check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("./dev build release", done.stderr)


def calls_of(name):
    """The system calls of a set of systemd's, those of its sets too."""
    if not name.startswith("@"):
        return {name}
    lines = run("systemd-analyze", "syscall-filter", "--no-pager", name).splitlines()
    found = set()
    for line in lines[1:]:
        word = line.strip()
        if word and not word.startswith("#"):
            found |= calls_of(word)
    return found


class Package(unittest.TestCase):
    """The .deb of ./dev package."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.deb = run(str(SOURCE / "assets/debian/build.sh"), str(BUILD), folder.name).strip()
        run("dpkg-deb", "-x", cls.deb, str(cls.folder / "root"))

    def files(self):
        """What it holds, as paths from /."""
        root = self.folder / "root"
        return {"/" + str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}

    def test_package_holds_all_and_root_owns_it(self):
        files = self.files()
        for path in ("/usr/bin/skirmishd", "/usr/bin/skirmish-bots", "/usr/bin/skirmish-feel",
                     "/etc/skirmish.conf", "/usr/lib/systemd/system/skirmish.service",
                     "/usr/share/skirmish/web/index.html",
                     "/usr/share/skirmish/assets/maps/arena.txt",
                     "/usr/share/man/man1/skirmishd.1.gz",
                     "/usr/share/man/man1/skirmish-feel.1.gz", "/usr/share/doc/skirmish/copyright",
                     "/usr/include/skirmish.h", "/usr/lib/skirmish/games/arena.so"):
            self.assertIn(path, files)
        for line in run("dpkg-deb", "-c", self.deb).splitlines():
            self.assertRegex(line, r"^([d-](rwxr-xr-x|rw-r--r--)|l(rwx){3}) root/root ")

    def test_package_says_what_it_needs_and_what_is_the_administrator_s(self):
        self.assertIn("libcjson1", run("dpkg-deb", "-f", self.deb, "Depends"))
        self.assertEqual(run("dpkg-deb", "-I", self.deb, "conffiles"), "/etc/skirmish.conf\n")

    def test_package_s_texts_name_its_own_files_alone(self):
        """No path of the folder that it was built in, and each that is named is there."""
        root = self.folder / "root"
        files = self.files()
        for path in files:
            data = (root / path[1:]).read_bytes()
            data = gzip.decompress(data) if path.endswith(".gz") else data
            self.assertNotIn(str(SOURCE).encode(), data, path)
        for path in ("etc/skirmish.conf", "usr/lib/systemd/system/skirmish.service"):
            text = (root / path).read_text(encoding="utf-8")
            for named in re.findall(r"/usr/[a-z/-]+|/etc/skirmish\.conf", text):
                self.assertTrue((root / named[1:]).exists(), named)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
