"""source.py - what every style check needs: the files of the tree and C text without its words.

A check is a function check(root) that yields Fault(path, line, what); run(check) prints them as
FILE:LINE: WHAT and exits 1 when there was one.  Nothing here asks git, so a tarball checks alike.
"""
import os
import re
import subprocess
import sys
from collections import namedtuple

Fault = namedtuple("Fault", "path line what")

SKIPPED_FOLDERS = {".git", "build", "node_modules", "dist", "generated", "__pycache__",
                   "third_party"}
C_ENDINGS = (".c", ".h", ".cpp")
TEXT_ENDINGS = C_ENDINGS + (".py", ".sh", ".ts", ".js", ".mjs", ".css", ".html", ".md", ".txt",
                            ".json", ".fbs", ".cmake", ".conf", ".service", ".yml", ".yaml", "")


def files(root, endings):
    """The paths below root, relative and sorted, whose name ends as one of `endings` says."""
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in SKIPPED_FOLDERS]
        for name in names:
            if name != ".git" and os.path.splitext(name)[1] in endings:
                found.append(os.path.relpath(os.path.join(folder, name), root))
    return sorted(found)


def read(root, path):
    """The text of a file; bytes that are no UTF-8 are replaced, so that any file can be read."""
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
        return file.read()


WORDS = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)


def code(text):
    """C text with comments, strings and character constants blanked; lines keep their numbers."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group(0))
    return WORDS.sub(blank, text)


def line_of(text, offset):
    """The number of the line that holds `offset`."""
    return text.count("\n", 0, offset) + 1


Symbol = namedtuple("Symbol", "path name line end")


def symbols(root, paths, kinds):
    """What ctags finds of `kinds` (f function, p prototype) in C and C++ files."""
    if not paths:
        return []
    command = ["ctags", "--languages=C,C++", "--langmap=C:.c.h,C++:.cpp", f"--kinds-c={kinds}",
               f"--kinds-c++={kinds}", "-I", "SK_MUST_CHECK", "--sort=no", "-o", "-",
               "--output-format=xref", "--_xformat=%{input}\t%N\t%n\t%{end}", "-L", "-"]
    done = subprocess.run(command, cwd=root, input="\n".join(paths), text=True, check=True,
                          stdout=subprocess.PIPE)
    rows = (line.split("\t") for line in done.stdout.splitlines())
    return [Symbol(path, name, int(line), int(end or line)) for path, name, line, end in rows]


def run(check):
    """Runs a check on the tree that argv names and ends the process with its verdict."""
    faults = list(check(sys.argv[1]))
    for fault in faults:
        print(f"{fault.path}:{fault.line}: {fault.what}")
    print(f"{len(faults)} faults")
    sys.exit(1 if faults else 0)
