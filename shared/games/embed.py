"""embed.py OUT NAME WASM - writes C with the module of game NAME, plain and compressed."""
import gzip
import sys


def array(name, data):
    """The bytes as a C array."""
    rows = (",".join(str(byte) for byte in data[at:at + 20]) for at in range(0, len(data), 20))
    return f"static const uint8_t {name}[] = {{\n" + ",\n".join(rows) + "};\n"


def main(out, name, wasm):
    """Writes the file."""
    with open(wasm, "rb") as file:
        plain = file.read()
    packed = gzip.compress(plain, 9, mtime=0)
    text = ("/* The module of a game, from its build. */\n#include \"built_in.h\"\n\n"
            + array("plain", plain) + array("packed", packed)
            + f"const struct sk_module_file {name}_module = {{\n"
            "    plain, sizeof(plain), packed, sizeof(packed)};\n")
    with open(out, "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main(*sys.argv[1:])
