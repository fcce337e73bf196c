"""Runs a program that dies with its starter: `python guard.py PROGRAM ARGUMENT…`.

It prints the program's process id, and kills it as soon as its own standard input ends, which it
does when the starter is gone, in whatever way. Plain Python without imports of the project, so that
it starts at once.
"""

import os
import subprocess
import sys
import threading


def main() -> int:
    """Run, and end as the program ended."""
    program = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=sys.stderr)
    print(program.pid, flush=True)
    threading.Thread(target=_kill_at_the_end, args=(program,), daemon=True).start()
    return program.wait()


def _kill_at_the_end(program: "subprocess.Popen[bytes]") -> None:
    # Not `sys.stdin`, whose lock a daemon thread would still hold while the interpreter ends.
    while os.read(0, 1024):
        pass
    program.kill()


if __name__ == "__main__":
    sys.exit(main())
