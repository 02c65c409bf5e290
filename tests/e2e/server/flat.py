"""flat.py - as much of FlatBuffers as the tests need: tables, strings, vectors of structs."""
import struct


class Table:
    """A table to be written: fields are (id, struct format, value) or (id, child)."""

    def __init__(self, *fields):
        self.fields = fields

    def place(self, out):
        """Appends the table and its children to `out`; returns the table's position."""
        count = max((field[0] for field in self.fields), default=-1) + 1
        sizes = {field[0]: struct.calcsize(field[1]) if len(field) == 3 else 4
                 for field in self.fields}
        offsets, at = {}, 4
        for number, size in sorted(sizes.items(), key=lambda item: -item[1]):
            at = -(-at // size) * size
            offsets[number] = at
            at += size
        while (len(out) + 4 + 2 * count) % 8:
            out.append(0)
        start = len(out) + 4 + 2 * count
        out += struct.pack("<HH", 4 + 2 * count, at)
        out += b"".join(struct.pack("<H", offsets.get(i, 0)) for i in range(count))
        out += struct.pack("<i", 4 + 2 * count) + bytes(at - 4)
        for field in self.fields:
            where = start + offsets[field[0]]
            if len(field) == 3:
                struct.pack_into("<" + field[1], out, where, field[2])
            else:
                struct.pack_into("<I", out, where, field[1].place(out) - where)
        return start


class Text:
    """A string."""

    def __init__(self, text):
        self.data = text.encode()

    def place(self, out):
        """As Table.place."""
        out += bytes(-len(out) % 4)
        start = len(out)
        out += struct.pack("<I", len(self.data)) + self.data + b"\0"
        return start


class Structs:
    """A vector of structs, each already packed, aligned to 4."""

    def __init__(self, *items):
        self.items = items

    def place(self, out):
        """As Table.place."""
        out += bytes(-len(out) % 4)
        start = len(out)
        out += struct.pack("<I", len(self.items)) + b"".join(self.items)
        return start


def message(kind, body):
    """A ClientMessage whose body is of union type `kind`."""
    out = bytearray(4)
    struct.pack_into("<I", out, 0, Table((0, "B", kind), (1, body)).place(out))
    return bytes(out)


class View:
    """A table that was received."""

    def __init__(self, data, at=None):
        self.data = data
        self.at = struct.unpack_from("<I", data, 0)[0] if at is None else at

    def where(self, number):
        """Where field `number` lies, 0 when it is not there."""
        vtable = self.at - struct.unpack_from("<i", self.data, self.at)[0]
        if 4 + 2 * number >= struct.unpack_from("<H", self.data, vtable)[0]:
            return 0
        offset = struct.unpack_from("<H", self.data, vtable + 4 + 2 * number)[0]
        return self.at + offset if offset else 0

    def number(self, number, form):
        """A scalar; 0 when it is not there."""
        where = self.where(number)
        return struct.unpack_from("<" + form, self.data, where)[0] if where else 0

    def child(self, number):
        """The table behind an offset."""
        where = self.where(number)
        return View(self.data, where + struct.unpack_from("<I", self.data, where)[0])

    def text(self, number):
        """A string."""
        at = self.child(number).at
        size = struct.unpack_from("<I", self.data, at)[0]
        return self.data[at + 4:at + 4 + size].decode()
