"""test_room_moves.py - a heavy room goes to another worker under play, and nobody in it notices."""
import signal
import threading
import time
import unittest

from skirmish import Client, Failure, Server, WELCOME
from test_hang import GAME

SPIN_US = 3000           # a step of a room is heavy from 2 ms on
INTERVAL_S = 0.05        # between two snapshots, which is three ticks
LEAD = 12                # ticks that inputs are ahead: they may wait while the room moves


class Player(threading.Thread):
    """Plays in a thread of its own until told to stop, and notes what it heard."""

    def __init__(self, client):
        super().__init__(daemon=True)
        self.client = client
        self.is_over = False
        self.welcomes = 0
        self.ended = None
        self.start()

    def run(self):
        """Inputs for three ticks after each snapshot."""
        try:
            while not self.is_over:
                got = self.client.read()
                if got[0] == "snapshot":
                    self.client.inputs(self.client.newest + LEAD, count=3)
                elif got[0] == "close":
                    self.ended = got
                    return
                self.welcomes += got[0] == WELCOME
        except (OSError, Failure) as error:
            self.ended = error

    def stop(self):
        """Ends the thread; the connection stays."""
        self.is_over = True
        self.join(5)

    def gaps(self, since):
        """The longest gap between two snapshots in ticks and in seconds."""
        noted = [row for row in self.client.snapshots if row[3] >= since]
        pairs = list(zip(noted, noted[1:]))
        return (max(after[0] - before[0] for before, after in pairs),
                max(after[3] - before[3] for before, after in pairs))


class MovingServer(Server):
    """A server of two workers.  The first has a light room and a heavy one, the second a light
    one; when that is left, the heavy room goes there."""

    def __init__(self, *options, **more):
        super().__init__("--game", GAME, "--threads", "2", *options, **more)
        self.light = self.enter_new(0)
        self.other = self.enter_new(0)
        self.heavy = self.enter_new(SPIN_US)

    def enter_new(self, spin_us):
        """The first in a room of its own."""
        client = Client(self, create=True, options={"spin_us": spin_us})
        client.enter()
        return client

    def enter_heavy(self):
        """One more in the heavy room."""
        client = Client(self, room=self.heavy.room)
        client.enter()
        return client

    def start_move(self):
        """Waits until the room is known to be heavy, and makes way for it."""
        self.wait_for_log('event="room is heavy"')
        assert 'event="room moved"' not in self.log()
        self.other.leave()

    def move(self):
        """The whole of it."""
        self.start_move()
        self.wait_for_log('event="room moved"')


class RoomMoves(unittest.TestCase):
    """Each test moves one room."""

    def play_through(self, secure):
        """Two in the heavy room and one in the light one play before, during and after."""
        with MovingServer(secure=secure) as server:
            other = Player(server.other)
            players = [Player(client) for client in (server.heavy, server.enter_heavy(),
                                                     server.light)]
            time.sleep(1)
            other.stop()
            repeated = server.metric("skirmish_inputs_repeated_total")
            dropped = server.metric("skirmish_inputs_dropped_total")
            ticks = server.metric("skirmish_ticks_total")
            since = time.monotonic()
            server.move()
            time.sleep(1.5)
            for player in players:
                player.stop()
            gaps = [player.gaps(since) for player in players]
            print("longest gaps, in ticks and seconds:", gaps)
            for player, (in_ticks, in_seconds) in zip(players, gaps):
                self.assertIsNone(player.ended)
                self.assertEqual(player.welcomes, 0)
                self.assertLessEqual(in_ticks, 6)
                self.assertLessEqual(in_seconds, 2 * INTERVAL_S + 0.02) # which the clients take
                self.assertEqual([row for row in player.client.snapshots[1:] if row[1]], [],
                                 "a keyframe")
            self.assertEqual(server.metric("skirmish_rooms_moved_total"), 1)
            self.assertEqual(server.metric("skirmish_inputs_dropped_total"), dropped)
            self.assertGreater(server.metric("skirmish_ticks_total"), ticks + 60)
            self.assertEqual(server.metric("skirmish_players"), 3)
            self.assertEqual(server.metric("skirmish_inputs_repeated_total"), repeated)
            self.after_the_move(server)

    def after_the_move(self, server):
        """The room is where tickets lead to."""
        with Client(server, server.heavy.ticket) as again:
            server.heavy.drop()
            again.hello(server.heavy.resume)
            self.assertTrue(again.wait(WELCOME).number(15, "B"))
            again.play(0.3)
            with server.enter_heavy() as newcomer:
                newcomer.play(0.3)
                self.assertEqual(server.metric("skirmish_players"), 4)
                newcomer.leave()
            self.assertEqual(server.metric("skirmish_rooms_moved_total"), 1)

    def test_players_over_ws_notice_nothing(self):
        self.play_through(False)

    def test_players_over_wss_notice_nothing(self):
        self.play_through(True)

    def test_who_comes_and_goes_meanwhile_is_served(self):
        """One comes and leaves again and again, another is cut off and comes back."""
        with MovingServer() as server:
            player = Player(server.heavy)
            cut = server.enter_heavy()
            server.start_move()
            until = time.monotonic() + 2
            count = 0
            while time.monotonic() < until:
                with server.enter_heavy() as client:
                    client.play(0.02)
                    client.leave()
                    client.wait("close")
                cut.drop()
                resume, cut = cut.resume, Client(server, cut.ticket)
                cut.hello(resume)
                cut.resume = cut.wait(WELCOME).text(16)
                count += 1
            cut.drop()
            server.wait_for_log('event="room moved"')
            self.assertGreater(count, 5)
            player.stop()
            self.assertIsNone(player.ended)

    def test_server_stops_while_a_room_moves(self):
        for pause in (0, 0.05, 0.1, 0.15):
            with self.subTest(pause=pause), MovingServer("--drain-seconds", "0") as server:
                Player(server.heavy)
                server.start_move()
                time.sleep(pause)
                server.process.send_signal(signal.SIGTERM)
                self.assertEqual(server.process.wait(10), 0, server.log())


if __name__ == "__main__":
    unittest.main()
