"""test_dev.py ROOT - ./dev with programs of our own in the place of npm, cmake and the rest.

The script runs in a folder with nothing but itself, so a case takes a tenth of a second.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parents[3]

TOOLS = {
    "dpkg-query": 'shift 3; for package; do echo "installed $package"; done',
    "node": "echo v22.0.0",
    "npm": "exit 0",
    "cmake": "exit 0",
    "ninja": "exit 0",
    "qrencode": 'echo "QR of ${*: -1}"',
}
SERVER = """
echo "listens on $2, $3 $4" >&2
echo "ready url=http://$ANNOUNCED ws=ws://$ANNOUNCED/ws admin=http://127.0.0.1:7778" \
    "enet=$ANNOUNCED pid=$$"
sleep 0.3
"""


class Dev(unittest.TestCase):
    """What the script says and does."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = pathlib.Path(self.folder.name)
        for part in ("clients/web/game/dist", "clients/web/node_modules", "shared/wire",
                     "shared/base", "build/release/games", "bin"):
            (self.root / part).mkdir(parents=True)
        for file in ("clients/web/package-lock.json", "shared/wire/skirmish.fbs",
                     "shared/base/reason.h", "build/release/build.ninja"):
            (self.root / file).touch()
        shutil.copy(ROOT / "dev", self.root)
        for name, body in TOOLS.items():
            self.tool(f"bin/{name}", body)

    def tool(self, path, body):
        """Puts a program where ./dev finds it."""
        (self.root / path).write_text(f"#!/bin/bash\n{body}\n", encoding="utf-8")
        (self.root / path).chmod(0o755)

    def dev(self, *words, **environment):
        """Runs ./dev; returns (exit code, stdout, stderr)."""
        path = f"{self.root}/bin:{os.environ['PATH']}"
        done = subprocess.run([self.root / "dev", *words], capture_output=True, text=True,
                              timeout=60, check=False, stdin=subprocess.DEVNULL,
                              env={**os.environ, "PATH": path, **environment})
        return done.returncode, done.stdout, done.stderr

    def test_npm_that_fails_says_why(self):
        self.tool("bin/npm", 'case "$*" in *silent*) ;; *) echo "npm ERR! ENOSPC: full" >&2 ;;\n'
                             'esac\n[ "$1" != ci ]')
        code, _, err = self.dev("build")
        self.assertEqual(code, 1)
        self.assertIn("ENOSPC: full", err)
        self.assertIn("npm ci failed", err)

    def play(self, listen, announced):
        """./dev play against a server that ends after a moment; returns (stdout, stderr)."""
        self.tool("build/release/skirmishd", SERVER)
        _, out, err = self.dev("play", "--bots", "0", "--listen", listen, ANNOUNCED=announced)
        return out, err

    def test_tests_that_compute_get_a_processor_each_and_others_run_beside_them(self):
        """What the tree that is read last says of a test holds for all trees, so it is release."""
        for preset in ("asan", "tsan", "coverage", "release"):
            (self.root / f"build/{preset}").mkdir(exist_ok=True)
            (self.root / f"build/{preset}/build.ninja").touch()
        self.tool("bin/promtool", "exit 0")
        self.tool("bin/nproc", "echo 4")
        self.tool("bin/ctest", 'echo "$@"')
        code, out, err = self.dev("test", "-R", "unit")
        self.assertEqual(code, 0, err)
        self.assertIn(f" -j 8 --resource-spec-file {self.root}/build/all/processors.json -R unit",
                      out)
        processors = json.loads((self.root / "build/all/processors.json").read_text())
        self.assertEqual(processors["local"], [{"cpus": [{"id": "0", "slots": 4}]}])
        trees = (self.root / "build/all/CTestTestfile.cmake").read_text()
        self.assertEqual(trees, "subdirs(../coverage ../asan ../tsan ../release)\n")

    def test_play_for_others_shows_their_address_and_its_qr_code(self):
        out, err = self.play("0.0.0.0", "192.0.2.7:7777")
        self.assertIn("listens on 0.0.0.0:7777, --enet 0.0.0.0:7777\n", err)
        self.assertIn("Play at http://192.0.2.7:7777 ", out)
        self.assertIn("QR of http://192.0.2.7:7777\n", out)

    def test_play_for_this_machine_has_no_qr_code(self):
        out, _ = self.play("127.0.0.1:7777", "127.0.0.1:7777")
        self.assertIn("Play at http://127.0.0.1:7777 ", out)
        self.assertIn("native clients also by UDP at 127.0.0.1:7777)", out)
        self.assertNotIn("QR", out)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
