"""test_libskirmish.py SOURCE BUILD CLASS[.TEST] - libskirmish as it is installed, used by others.

The install is one of its component alone, made anew by each run below the build.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import urllib.request

SOURCE, BUILD = map(pathlib.Path, sys.argv[1:3])
HERE = pathlib.Path(__file__).parent
SECONDS = 3
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"]
CMAKE = """cmake_minimum_required(VERSION 3.25)
project(play LANGUAGES C)
find_package(Skirmish 0.1 REQUIRED %s)
add_executable(play %s)
target_link_libraries(play PRIVATE Skirmish::skirmish)
file(WRITE games.txt "${SKIRMISH_GAMES_DIR}")
"""


def run(*command, **options):
    """Runs a command that must do; returns what it printed."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True,
                          check=False, timeout=120, **options)
    assert done.returncode == 0, (command, done.stdout, done.stderr)
    return done.stdout


class Installed(unittest.TestCase):
    """`cmake --install BUILD --component libskirmish --prefix PREFIX`."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.prefix = cls.folder / "opt"
        run("cmake", "--install", BUILD, "--component", "libskirmish", "--prefix", cls.prefix)
        cls.library = next(cls.prefix.rglob("libskirmish.so"))
        cls.archive = next(cls.prefix.rglob("libskirmish.a"))
        cls.header = cls.prefix / "include" / "skirmish.h"
        cls.game = next(cls.prefix.rglob("games/arena.so"))

    def listed(self, word):
        """What skirmish.abi has of that word."""
        lines = (SOURCE / "clients/libskirmish/skirmish.abi").read_text().splitlines()
        return [line for line in lines if line.startswith(word + " ")]


class Abi(Installed):
    """What a program that was linked before relies on."""

    def test_sizes_of_structs_are_as_listed(self):
        names = re.findall(r"^struct (sk_\w+) \{$", self.header.read_text(), re.MULTILINE)
        self.assertGreater(len(names), 8)
        program = self.folder / "sizes.c"
        rows = "".join(f'printf("struct {name} %zu\\n", sizeof(struct {name}));' for name in names)
        program.write_text(f'#include <stdio.h>\n#include "skirmish.h"\n'
                           f"int main(void) {{ {rows} return 0; }}\n")
        run("cc", "-I", self.prefix / "include", program, "-o", self.folder / "sizes")
        printed = run(self.folder / "sizes").splitlines()
        self.assertEqual(sorted(printed), sorted(self.listed("struct")))

    def test_soname_and_needed_libraries(self):
        dynamic = run("readelf", "-d", self.library)
        self.assertIn("soname: [libskirmish.so.0]", dynamic)
        needed = re.findall(r"NEEDED.*\[(.*)\]", dynamic)
        self.assertFalse([name for name in needed if "stdc++" in name or "cjson" in name], needed)


class Symbols(Installed):
    """No symbol but ours leaves, and each that the header declares does."""

    def declared(self):
        code = re.sub(r"/\*.*?\*/", "", self.header.read_text(), flags=re.DOTALL)
        return {f"symbol {name}" for name in re.findall(r"SK_API[^;(]*?\b(sk_\w+)\(", code)}

    def defined(self, path, *options):
        """The defined global symbols of a library."""
        lines = run("nm", "--defined-only", "--extern-only", *options, path).splitlines()
        found = {line.split()[2] for line in lines if len(line.split()) == 3}
        return {f"symbol {name}" for name in found if name != "SKIRMISH_0"}

    def test_symbols_are_those_of_the_header(self):
        self.assertEqual(self.declared(), set(self.listed("symbol")))

    def test_symbols_of_the_shared_library(self):
        self.assertEqual(self.defined(self.library, "-D", "--without-symbol-versions"),
                         set(self.listed("symbol")))

    def test_symbols_of_the_archive(self):
        self.assertEqual(self.defined(self.archive), set(self.listed("symbol")))
        wanted = run("nm", "--undefined-only", self.archive)
        self.assertNotRegex(wanted, r"_Z|__cxa|__gxx|cJSON")


class Playing(Installed):
    """A server, and programs that are built against the installed tree."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        log = open(cls.folder / "log", "wb")
        cls.addClassCleanup(log.close)
        cls.server = subprocess.Popen(
            [BUILD / "skirmishd", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--assets",
             SOURCE / "assets", "--enet", "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=log,
            text=True)
        cls.addClassCleanup(cls.stop)
        found = re.match(r"ready url=(\S+) .*admin=(\S+)", cls.server.stdout.readline())
        cls.url, cls.admin = found.groups()

    @classmethod
    def stop(cls):
        cls.server.kill()
        cls.server.wait()
        cls.server.stdout.close()

    def play(self, *program, transport=()):
        """Plays for SECONDS; checks what the program says that it saw."""
        environment = {**os.environ, "LD_LIBRARY_PATH": str(self.library.parent)}
        printed = run(*program, self.url, self.game, SECONDS, *transport, env=environment)
        print(printed, end="")
        found = re.fullmatch(r"version 256 snapshots (\d+) entities (\d+) seats (\d+) "
                             r"predicted 1\n", printed)
        self.assertTrue(found, printed)
        snapshots, entities, seats = map(int, found.groups())
        self.assertGreater(snapshots, 20 * (SECONDS - 1))
        self.assertGreater(entities, 0)
        self.assertGreater(seats, 0)

    def build_with_cmake(self, component, linker_flags=""):
        folder = self.folder / "cmake"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        (folder / "CMakeLists.txt").write_text(CMAKE % (component, HERE / "play.c"))
        run("cmake", "-S", folder, "-B", folder / "build", f"-DCMAKE_PREFIX_PATH={self.prefix}",
            f"-DCMAKE_EXE_LINKER_FLAGS={linker_flags}")
        run("cmake", "--build", folder / "build")
        self.assertEqual((folder / "games.txt").read_text(), str(self.game.parent))
        return folder / "build" / "play"

    def test_find_package(self):
        self.play(self.build_with_cmake(""))

    def test_find_package_static(self):
        program = self.build_with_cmake("COMPONENTS static")
        self.assertNotIn("libskirmish", run("readelf", "-d", program))
        self.assertNotIn("stdc++", run("readelf", "-d", program))
        self.play(program)

    def build_with_pkg_config(self, compiler, *flags):
        if not shutil.which("pkg-config"):
            self.skipTest("there is no pkg-config: ./dev test installs it")
        packages = next(self.prefix.rglob("pkgconfig"))
        words = run("pkg-config", "--cflags", "--libs", "skirmish",
                    env={**os.environ, "PKG_CONFIG_PATH": str(packages)}).split()
        program = self.folder / "play"
        run(*compiler, *WARNINGS, HERE / "play.c", *flags, *words, "-o", program)
        return program

    def test_pkg_config(self):
        self.play(self.build_with_pkg_config(["cc", "-std=c99"]))

    def test_cxx(self):
        self.play(self.build_with_pkg_config(["c++", "-x", "c++", "-std=c++11"]))

    def play_enet(self, program):
        """Here nobody sees the library's own enet_* functions: it plays by a loopback pair."""
        self.play(program, transport=["enet"])
        with urllib.request.urlopen(self.admin + "/metrics", timeout=20) as answer:
            self.assertIn(b"\nskirmish_datagram_sessions_total 1\n", answer.read())

    def test_enet(self):
        self.play_enet(self.build_with_cmake(""))

    def test_enet_static(self):
        self.play_enet(self.build_with_cmake("COMPONENTS static"))

    def test_ctypes(self):
        self.play(sys.executable, "-B", HERE / "play.py", self.library)


class Window(Playing):
    """skirmish-play, in a window that nobody sees."""

    def check_box(self, path):
        """What was played is replayed to the same end."""
        replayed = run(BUILD / "skirmish-feel", path, SOURCE / "assets")
        print(replayed, end="")
        self.assertIn(" equal=1\n", replayed)

    def test_capture_shows_the_match(self):
        program = BUILD / "skirmish-play"
        if not program.exists():
            self.skipTest("it was built without SDL2: ./dev test installs it")
        picture = self.folder / "play.bmp"
        printed = run(program, self.url, "--transport", "auto", "--box", self.folder / "box",
                      "--capture", picture, SECONDS + 2,
                      env={**os.environ, "SDL_VIDEODRIVER": "dummy"})
        print(printed, end="")
        found = re.search(r"snapshots (\d+) age_ms .* predicted 1 matched (\d+) diverging 0\n",
                          printed)
        self.assertTrue(found, printed)
        self.assertGreater(int(found.group(1)), 20)
        self.assertGreater(int(found.group(2)), 10)
        self.check_box(self.folder / "box")
        data = picture.read_bytes()
        begin = int.from_bytes(data[10:14], "little")
        self.assertEqual(len(data) - begin, 960 * 640 * 3)
        seen = {data[at:at + 3][::-1].hex() for at in range(begin, len(data), 3)}
        for what, colour in {"walls": "3a4656", "pickups": "81b2ff", "the player": "5fd38d",
                             "figures": "dfe6ee"}.items():
            self.assertIn(colour, seen, what)

    def test_what_cannot_be_done_is_told(self):
        program = BUILD / "skirmish-play"
        if not program.exists():
            self.skipTest("it was built without SDL2: ./dev test installs it")
        nowhere = str(self.folder / "no" / "file")
        capture = ["--capture", str(self.folder / "play.bmp"), "1"]
        cases = [(["--help"], 0, "usage: "), (["--frob"], 2, "usage: "),
                 (["--capture", nowhere, "x"], 2, "usage: "),
                 (["--capture", nowhere, "0"], 2, "usage: "),
                 ([self.url, "--capture", nowhere, "1"], 1, nowhere),
                 ([self.url, "--box", nowhere, *capture], 1, f"{nowhere}: No such file"),
                 ([self.url.replace("http:", "https:"), *capture], 1, "TLS handshake failed"),
                 (["https://127.0.0.1:1", "--ca", nowhere], 1, "skirmish-play: ")]
        for options, code, words in cases:
            with self.subTest(options=options):
                done = subprocess.run([program, *options], capture_output=True, text=True,
                                      timeout=60, check=False,
                                      env={**os.environ, "SDL_VIDEODRIVER": "dummy"})
                self.assertEqual(done.returncode, code, done.stderr)
                self.assertIn(words, done.stdout + done.stderr)


class Readme(Installed):
    """Each snippet of the library's page is a program, or the inside of one."""

    def test_snippets_compile(self):
        text = (SOURCE / "clients/c/README.md").read_text(encoding="utf-8")
        snippets = re.findall(r"^```c\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
        self.assertGreaterEqual(len(snippets), 3)
        for number, snippet in enumerate(snippets):
            path = self.folder / f"snippet{number}.c"
            path.write_text(snippet)
            run("cc", "-std=c99", *WARNINGS, "-fsyntax-only", "-I", self.prefix / "include", path)

    def test_page_is_one_page(self):
        text = (SOURCE / "clients/c/README.md").read_text(encoding="utf-8")
        self.assertLess(len(text.splitlines()), 130)


if __name__ == "__main__":
    unittest.main(argv=["test_libskirmish.py", *sys.argv[3:]], verbosity=2)
