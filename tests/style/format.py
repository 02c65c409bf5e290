"""format.py - every C and C++ file is as clang-format 14 writes it."""
import re
import subprocess

import source

WARNING = re.compile(r"^(.*?):(\d+):\d+: (?:warning|error): (.*)$", re.MULTILINE)


def check(root):
    """One fault a file: the first line that differs."""
    for path in source.files(root, source.C_ENDINGS):
        done = subprocess.run(["clang-format-14", "--dry-run", "--ferror-limit=1", path], cwd=root,
                              text=True, check=True, stderr=subprocess.PIPE)
        found = WARNING.search(done.stderr)
        if found:
            yield source.Fault(path, found.group(2), "run clang-format-14 -i on it")


if __name__ == "__main__":
    source.run(check)
