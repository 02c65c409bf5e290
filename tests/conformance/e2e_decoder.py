"""e2e_decoder.py SKIRMISHD DESCRIBE ROOT - what a real server sends, read from the documents alone.

Two players join one room over raw sockets and play.  Each snapshot is decoded, the hash of its
frame is what the next one says of its baseline, both players see the same frames, and a keyframe
comes when one is asked for.  A request is answered, one that cannot be in words, and a probe.
"""
import json
import subprocess
import sys

import client
import decoder

SNAPSHOTS = 80
LEAD_TICKS = 8
DIVISOR_TICKS = 3
COLOUR = 0  # arena's command


def need(condition, what):
    """Ends the run unless the condition holds."""
    if not condition:
        sys.exit(f"e2e_decoder: {what}")


def start(server, root):
    """A server on a free port, and its URL."""
    process = subprocess.Popen([server, "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0",
                                "--bots-fill", "4"], cwd=root, stdout=subprocess.PIPE, text=True)
    ready = dict(part.split("=", 1) for part in process.stdout.readline().split() if "=" in part)
    need("url" in ready, "the server is not ready")
    return process, ready["url"]


def describe_with(program):
    """Gives a schema's listing, by the program that prints it."""
    def describe(game, seats, options):
        command = [program, game, str(seats)] + [str(option) for option in options]
        return json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    return describe


def play_snapshot(player, index):
    """Takes messages up to a snapshot and answers it with the inputs of three ticks."""
    snapshot = None
    while not snapshot:
        snapshot = player.take()
    held = (index // 10 % 16, ((32767, 0, 0, 0), (-32767, 20000, 9, -9))[index // 7 % 2])
    player.send_inputs(player.newest_tick + LEAD_TICKS, [held] * DIVISOR_TICKS)
    return snapshot


def play(players):
    """Plays for a while; how many events and exact rows came."""
    events = exact = 0
    for index in range(SNAPSHOTS):
        for player in players:
            snapshot = play_snapshot(player, index)
            events += len(snapshot.events)
            exact += len(snapshot.exact)
            need(snapshot.own["player"] == player.player, "another player's own part")
    return events, exact


def check_keyframe(player):
    """Asks for a keyframe and waits for it."""
    need(player.keyframes == 1, "one keyframe, at the start")
    player.request_keyframe()
    for index in range(SNAPSHOTS):
        play_snapshot(player, index)
        if player.keyframes == 2:
            return
    need(False, "no keyframe came")


def check_answers(player):
    """Two requests, one of them refused, and a probe."""
    player.request(COLOUR, b"\5")
    player.request(COLOUR, b"\377")
    player.probe()
    for index in range(SNAPSHOTS):
        play_snapshot(player, index)
        if len(player.answers) == 2 and player.probed and player.told == 2:
            need(player.answers[1] == (0, []), "the first request was not taken")
            need(player.answers[2][0] == 1, "a colour that there is not was not refused")
            need(bytes(player.answers[2][1]).decode() != "", "refused without a word")
            need(0 < player.probed[0] <= player.newest_tick + 60, "the probe's tick")
            need(0 < player.probed[1] <= player.probed[2], "the probe's cost of a tick")
            return
    need(False, "no answers came")


def check_same_frames(players):
    """Both saw the same world."""
    both = players[0].hashes.keys() & players[1].hashes.keys()
    need(len(both) > SNAPSHOTS // 2, "too few snapshots of the same ticks")
    for tick in both:
        need(players[0].hashes[tick] == players[1].hashes[tick], f"two worlds at tick {tick}")


def main():
    """Runs the match."""
    server, url = start(sys.argv[1], sys.argv[3])
    try:
        describe = describe_with(sys.argv[2])
        first = client.Client(url, {"name": "Ada", "create": True}, describe)
        second = client.Client(url, {"name": "Grace", "room": first.room}, describe)
        players = [first, second]
        events, exact = play(players)
        check_same_frames(players)
        check_keyframe(first)
        check_answers(first)
        need(exact > 0, "no exact rows came")
        need(first.newest.own["input_tick"] > 0, "no input arrived")
        need("Grace" in first.seats.values(), "the roster lacks a name")
        for player in players:
            player.leave()
        print(f"e2e_decoder: {len(first.hashes) + len(second.hashes)} snapshots verified, "
              f"{events} events, {exact} owners' rows, "
              f"{sum(len(slots) for slots in first.newest.frame.slots)} entities")
    finally:
        server.terminate()
        server.wait(30)


if __name__ == "__main__":
    try:
        main()
    except (ConnectionError, decoder.Malformed) as error:
        sys.exit(f"e2e_decoder: {error}")
