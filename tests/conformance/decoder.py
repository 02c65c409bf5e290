"""decoder.py - an independent decoder of snapshots and datagrams, from shared/WIRE.md alone.

    decoder.py VECTORS.json      checks the golden vectors

It shares no code with the codec: whoever changes one without the other sees it here.
"""
import json
import sys

KEYFRAME = 0
IMPLICIT_BITS = (10, 11)
OWNER_MAX = 1024
EVENTS_MAX = 256
AGE_MAX = 255
NOT_FINITE = 0x7f800000


class Malformed(Exception):
    """Bytes that WIRE.md does not allow."""


def need(condition, what):
    """Refuses the message unless the condition holds."""
    if not condition:
        raise Malformed(what)


# --- Bits and numbers -----------------------------------------------------------------------


class Bits:
    """A stream of bits, the lowest of each byte first."""

    def __init__(self, data):
        self.bits = int.from_bytes(data, "little")
        self.left = 8 * len(data)

    def read(self, count):
        """A value of `count` bits, lowest first."""
        need(count <= self.left, "missing bits")
        value = self.bits & ((1 << count) - 1)
        self.bits >>= count
        self.left -= count
        return value

    def number(self, order):
        """A number of an order."""
        bits = order
        while self.read(1):
            bits += 1
            need(bits <= 30, "number too large")
        return (1 << bits | self.read(bits)) - (1 << order)

    def signed(self, order):
        """A signed number of an order."""
        folded = self.number(order)
        return -(folded + 1) // 2 if folded & 1 else folded // 2

    def end(self):
        """Nothing may be left but the zeros of the last byte."""
        need(self.left < 8 and self.bits == 0, "bits left over")


def read_varint(data, at):
    """A varint at `at`: its value and where it ends."""
    value = 0
    for i in range(5):
        need(at + i < len(data), "head too short")
        byte = data[at + i]
        value |= (byte & 0x7f) << 7 * i
        if byte < 0x80:
            need(i == 0 or byte != 0, "varint longer than it takes")
            need(value < 1 << 32, "varint above 32 bits")
            return value, at + i + 1
    raise Malformed("varint above 32 bits")


# --- Schema and frames ----------------------------------------------------------------------


def step_of(field):
    """The step of a row for everybody."""
    size = field["max"] - field["min"]
    if field["predictor"] == "turn":
        return size / 2 ** field["bits"]
    return max(size / (2 ** field["bits"] - 1), 1)


