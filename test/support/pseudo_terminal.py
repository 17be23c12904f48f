"""Runs a command on a pseudo-terminal: pseudo_terminal.py COLUMNS ROWS COMMAND [ARGUMENT ...].

What the command writes goes to standard output as it is; what arrives on standard input is typed. Exits as it does.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import sys
import termios


def main() -> int:
    """Returns the exit code of the command, 128 + signal when a signal ended it."""
    columns, rows = int(sys.argv[1]), int(sys.argv[2])
    child, terminal = pty.fork()
    if child == 0:
        # Before the command asks for its size.
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        os.execvp(sys.argv[3], sys.argv[3:])
    typing = True
    while True:
        readable, _, _ = select.select([terminal, 0] if typing else [terminal], [], [])
        if 0 in readable:
            typed = os.read(0, 4096)
            typing = typed != b""
            if typed:
                os.write(terminal, typed)
        if terminal in readable:
            try:
                written = os.read(terminal, 65536)
            except OSError:  # Linux: nobody has the terminal open any more.
                written = b""
            if not written:
                break
            os.write(1, written)
    status = os.waitpid(child, 0)[1]
    return os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)


if __name__ == "__main__":
    sys.exit(main())
