"""made_corpora.py CORPUS MAKER ... - the committed seeds are those that their makers write today.

A seed of an older wire is refused at its first byte and fuzzes nothing, which no run would tell.
"""
import pathlib
import subprocess
import sys
import tempfile


def make(corpus, makers, into):
    """Lets every maker write its seeds into folders of the corpus's names."""
    for target in corpus.iterdir():
        (into / target.name).mkdir()
    for maker in makers:
        subprocess.run([maker, into], check=True)
    return sorted(path for path in into.rglob("*") if path.is_file())


def main(corpus, *makers):
    corpus = pathlib.Path(corpus)
    with tempfile.TemporaryDirectory() as folder:
        into = pathlib.Path(folder)
        made = make(corpus, makers, into)
        stale = [path.relative_to(into) for path in made
                 if not (corpus / path.relative_to(into)).is_file()
                 or path.read_bytes() != (corpus / path.relative_to(into)).read_bytes()]
    for path in stale:
        print(f"{corpus / path} is not what its maker writes")
    print(f"{len(made)} made, {len(stale)} stale")
    return not made or bool(stale)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
