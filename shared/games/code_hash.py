"""code_hash.py OUT SOURCE ... - writes a header with the hash of a game's sources.

The number says which code stepped a world: the same in the server, the .so and the browser.  The
order of the names on the command line does not count, nor does where the tree lies, nor what no
compiler sees: comments, blanks and line breaks.  So a comment shuts nobody out who predicts with
the code as it was before.
"""
import hashlib
import os
import re
import sys

TOKEN = re.compile(r"""
    (?P<comment> //[^\n]* | /\*.*?\*/ )
  | (?P<blank>   [^\S\n]+ )
  | (?P<line>    \n )
  | (?P<token>   "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*'         # text
               | \.?[0-9](?:[eEpP][+-]|[\w.])*                     # numbers
               | \w+
               | <<=|>>=|\.\.\. | [-+*/%&|^=!<>]= | \+\+|--|->|<<|>>|&&|\|\||\#\#
               | . )
""", re.DOTALL | re.VERBOSE)


def essence(source):
    """The tokens of C source.  A directive is a line, in which it counts whether there is a blank:
    `#define F(x)` is another than `#define F (x)`."""
    out, is_start, is_directive, had_blank = [], True, False, False
    for match in TOKEN.finditer(source.replace("\\\r\n", "").replace("\\\n", "")):
        kind, text = match.lastgroup, match.group()
        if kind in ("comment", "blank"):
            had_blank = True
        elif kind == "line":
            out += ["\n"] if is_directive else []
            is_start, is_directive = True, False
        else:
            if is_start and text == "#":
                is_directive = True
                out.append("\n#")
            else:
                out.append((" " if had_blank or not is_directive else "") + text)
            is_start = False
        had_blank = had_blank and kind in ("comment", "blank")
    return "".join(out)


def digest(paths):
    """64 bits over the base names and the tokens of all files."""
    whole = hashlib.sha256()
    for path in sorted(paths, key=lambda path: (os.path.basename(path), path)):
        with open(path, encoding="utf-8") as file:
            content = essence(file.read()).encode()
        whole.update(f"{os.path.basename(path)} {len(content)}\n".encode() + content)
    return whole.hexdigest()[:16]


def main(out, paths):
    text = ("/* code_hash.gen.h - over the sources of game, sim, state and base. */\n"
            f"#define SK_CODE_HASH 0x{digest(paths)}u\n")
    with open(out, "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
