"""code_hash.py CODE_HASH SOURCE ... - what counts as another code: what a compiler sees."""
import importlib.util
import sys

SAME = (
    ("int a = 1;", "int a=1 ;"),
    ("int a = 1;", "int a = 1; // one"),
    ("int a = 1;", "/* one\n * more */\nint\n  a = 1;\n\n"),
    ("f(a, b);", "f(a,\n  b);"),
    ("#define F(x) (x)\n", "#define F(x)  (x) /* same */\n"),
    ("#define F 1 2\n", "#define F \\\n    1 2\n"),
    ('"a b" "c"', '"a b"\n"c"'),
)
OTHER = (
    ("int a = 1;", "int a = 2;"),
    ("int a;", "inta;"),
    ('"a b"', '"a  b"'),
    ('"/* a */"', '""'),
    ("'\"' + 1; // \"", "'\"' + 2; // \""),
    ("a + +b", "a ++b"),
    ("a - 1", "a -= 1"),
    ("1.5e+3", "1.5e + 3"),
    ("#define F(x) y\n", "#define F (x) y\n"),
    ("#define F x\ny\n", "#define F x y\n"),
    ("// a \\\nb\nc", "// a\nb\nc"),
)


def main(path, sources):
    """Checks the pairs, and that no source of a game loses what is in it."""
    spec = importlib.util.spec_from_file_location("game_code_hash", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for one, two in SAME:
        if module.essence(one) != module.essence(two):
            sys.exit(f"{one!r} and {two!r} are the same code")
    for one, two in OTHER:
        if module.essence(one) == module.essence(two):
            sys.exit(f"{one!r} and {two!r} are not the same code")
    for source in sources:
        with open(source, encoding="utf-8") as file:
            text = file.read()
        essence = module.essence(text)
        if module.essence(essence) != essence or "/*" in essence.replace('"/*', ""):
            sys.exit(f"{source}: its tokens are not what it is made of")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
