"""play.py LIBRARY URL GAME.so SECONDS - a client of the installed library without any C of its own.

Plays and prints what it saw, as play.c does.
"""
import ctypes
import sys
import time

LIBRARY, URL, GAME, SECONDS = sys.argv[1:5]
U32, U64, TEXT, POINTER = ctypes.c_uint32, ctypes.c_uint64, ctypes.c_char_p, ctypes.c_void_p
sk = ctypes.CDLL(LIBRARY)


def struct(*fields):
    """A struct of skirmish.h whose struct_size is set."""
    kind = type("Struct", (ctypes.Structure,), {"_fields_": [("struct_size", U32), *fields]})
    made = kind()
    made.struct_size = ctypes.sizeof(kind)
    return made


def numbers(kind, *names):
    return [(name, kind) for name in names]


config = struct(("flags", U32), *numbers(TEXT, "url", "name", "game", "room", "password",
                                         "resume_ticket", "ca_path", "pin_sha256"),
                ("games", POINTER), ("game_count", U32))
event = struct(*numbers(U32, "kind", "tick", "type", "told", "player", "number", "seconds",
                        "is_refused", "is_resumed", "value_count", "byte_count"),
               ("values", ctypes.c_double * 8), ("word", ctypes.c_char * 32),
               ("text", ctypes.c_char * 264))
stats = struct(*numbers(U32, "state", "tick", "ping_us", "jitter_us", "snapshot_age_us",
                        "delay_us", "lead_us", "margin_us", "queue_bytes", "resends",
                        "is_predicted", "underruns", "resyncs"), ("correction", ctypes.c_double),
               *numbers(U64, "bytes_in", "bytes_out", "snapshots"))
sample = struct(("buttons", U32), ("axes", ctypes.c_int16 * 4))
WELCOME, SEAT = 1, 2

sk.sk_client_game_load.restype = POINTER
sk.sk_game_client_open.restype = POINTER
sk.sk_game_client_client.restype = POINTER
why = TEXT()
game = sk.sk_client_game_load(GAME.encode(), ctypes.byref(why))
assert game, why.value
config.url, config.name, config.game_count = URL.encode(), b"Ada", 1
config.games = ctypes.cast((POINTER * 1)(game), POINTER)
client = sk.sk_game_client_open(ctypes.byref(config), ctypes.byref(why))
assert client, why.value
client = POINTER(client)


def now_us():
    return U64(time.monotonic_ns() // 1000)


sample.axes[0] = 32767
seen = {WELCOME: 0, SEAT: 0}
entities = 0
end = time.monotonic() + float(SECONDS)
while time.monotonic() < end:
    sk.sk_game_client_update(client, now_us())
    sk.sk_game_client_sample(client, ctypes.byref(sample), now_us())
    while sk.sk_game_client_next_event(client, ctypes.byref(event)) > 0:
        seen[event.kind] = seen.get(event.kind, 0) + 1
    entities = sk.sk_client_draw(POINTER(sk.sk_game_client_client(client)), now_us(), None, 0)
    assert sk.sk_game_client_stats(client, now_us(), ctypes.byref(stats)) == 0
    sk.sk_game_client_wait(client, U64(8000))
sk.sk_game_client_close(client, now_us())
print(f"version {sk.sk_version()} snapshots {stats.snapshots} entities {entities} "
      f"seats {seen[SEAT]} predicted {stats.is_predicted}")
sys.exit(not seen[WELCOME])
