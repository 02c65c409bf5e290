"""man.py PROGRAM WHAT OUT - a man page of section 1 from what a program says for --help.

The first line is "NAME ARGUMENTS", with ": what it is" perhaps; a line of two blanks and dashes is
an option; what else there is stands in paragraphs of its own.
"""
import pathlib
import re
import subprocess
import sys

# an option, what stands for its value (capitals, a choice or something quoted), what it is for
OPTION = re.compile(r"  (--\S+(?:, --\S+)*(?: (?:[A-Z'(]\S*|\S+\|\S+))?)(?: +(\S.*))?$")


def escape(text):
    """Text as troff takes it literally."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text[:1] in (".", "'") else text


def options(lines):
    """The entries of the OPTIONS section."""
    for line in lines:
        found = OPTION.match(line)
        if found:
            flag, text = found.groups()
            yield f".TP\n.B {escape(flag)}\n{escape(text or 'prints it and exits')}\n"


def paragraphs(lines):
    """What is not an option, as paragraphs."""
    text = "\n".join(lines).strip()
    for paragraph in re.split(r"\n\s*\n", text) if text else []:
        yield ".PP\n" + "\n".join(escape(line.strip()) for line in paragraph.split("\n")) + "\n"


def page(name, what, text):
    """The whole page."""
    first, *rest = text.rstrip().split("\n")
    usage = first.split(": ", 1)[0].removeprefix(name).strip()
    notes = list(paragraphs(line for line in rest if not OPTION.match(line)))
    return "".join([f'.TH {name.upper()} 1 "" Skirmish\n.SH NAME\n{name} \\- {escape(what)}\n',
                    f".SH SYNOPSIS\n.B {escape(name)}\n{escape(usage)}\n.SH OPTIONS\n",
                    *options(rest), ".SH NOTES\n" if notes else "", *notes])


def main(program, what, out):
    text = subprocess.run([program, "--help"], stdout=subprocess.PIPE, text=True,
                          check=True).stdout
    pathlib.Path(out).parent.mkdir(exist_ok=True)
    pathlib.Path(out).write_text(page(pathlib.Path(program).name, what, text), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