class Exact:
    """An exact row; `twin` is the place of the row for everybody of the same name, if it helps."""

    def __init__(self, field, shared):
        self.bits, self.is_float = field["bits"], field["type"] == "f32"
        self.twin, self.near_bits = None, 0
        for place, other in enumerate(shared):
            if other["name"] == field["name"] and not self.is_float and step_of(other) < 65536:
                self.twin, self.field, self.step = place, other, step_of(other)
                self.near_bits = int(self.step).bit_length() if self.step > 1 else 0

    def expected(self, values):
        """What the entity's values for everybody let expect."""
        if self.twin is None:
            return 0
        low = self.field["min"]
        value = min(low + values[len(IMPLICIT_BITS) + self.twin] * self.step, self.field["max"])
        return int(low) + int(value - low + 0.5) & ((1 << self.bits) - 1)

    def read(self, bits, values):
        """The value of the row of an entity with these values for everybody."""
        expected, top = self.expected(values), 1 << self.bits
        if bits.read(1):
            value = bits.read(self.bits)
            distance = (value - expected) % top
            distance -= top if distance >= top // 2 else 0
            folded = 2 * distance if distance >= 0 else -2 * distance - 1
            need(folded >> self.near_bits, "far where near does")
        else:
            folded = bits.read(self.near_bits)
            value = (expected + (-(folded + 1) // 2 if folded & 1 else folded // 2)) % top
        need(not self.is_float or value & NOT_FINITE != NOT_FINITE, "not finite")
        need(self.twin is None or self.quantise(value) == values[len(IMPLICIT_BITS) + self.twin],
             "not what everybody sees")
        return value

    def quantise(self, value):
        """What the member's own bits become in the row for everybody."""
        if self.field["type"].startswith("i") and value >> (self.bits - 1):
            value -= 1 << self.bits
        value = min(max(value, self.field["min"]), self.field["max"])
        steps = int((value - self.field["min"]) / self.step + 0.5)
        top = (1 << self.field["bits"]) - 1
        return steps & top if self.field["predictor"] == "turn" else min(steps, top)


class Kind:
    """A kind of entity."""

    def __init__(self, listing):
        shared = [field for field in listing["fields"] if not field["exact"]]
        self.name = listing["name"]
        self.capacity = listing["capacity"]
        self.widths = list(IMPLICIT_BITS) + [field["bits"] for field in shared]
        self.exact = [Exact(field, shared) for field in listing["fields"] if field["exact"]]


class Schema:
    """What both ends know."""

    def __init__(self, listing):
        self.kinds = [Kind(kind) for kind in listing["kinds"]]
        self.events = [[field["bits"] for field in event["fields"]]
                       for event in listing["events"]]


class Frame:
    """All entities at one tick: `slots` of each kind, as {slot: values}."""

    def __init__(self, schema, tick=0, slots=None):
        self.tick = tick
        self.slots = slots or [{} for _ in schema.kinds]

    def hash(self):
        """The hash of the frame."""
        total = 0
        for kind, slots in enumerate(self.slots):
            for slot, values in slots.items():
                total += hash_entity(kind, slot, values)
        return total & 0xffffffff


def hash_entity(kind, slot, values):
    """The hash of one entity."""
    state = 0x9e3779b9 ^ (kind * 65536 + slot)
    for value in values:
        state = (state ^ value) * 0x85ebca6b & 0xffffffff
        state ^= state >> 13
    state = state * 0xc2b2ae35 & 0xffffffff
    return state ^ state >> 16


# --- Body -----------------------------------------------------------------------------------


def number_cost(number):
    """The bits of a number of order 0."""
    return 2 * (number + 1).bit_length() - 1


def read_runs(bits, things):
    """The members of a subset in runs, and the bits that those take."""
    members, at, cost, is_in, is_first = [], 0, 0, False, True
    while at < len(things):
        number = bits.number(0)
        cost += number_cost(number)
        count = number if is_first else number + 1
        need(at + count <= len(things), "run too long")
        if is_in:
            members += things[at:at + count]
        at, is_in, is_first = at + count, not is_in, False
    return members, cost


def runs_cost(flags):
    """The bits that a bitmap would take as runs."""
    cost, at, is_in = 0, 0, False
    while at < len(flags):
        end = at
        while end < len(flags) and flags[end] == is_in:
            end += 1
        cost += number_cost(end - at if at == 0 and not is_in else end - at - 1)
        at, is_in = end, not is_in
    return cost


def read_subset(bits, things):
    """Which of the things are in."""
    count = len(things)
    if count <= 1:
        return things if count and bits.read(1) else []
    if not bits.read(1):
        return []
    if not bits.read(1):
        return things
    if bits.read(1):
        members, cost = read_runs(bits, things)
        need(cost < count, "runs where bits are shorter")
    else:
        flags = [bool(bits.read(1)) for _ in things]
        members = [thing for thing, flag in zip(things, flags) if flag]
        need(runs_cost(flags) >= count, "bits where runs are shorter")
    need(0 < len(members) < count, "a subset in the wrong form")
    return members


def read_difference(bits, small, large):
    """A difference v."""
    if small == large:
        return bits.read(large)
    if not bits.read(1):
        return bits.read(small)
    value = bits.read(large)
    need(value >> small, "large where small does")
    return value


def read_row(bits, row, width, slots, old, new):
    """One row of the slots of a list."""
    changed = read_subset(bits, slots)
    if not changed:
        return
    large = bits.read(width.bit_length())
    need(large <= width, "large too large")
    small = bits.read(large.bit_length())
    need(small <= large, "small too large")
    longest = 0
    for slot in changed:
        folded = read_difference(bits, small, large)
        need(folded <= (1 << width) - 2, "difference too large")
        longest = max(longest, folded.bit_length())
        code = folded + 1
        difference = -(code + 1) // 2 if code & 1 else code // 2
        value = (old[slot][row] if slot in old else 0) + difference & ((1 << width) - 1)
        need(row != 1 or value <= OWNER_MAX, "owner out of range")
        new[slot][row] = value
    need(longest == large, "large larger than it must be")


def read_rows(bits, kind, slots, old, new):
    """The rows of a list of slots."""
    for row, width in enumerate(kind.widths if slots else []):
        read_row(bits, row, width, slots, old, new)


def read_kind(bits, kind, old):
    """The entities of a kind after the change."""
    used = sorted(old)
    gone = set(read_subset(bits, used))
    added = read_subset(bits, [slot for slot in range(kind.capacity) if slot not in old])
    stayed = [slot for slot in used if slot not in gone]
    changed = read_subset(bits, stayed)
    new = {slot: list(old[slot]) for slot in stayed}
    new.update({slot: [0] * len(kind.widths) for slot in added})
    read_rows(bits, kind, added, {}, new)
    read_rows(bits, kind, changed, old, new)
    for slot in changed:
        need(new[slot] != old[slot], "changed without a change")
    return new


def read_events(bits, schema, tick, audience):
    """A list of events, as [tick, type, audience, values ...]."""
    count = bits.number(0)
    need(count <= EVENTS_MAX, "too many events")
    events, oldest = [], AGE_MAX
    for _ in range(count):
        kind = bits.read(max(len(schema.events) - 1, 0).bit_length())
        need(kind < len(schema.events), "event type out of range")
        age = bits.number(2)
        need(age <= oldest and age < tick, "event age out of range")
        oldest = age
        events.append([tick - age, kind, audience] +
                      [bits.read(width) for width in schema.events[kind]])
    return events


def read_body(data, schema, baseline, tick):
    """The frame and the events of a body."""
    bits = Bits(data)
    slots = [read_kind(bits, kind, old) for kind, old in zip(schema.kinds, baseline.slots)]
    events = read_events(bits, schema, tick, -1)
    bits.end()
    return Frame(schema, tick, slots), events


# --- Head and own part ------------------------------------------------------------------


class Head:
    """The head of a snapshot; `end` is where the own part starts."""

    def __init__(self, data):
        need(len(data) > 0 and data[0] & 3 == 1, "no snapshot")
        distance, at = data[0] >> 2, 1
        if distance == 63:
            further, at = read_varint(data, at)
            distance += further
            need(distance < 1 << 32, "distance above 32 bits")
        self.tick, at = read_varint(data, at)
        need(self.tick > distance, "baseline before the first tick")
        self.baseline, self.baseline_hash = KEYFRAME, 0
        if distance:
            need(at + 2 <= len(data), "head too short")
            self.baseline = self.tick - distance
            self.baseline_hash = data[at] | data[at + 1] << 8
            at += 2
        need(at < len(data), "head too short")
        self.own_part_bytes, self.end = data[at], at + 1
        need(self.end + self.own_part_bytes <= len(data), "own part too short")


def read_exact(bits, schema, frame, player):
    """The exact rows of what the player owns, as [kind, slot, values ...]."""
    exact = []
    for number, kind in enumerate(schema.kinds):
        if not kind.exact:
            continue
        for slot, values in sorted(frame.slots[number].items()):
            if values[1] != player + 1:
                continue
            exact.append([number, slot] + [row.read(bits, values) for row in kind.exact])
    return exact


def read_own_part(data, schema, frame):
    """The own part: its fields, exact rows and events."""
    bits = Bits(data)
    own = {"has_player": bool(bits.read(1)), "player": 0, "input_tick": 0,
           "newest_sixteenths": 0, "margin_sixteenths": 0, "repeated": 0, "dropped": None,
           "command": None}
    if own["has_player"]:
        own["player"] = bits.read(10)
    if bits.read(1):
        own["input_tick"] = frame.tick + bits.signed(4)
        need(own["input_tick"] % (1 << 32) != 0, "input tick 0")
        own["newest_sixteenths"] = bits.signed(5)
        own["margin_sixteenths"] = own["newest_sixteenths"] - bits.number(2)
        need(own["newest_sixteenths"] <= 32767, "margin out of range")
        need(own["margin_sixteenths"] >= -32768, "smallest margin out of range")
    if bits.read(1):
        own["repeated"] = bits.number(3) + 1
        need(own["repeated"] <= 65535, "repeats out of range")
    if bits.read(1):
        own["dropped"] = bits.read(16)
    if own["has_player"] and bits.read(1):
        own["command"] = bits.read(8)
    exact, events = [], []
    if own["has_player"]:
        exact = read_exact(bits, schema, frame, own["player"])
        events = read_events(bits, schema, frame.tick, own["player"])
    bits.end()
    return own, exact, events


class Snapshot:
    """A snapshot decoded against a frame."""

    def __init__(self, data, head, schema, baseline):
        need(head.baseline == KEYFRAME or baseline.hash() & 0xffff == head.baseline_hash,
             "the baseline's hash is another")
        middle = head.end + head.own_part_bytes
        self.frame, self.events = read_body(data[middle:], schema, baseline, head.tick)
        self.own, self.exact, own = read_own_part(data[head.end:middle], schema, self.frame)
        self.events += own


# --- Pieces ---------------------------------------------------------------------------------

WHOLE_BYTES_MAX = 1028
PIECE_BYTES = 1024
PIECES_MAX = 64


class Pieces:
    """Puts the newest message that was cut together."""

    def __init__(self):
        self.number = None
        self.count = 0
        self.parts = {}

    def is_newer(self, number):
        """Is it ahead of the newest so far?"""
        return self.number is None or 1 <= (number - self.number) % 65536 <= 32767

    def take(self, piece):
        """Takes a piece; the message once it is whole, else None."""
        need(len(piece) > 4 and piece[0] & 3 == 2, "no piece")
        index, count, number = piece[0] >> 2, piece[1], piece[2] | piece[3] << 8
        body = piece[4:]
        need(2 <= count <= PIECES_MAX and index < count, "index or count out of range")
        need(len(body) == PIECE_BYTES or index == count - 1 and len(body) < PIECE_BYTES,
             "a piece of another size")
        if self.is_newer(number):
            self.number, self.count, self.parts = number, count, {}
        if number != self.number:
            return None
        need(count == self.count, "another count")
        if index in self.parts:
            return None
        self.parts[index] = body
        if len(self.parts) < count:
            return None
        return b"".join(self.parts[i] for i in range(count))


# --- Sealed datagrams -----------------------------------------------------------------------

TO_SERVER, TO_CLIENT = 0, 1
DATAGRAM_BYTES_MAX = 1200
HEAD_BYTES, TAG_BYTES = 8, 16
WINDOW = 1024


class Sealed:
    """One direction of a session, as its receiver has it."""

    def __init__(self, session, direction, key):
        # only who has to do with datagrams needs the package
        from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
        self.session = session
        self.direction = direction
        self.cipher = ChaCha20Poly1305(key)
        self.newest = -1
        self.taken = set()

    def open(self, datagram):
        """What was sealed."""
        from cryptography.exceptions import InvalidTag
        need(HEAD_BYTES + TAG_BYTES <= len(datagram) <= DATAGRAM_BYTES_MAX, "no datagram")
        head = datagram[:HEAD_BYTES]
        sequence = int.from_bytes(head[4:], "little")
        need(int.from_bytes(head[:4], "little") == self.session, "another session")
        need(sequence > self.newest - WINDOW and sequence not in self.taken, "came before")
        try:
            plain = self.cipher.decrypt(bytes(8) + head[4:], datagram[HEAD_BYTES:],
                                        b"SKU1" + bytes([self.direction]) + head)
        except InvalidTag:
            raise Malformed("forged") from None
        self.newest = max(self.newest, sequence)
        self.taken.add(sequence)
        return plain


# --- Golden vectors -------------------------------------------------------------------------


def check_equal(what, got, want):
    """Ends the run at the first difference."""
    if got != want:
        sys.exit(f"decoder: {what}: got {got}, want {want}")


def check_message(message, schema, frames, wanted):
    """One message of the vectors; its frame joins the client's `frames`."""
    data = bytes.fromhex(message["bytes"])
    name = f"{message['client']} {message['tick']}"
    head = Head(data)
    check_equal(name + " tick", head.tick, message["tick"])
    check_equal(name + " baseline", head.baseline, message["baseline"])
    snapshot = Snapshot(data, head, schema, frames[head.baseline])
    check_equal(name + " hash", snapshot.frame.hash(), wanted["hash"])
    entities = [[kind, slot] + values for kind, slots in enumerate(snapshot.frame.slots)
                for slot, values in sorted(slots.items())]
    check_equal(name + " entities", entities, wanted["entities"])
    check_equal(name + " own", snapshot.own, message["own"])
    check_equal(name + " exact rows", snapshot.exact, message["exact"])
    check_equal(name + " events", snapshot.events, message["events"])
    frames[head.tick] = snapshot.frame
    return data, head


def check_cuts(data, head, schema, baseline):
    """No shorter message may be taken for a whole one."""
    for size in range(len(data)):
        try:
            Snapshot(data[:size], Head(data[:size]), schema, baseline)
        except Malformed:
            continue
        sys.exit(f"decoder: {size} of {len(data)} bytes of tick {head.tick} were accepted")


def check_vectors(vectors):
    """All messages of the golden vectors; how many there are."""
    schema = Schema(vectors["schema"])
    wanted = {frame["tick"]: frame for frame in vectors["frames"]}
    clients = {}
    for number, message in enumerate(vectors["messages"]):
        frames = clients.setdefault(message["client"], {KEYFRAME: Frame(schema)})
        data, head = check_message(message, schema, frames, wanted[message["tick"]])
        if number % 10 == 0:
            check_cuts(data, head, schema, frames[head.baseline])
    return len(vectors["messages"])


def open_or_none(sealed, datagram):
    """What was sealed, or None for what is not to be used."""
    try:
        return sealed.open(datagram).hex()
    except Malformed:
        return None


def check_datagrams(vectors):
    """All datagrams of the golden vectors, and all messages that were cut; how many there are."""
    ends = {TO_SERVER: "send_key", TO_CLIENT: "receive_key"}
    sealed = {direction: Sealed(vectors["session"], direction, bytes.fromhex(vectors[key]))
              for direction, key in ends.items()}
    for number, datagram in enumerate(vectors["datagrams"]):
        plain = open_or_none(sealed[datagram["direction"]], bytes.fromhex(datagram["bytes"]))
        check_equal(f"datagram {number}", plain, datagram["plain"])
    pieces = Pieces()
    for message in vectors["cut"]:
        need(len(message["bytes"]) > 2 * WHOLE_BYTES_MAX, "it would not be cut")
        parts = [pieces.take(bytes.fromhex(piece)) for piece in message["pieces"]]
        check_equal(f"message {message['number']} before its last piece",
                    [part for part in parts[:-1] if part is not None], [])
        check_equal(f"message {message['number']}", parts[-1].hex(), message["bytes"])
        check_equal(f"number of {message['number']}", pieces.number, message["number"])
    return len(vectors["datagrams"]) + len(vectors["cut"])


def main():
    """Checks the file that is named."""
    with open(sys.argv[1], encoding="utf-8") as file:
        vectors = json.load(file)
    if "datagrams" in vectors:
        print(f"decoder: {check_datagrams(vectors)} datagrams are as they should be")
        return
    print(f"decoder: {check_vectors(vectors)} messages are as they should be")


if __name__ == "__main__":
    main()
