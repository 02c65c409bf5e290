"""shell.py - every shell script is as shellcheck would have it."""
import subprocess

import source


def check(root):
    """One fault a line that shellcheck prints."""
    scripts = [path for path in source.files(root, (".sh", ""))
               if source.read(root, path).startswith("#!") and
               "sh" in source.read(root, path).split("\n", 1)[0]]
    for path in scripts:
        done = subprocess.run(["shellcheck", "--severity=warning", "--format=gcc", path], cwd=root, text=True,
                              stdout=subprocess.PIPE)
        for row in done.stdout.splitlines():
            name, line, what = row.split(":", 2)
            yield source.Fault(name, line, what.split(" ", 1)[1])


if __name__ == "__main__":
    source.run(check)
