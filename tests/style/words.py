"""words.py - calls and words that must not stand where they stand.

Comments and strings do not count, but for a note of unfinished work, which counts anywhere.
"""
import re

import source

CODE_FOLDERS = ("shared/", "server/", "clients/")
REPLAYED_FOLDERS = ("shared/", "server/core/")
CLOCK_FILE = "shared/native/clock.c"  # which neither core nor a game can include

HEAP = re.compile(r"\b(malloc|calloc|realloc|reallocarray|free|strdup|strndup|aligned_alloc"
                  r"|posix_memalign|asprintf|vasprintf)\s*\(")
HEAP_FUNCTION = re.compile(r"(^|_)(create|destroy)(_|$)")
HEAP_FILES = re.compile(r"^(shared/base/arena|server/edge/(\w+/)?\w*pool)\.c$")

UNSAFE = re.compile(r"\b(strcpy|strcat|strncpy|strncat|sprintf|vsprintf|gets|atoi|atol|atoll|atof"
                    r"|strtok|alloca|rand|srand|random|drand48)\s*\(")
CLOCK = re.compile(r"\b(time|gettimeofday|clock|clock_gettime|localtime|gmtime)\s*\(")
SHAPES = [
    (re.compile(r"\btypedef\s+(struct|enum|union)\b"), "structs and enums are written out"),
    (re.compile(r"\b(struct|enum|union)\s+\w+_t\b"), "the ending _t belongs to POSIX"),
    (re.compile(r"\bgoto\s+(?!fail\b)\w+"), "the only label is fail"),
]
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")


def check_heap(root, path, code):
    """Allocation outside of create and destroy."""
    if not path.startswith(CODE_FOLDERS) or HEAP_FILES.match(path):
        return
    allowed = set()
    calls = list(HEAP.finditer(code))
    for symbol in source.symbols(root, [path], "f") if calls else []:
        if HEAP_FUNCTION.search(symbol.name):
            allowed.update(range(symbol.line, symbol.end + 1))
    for call in calls:
        line = source.line_of(code, call.start())
        if line not in allowed:
            yield source.Fault(path, line, f"{call.group(1)} outside of create and destroy")


def check_calls(path, code):
    """Calls that are unsafe anywhere, and clocks where everything must replay."""
    if path.startswith(CODE_FOLDERS):
        for call in UNSAFE.finditer(code):
            yield source.Fault(path, source.line_of(code, call.start()),
                               f"{call.group(1)} is banned")
    if path.startswith(REPLAYED_FOLDERS) and path != CLOCK_FILE:
        for call in CLOCK.finditer(code):
            yield source.Fault(path, source.line_of(code, call.start()),
                               f"{call.group(1)}: time is a parameter here")


def check(root):
    """Every C and C++ file for calls and shapes, every text file for notes of unfinished work."""
    for path in source.files(root, source.C_ENDINGS):
        code = source.code(source.read(root, path))
        yield from check_heap(root, path, code)
        yield from check_calls(path, code)
        for shape, why in SHAPES:
            for match in shape.finditer(code):
                yield source.Fault(path, source.line_of(code, match.start()),
                                   f"{match.group(0)}: {why}")
    for path in source.files(root, source.TEXT_ENDINGS):
        if path.startswith("tests/style/"):
            continue  # names the words it looks for
        text = source.read(root, path)
        for match in UNFINISHED.finditer(text):
            yield source.Fault(path, source.line_of(text, match.start()), "unfinished work")


if __name__ == "__main__":
    source.run(check)
