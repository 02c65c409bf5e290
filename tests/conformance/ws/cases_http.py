"""cases_http.py - what the front end answers to requests that are no WebSocket, or a bad one."""
from suite import add_case, case
from ws_client import Connection, Failure

GOOD = {"Host": "a", "Upgrade": "websocket", "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}


def ask(server, text, step=0):
    """The head of the answer to these bytes."""
    with Connection(server, upgrade=False) as peer:
        peer.send_chopped(text, step or len(text))
        return peer.read_head()


def status(server, text, want, step=0):
    """The status of the answer."""
    head = ask(server, text, step)
    if not head.startswith(b"HTTP/1.1 %d " % want):
        raise Failure(f"wanted {want}, got {head[:60]!r}")


def upgrade(line="GET / HTTP/1.1", *more, **changes):
    """A handshake with some headers changed, None leaves one out, and lines added."""
    headers = {**GOOD, **{name.replace("_", "-"): value for name, value in changes.items()}}
    lines = [f"{name}: {value}" for name, value in headers.items() if value is not None]
    return "\r\n".join([line, *lines, *more, "", ""]).encode()


add_case("http.upgrade", status, upgrade(), 101)
add_case("http.upgrade.any_case", status, upgrade(Upgrade="WebSocket", Connection="UPGRADE"), 101)
add_case("http.upgrade.list", status, upgrade(Connection="keep-alive, Upgrade"), 101)
add_case("http.plain_get", status, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", 426)
add_case("http.plain_get.old", status, b"GET / HTTP/1.0\r\n\r\n", 426)
add_case("http.plain_get.octets", status, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", 426, 1)
add_case("http.plain_post", status, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}",
         405)
add_case("http.version", status, upgrade(Sec_WebSocket_Version="8"), 426)
add_case("http.no_key", status, upgrade(Sec_WebSocket_Key=None), 400)
add_case("http.bad_key", status, upgrade(Sec_WebSocket_Key="short"), 400)
add_case("http.key_not_canonical", status, upgrade(Sec_WebSocket_Key="dGhlIHNhbXBsZSBub25jZR=="),
         400)
LINE = "GET / HTTP/1.1"
add_case("http.two_keys", status, upgrade(LINE, f"Sec-WebSocket-Key: {GOOD['Sec-WebSocket-Key']}"),
         400)
add_case("http.two_keys.other", status,
         upgrade(LINE, "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="), 400)
add_case("http.two_versions", status, upgrade(LINE, "Sec-WebSocket-Version: 13"), 400)
add_case("http.two_versions.other", status, upgrade(LINE, "Sec-WebSocket-Version: 8"), 400)
add_case("http.no_connection", status, upgrade(Connection=None), 400)
add_case("http.no_host", status, upgrade(Host=None), 400)
add_case("http.post_upgrade", status, upgrade("POST / HTTP/1.1"), 400)
add_case("http.absolute", status, upgrade("GET http://a/ HTTP/1.1"), 101)
add_case("http.absolute.no_path", status, b"GET http://a HTTP/1.1\r\nHost: a\r\n\r\n", 426)
add_case("http.absolute.other_scheme", status, upgrade("GET ftp://a/ HTTP/1.1"), 400)
add_case("http.absolute.user", status, upgrade("GET http://me@a/ HTTP/1.1"), 400)
for host in ("a b", "a,b", "a/b", "me@a", 'a"b', "a:x", "a:65536", "[::1"):
    add_case(f"http.bad_host.{host}", status, upgrade(Host=host), 400)
for host in ("a:1", "[::1]", "[::1]:7777", "127.0.0.1:80", ""):
    add_case(f"http.host.{host}", status, upgrade(Host=host), 101)
add_case("http.bare_lf", status, upgrade().replace(b"\r\n", b"\n"), 400)
add_case("http.folded", status, b"GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", 400)
add_case("http.garbage", status, b"\x16\x03\x01\x00\x01\x00 not HTTP\r\n\r\n", 400)
add_case("http.head_too_big", status, upgrade(X_Long="x" * 5000), 431)
add_case("http.line_too_long", status, b"GET /" + b"x" * 5000 + b" HTTP/1.1\r\n\r\n", 414)
add_case("http.too_many_headers", status, upgrade(**{f"X{i}": "y" for i in range(40)}), 431)
add_case("http.body_too_big", status,
         b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n", 413)
add_case("http.chunked", status,
         b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411)


@case("http.plain_get.says_why")
def _(server):
    with Connection(server, upgrade=False) as peer:
        peer.send(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        head = peer.read_head()
        assert b"\r\nupgrade: websocket\r\n" in head
        while peer.fill():
            pass
        assert b"ws://" in peer.buffer


@case("http.kept_alive")
def _(server):
    """Two requests in one write are answered in order on one connection."""
    with Connection(server, upgrade=False) as peer:
        peer.send(b"HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n" * 2)
        assert peer.read_head().startswith(b"HTTP/1.1 426 ")
        assert peer.read_head().startswith(b"HTTP/1.1 426 ")


@case("http.expect.old")
def _(server):
    """An HTTP/1.0 client knows no 100 (RFC 9110, 10.1.1)."""
    with Connection(server, upgrade=False) as peer:
        peer.send(b"POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")
        peer.send_chopped(b"body", 1)
        assert peer.read_head().startswith(b"HTTP/1.1 405 ")


@case("http.body_comes_later")
def _(server):
    with Connection(server, upgrade=False) as peer:
        peer.send(b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
                  b"Content-Length: 4\r\n\r\n")
        assert peer.read_head() == b"HTTP/1.1 100 Continue\r\n\r\n"
        peer.send_chopped(b"body", 1)
        assert peer.read_head().startswith(b"HTTP/1.1 405 ")
