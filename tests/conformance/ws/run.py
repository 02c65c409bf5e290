#!/usr/bin/env python3
"""run.py WS-ECHO [--tls] [PREFIX] - points every case at a ws-echo that it starts."""
import sys

import cases_close  # noqa: F401 - the imports fill the list of cases
import cases_framing  # noqa: F401
import cases_http  # noqa: F401
import cases_messages  # noqa: F401
import suite


def main():
    """Exit code 0 when all cases passed and the server ended cleanly."""
    words = [word for word in sys.argv[1:] if word != "--tls"]
    if not words:
        raise SystemExit(__doc__)
    server = suite.Server(words[0], secure="--tls" in sys.argv)
    failed = suite.run(server, words[1] if len(words) > 1 else "")
    code = server.stop()
    if code != 0:
        print(f"the server's exit code is {code}", file=sys.stderr)
    return 1 if failed or code != 0 else 0


if __name__ == "__main__":
    sys.exit(main())
