"""test_cheat.py - bots that lie play with honest ones: what the liars get, and that nobody else
feels it.

That the same lies end with the same world hash as clamped honest play is unit.room's
test_room_cheater_ends_where_honest_play_does: two rooms without a clock, of which one gets the
cheater's inputs and the other, in time, what the first made of them.  Between two servers the
network's timing alone would tell them apart.
"""
import json
import pathlib
import subprocess
import time
import unittest

from skirmish import PROGRAM, ROOT, Server

BOTS = str(pathlib.Path(PROGRAM).with_name("skirmish-bots"))
HONEST, CHEATERS, SECONDS = 4, 2, 5


def start(server, count, *options):
    """Bots that think, in a room for all of a test."""
    return subprocess.Popen([BOTS, "--json", "--url", f"http://127.0.0.1:{server.port}", "--bots",
                             str(count), "--seconds", str(SECONDS), "--room-size",
                             str(HONEST + CHEATERS), "--think", "--assets", str(ROOT / "assets"),
                             *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def figures_of(bots):
    """What they measured, when they are done."""
    out, err = bots.communicate(timeout=60)
    assert out, err
    return {**json.loads(out.splitlines()[-1]), "err": err}


def used_per_s(figures):
    """Inputs that the server did not have to make up."""
    return figures["inputs_per_s"] - figures["inputs_repeated_per_s"]


class Cheat(unittest.TestCase):
    """Two cheaters of one kind among four honest players."""

    @classmethod
    def setUpClass(cls):
        with Server() as server:
            cls.alone = figures_of(start(server, HONEST))
        assert used_per_s(cls.alone) > 0, cls.alone

    def play(self, kind):
        """Returns what the cheaters measured and the server's metrics by name."""
        with Server() as server:
            honest, cheaters = start(server, HONEST), start(server, CHEATERS, "--cheat", kind)
            until = time.monotonic() + 20
            while (server.metric("skirmish_players") < HONEST + CHEATERS and
                   time.monotonic() < until):
                time.sleep(0.1)
            rooms = server.metric("skirmish_rooms")
            honest, cheaters = figures_of(honest), figures_of(cheaters)
            clamped = server.metric("skirmish_views_clamped_total")
            metrics = dict(line.rsplit(" ", 1) for line in server.metrics().splitlines()
                           if line.startswith("skirmish_"))
            metrics["views_clamped"] = clamped
        self.assertEqual(rooms, 1) # so that the honest meet them
        self.assertEqual((honest["failed"], honest["drops"]), (0, 0), honest["err"])
        self.assertGreaterEqual(used_per_s(honest), 0.9 * used_per_s(self.alone))
        self.assertEqual(cheaters["connected"], CHEATERS, cheaters["err"])
        return cheaters, {name: float(value) for name, value in metrics.items()}

    def check_closed(self, kind, reason):
        """They are shown the door each time, with the word for it and no other."""
        cheaters, metrics = self.play(kind)
        self.assertGreaterEqual(metrics[f'skirmish_closed_total{{reason="{reason}"}}'], CHEATERS)
        self.assertGreaterEqual(cheaters["drops"], CHEATERS)

    def check_kept(self, kind):
        """They play on; returns the metrics and how many inputs they made, about."""
        cheaters, metrics = self.play(kind)
        self.assertEqual((cheaters["failed"], cheaters["drops"]), (0, 0), cheaters["err"])
        return metrics, cheaters["inputs_per_s"] * SECONDS

    def test_axes_out_of_range_are_played_as_the_range_allows(self):
        metrics, made = self.check_kept("speed")
        self.assertLess(metrics["skirmish_inputs_dropped_total"], 0.1 * made)

    def test_flood_of_inputs_is_closed_as_rate_limit(self):
        self.check_closed("rate", "rate_limit")

    def test_ticks_far_ahead_are_closed_as_input_future(self):
        self.check_closed("future", "input_future")

    def test_ticks_that_are_over_are_dropped(self):
        metrics, made = self.check_kept("past")
        self.assertGreater(metrics["skirmish_inputs_dropped_total"], 0.5 * made)

    def test_second_input_of_a_tick_is_dropped(self):
        metrics, made = self.check_kept("doubled")
        self.assertGreater(metrics["skirmish_inputs_copied_total"], 0.8 * made)

    def test_chosen_views_are_clamped(self):
        metrics, made = self.check_kept("views")
        self.assertGreater(metrics["views_clamped"], 0.2 * made)

    def test_held_acks_do_not_stop_the_view_clock(self):
        metrics, made = self.check_kept("acks")
        self.assertGreater(metrics["views_clamped"], 0.2 * made)
