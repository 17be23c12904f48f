"""Tries everything by which two processes that read the same file can notice each other.

`hold` waits for a line with its locks in its hands, `find` waits for a line before it tries."""

import ctypes
import errno
import fcntl
import json
import os
import struct
import sys

libc = ctypes.CDLL(None, use_errno=True)
descriptor = os.open("/usr/bin/env", os.O_RDONLY)
folder = os.open("/usr/bin", os.O_RDONLY)
READ_LOCK, WRITE_LOCK = 0, 1
OFD_SETLK, SETLEASE, NOTIFY = 37, 1024, 1026


def record(kind):
    return struct.pack("hhqqi4x", kind, os.SEEK_SET, 0, 0, 0)


def watched():
    watch = libc.inotify_init1(0)
    if watch < 0 or libc.inotify_add_watch(watch, b"/usr/bin/env", 0x20) < 0:
        raise OSError(ctypes.get_errno(), "inotify")


TRIES = {
    "flock": lambda: fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB),
    "lock of a part": lambda: fcntl.fcntl(descriptor, fcntl.F_SETLK, record(READ_LOCK)),
    "lock of a descriptor": lambda: fcntl.fcntl(descriptor, OFD_SETLK, record(READ_LOCK)),
    "lease": lambda: fcntl.fcntl(descriptor, SETLEASE, READ_LOCK),
    "notice of a folder": lambda: fcntl.fcntl(folder, NOTIFY, 1),
    "watch": watched,
    "flags": lambda: fcntl.fcntl(descriptor, fcntl.F_SETFD, fcntl.fcntl(descriptor, fcntl.F_GETFD)),
}

if sys.argv[1] == "find":
    sys.stdin.readline()
answers = {"user": os.getuid()}
for name, attempt in TRIES.items():
    try:
        attempt()
        answers[name] = "worked"
    except OSError as error:
        answers[name] = errno.errorcode[error.errno]
print(json.dumps(answers), flush=True)
if sys.argv[1] == "hold":
    sys.stdin.readline()
