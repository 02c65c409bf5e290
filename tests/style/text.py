"""text.py - lines of at most 100 columns, clean ends, and no path of one person's machine."""
import re

import source

COLUMNS = 100
NARROW_ENDINGS = source.C_ENDINGS + (".py", ".sh", ".ts", ".fbs", ".cmake", "")
NARROW_NAMES = ("CMakeLists.txt",)
MACHINE = re.compile(r"(?<![\w.])/(work|home|root|Users)/")


def check_lines(path, text):
    """Width and trailing blanks; prose and data may be as wide as they like."""
    narrow = path.endswith(NARROW_NAMES) or ("." + path.rsplit(".", 1)[-1]) in NARROW_ENDINGS
    for number, line in enumerate(text.split("\n"), 1):
        if narrow and len(line) > COLUMNS:
            yield source.Fault(path, number, f"{len(line)} columns, the limit is {COLUMNS}")
        if line != line.rstrip():
            yield source.Fault(path, number, "blanks at the end of the line")
        if MACHINE.search(line):
            yield source.Fault(path, number, "names a path of one machine")
    if text and not text.endswith("\n"):
        yield source.Fault(path, text.count("\n") + 1, "the last line does not end")


def check(root):
    """Every text file; a lock file must not say which mirror it was made with."""
    for path in source.files(root, source.TEXT_ENDINGS):
        if path.startswith(("tests/style/", "tests/fuzz/corpus/")) or path == "LICENSE":
            continue  # the first names what it looks for, the second is bytes
        text = source.read(root, path)
        if path.endswith("package-lock.json"):
            for match in re.finditer(r'"resolved": "https?:', text):
                yield source.Fault(path, source.line_of(text, match.start()),
                                   "names a mirror: npm config omit-lockfile-registry-resolved")
            continue
        yield from check_lines(path, text)


if __name__ == "__main__":
    source.run(check)
