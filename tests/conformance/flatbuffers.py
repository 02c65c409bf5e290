"""flatbuffers.py - as much of FlatBuffers as the messages need, written from the format's
description ("FlatBuffers Internals"): tables, structs in vectors, strings, scalars.
"""
import struct

FORMATS = {"u8": "<B", "bool": "<?", "u16": "<H", "i16": "<h", "u32": "<I", "i32": "<i",
           "u64": "<Q"}


class Table:
    """A table at a place in a message."""

    def __init__(self, data, at):
        self.data, self.at = data, at
        self.vtable = at - struct.unpack_from("<i", data, at)[0]
        self.vtable_bytes = struct.unpack_from("<H", data, self.vtable)[0]

    @classmethod
    def root(cls, data):
        """The root table of a message."""
        return cls(data, struct.unpack_from("<I", data, 0)[0])

    def place(self, field):
        """Where a field lies, None when it is not there."""
        slot = 4 + 2 * field
        if slot + 2 > self.vtable_bytes:
            return None
        offset = struct.unpack_from("<H", self.data, self.vtable + slot)[0]
        return self.at + offset if offset else None

    def scalar(self, field, kind, absent=0):
        """A number."""
        at = self.place(field)
        return absent if at is None else struct.unpack_from(FORMATS[kind], self.data, at)[0]

    def target(self, field):
        """What an offset field points at, None when it is not there."""
        at = self.place(field)
        return None if at is None else at + struct.unpack_from("<I", self.data, at)[0]

    def table(self, field):
        """A table below this one."""
        at = self.target(field)
        return None if at is None else Table(self.data, at)

    def text(self, field):
        """A string."""
        at = self.target(field)
        if at is None:
            return None
        size = struct.unpack_from("<I", self.data, at)[0]
        return self.data[at + 4:at + 4 + size].decode()

    def tables(self, field):
        """A vector of tables."""
        at = self.target(field)
        count = struct.unpack_from("<I", self.data, at)[0] if at is not None else 0
        places = [at + 4 + 4 * i for i in range(count)]
        return [Table(self.data, place + struct.unpack_from("<I", self.data, place)[0])
                for place in places]

    def numbers(self, field, kind):
        """A vector of numbers."""
        at = self.target(field)
        if at is None:
            return []
        form = FORMATS[kind]
        count = struct.unpack_from("<I", self.data, at)[0]
        return [struct.unpack_from(form, self.data, at + 4 + i * struct.calcsize(form))[0]
                for i in range(count)]


class Writer:
    """A message from front to back: what is pointed at comes behind what points."""

    def __init__(self):
        self.data = bytearray(4)

    def align(self, bytes_):
        """Fills up with zeros."""
        while len(self.data) % bytes_:
            self.data.append(0)

    def point(self, place, target):
        """Makes the offset at `place` point at `target`."""
        struct.pack_into("<I", self.data, place, target - place)

    def table(self, fields, place=0):
        """A table {field: (kind, value)} that the offset at `place` points at, the root by default.
        A field of the kind "offset" is left open; returns {field: place} of those."""
        size = {kind: struct.calcsize(form) for kind, form in FORMATS.items()} | {"offset": 4}
        order = sorted(fields, key=lambda field: -size[fields[field][0]])
        offsets, at = {}, 4
        for field in order:
            width = size[fields[field][0]]
            at = (at + width - 1) // width * width
            offsets[field] = at
            at += width
        slots = max(fields, default=-1) + 1
        self.align(2)
        vtable = len(self.data)
        self.data += struct.pack("<HH", 4 + 2 * slots, at)
        self.data += struct.pack(f"<{slots}H", *(offsets.get(i, 0) for i in range(slots)))
        self.align(8)
        start = len(self.data)
        self.data += struct.pack("<i", start - vtable) + bytes(at - 4)
        self.point(place, start)
        for field, (kind, value) in fields.items():
            if kind != "offset":
                struct.pack_into(FORMATS[kind], self.data, start + offsets[field], value)
        return {field: start + offsets[field] for field in fields if fields[field][0] == "offset"}

    def text(self, place, text):
        """A string that the offset at `place` points at."""
        raw = text.encode()
        self.align(4)
        self.point(place, len(self.data))
        self.data += struct.pack("<I", len(raw)) + raw + b"\0"

    def structs(self, place, raw, count):
        """A vector of structs, given as bytes; each is aligned to 4."""
        self.align(4)
        self.point(place, len(self.data))
        self.data += struct.pack("<I", count) + raw

    def bytes(self):
        """The message."""
        return bytes(self.data)
