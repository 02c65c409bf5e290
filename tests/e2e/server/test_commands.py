"""test_commands.py - commands over connections that break: each is taken and answered once."""
import unittest

from cutting_proxy import CuttingProxy
from flat import Table, Text, message
from skirmish import COMMAND, Client, Server
from test_bots import run_bots

ANSWER = 6
BOTS = 8
REQUESTS = 200
SEED = 7


class Commands(unittest.TestCase):
    """With the template, whose command answers how often it came."""

    def test_requests_over_a_cutting_proxy_are_each_taken_and_answered_once(self):
        with Server("--game", "template") as server, CuttingProxy(server.port, SEED) as proxy:
            url = f"http://127.0.0.1:{proxy.port}"
            code, figures, err = run_bots("--url", url, "--bots", f"{BOTS}", "--ramp", "0",
                                          "--seconds", "15", "--requests", f"{REQUESTS}",
                                          "--expect", "failed=0")
            self.assertEqual(code, 0, err)
        print(f"seed {SEED}: {proxy.cut_count} cuts")
        self.assertGreater(figures["resumes"], 3 * BOTS)
        self.assertEqual(figures["requests"], BOTS * REQUESTS)
        self.assertEqual(figures["answers"], BOTS * REQUESTS)
        self.assertEqual(figures["answers_refused"], 0)
        self.assertEqual(figures["answers_in_step"], BOTS * REQUESTS)

    def test_answer_comes_again_until_it_is_confirmed(self):
        with Server("--game", "template") as server, Client(server) as client:
            client.enter()
            client.send(message(COMMAND, Table((0, "H", 0), (2, "I", 1), (4, "B", 1))))
            self.assertEqual(client.wait(ANSWER).number(0, "I"), 1)
            client.drop()
            with Client(server, client.resume) as again:
                again.hello()
                again.send(message(COMMAND, Table((0, "H", 0), (2, "I", 1), (4, "B", 1))))
                answer = again.wait(ANSWER)
                self.assertEqual((answer.number(0, "I"), answer.number(1, "B")), (1, 0))
                again.send(message(COMMAND, Table((0, "H", 0), (2, "I", 2), (3, "I", 1),
                                                  (4, "B", 1))))
                self.assertEqual(again.wait(ANSWER).number(0, "I"), 2)

    def test_refused_command_is_told_in_words(self):
        with Server("--game", "arena") as server, Client(server) as client:
            client.enter()
            client.send(message(COMMAND, Table((0, "H", 0), (1, Text("~")), (2, "I", 1))))
            answer = client.wait(ANSWER)
            self.assertEqual((answer.number(0, "I"), answer.number(1, "B")), (1, 1))
            self.assertEqual(answer.text(2), "the game refused that command")


if __name__ == "__main__":
    unittest.main()
