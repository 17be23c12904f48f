"""Tries to escape. Run by the doctor with and without the sandbox; prints what worked as one JSON object.

Reads its canaries (a secret's name, files, sockets) as JSON from the first argument. Opens, connects and looks; changes nothing.
"""

import ctypes
import json
import os
import signal
import socket
import sys
from collections.abc import Callable

CANARY = json.loads(sys.argv[1])


def inherited_descriptors() -> bool:
    for name in os.listdir("/proc/self/fd"):
        try:
            if (
                int(name) > 2
                and os.readlink(f"/proc/self/fd/{name}") == CANARY["openFile"]
            ):
                return True
        except OSError:
            pass
    return False


def readable(path: str) -> bool:
    with open(path, encoding="utf-8") as file:
        return file.read() == CANARY["secret"]


def opens(path: str, flags: int) -> bool:
    os.close(os.open(path, flags))
    return True


def connects(family: int, address: object) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as client:
        client.settimeout(2)
        client.connect(address)  # type: ignore[arg-type]
    return True


def datagram_socket() -> bool:
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()
    return True


def same_processes() -> bool:
    return os.readlink("/proc/self/ns/pid") == CANARY["processNamespace"]


def host_user_is_root() -> bool:
    """Whether files of the host's root belong to this user: ids that a namespace does not map look like nobody's."""
    return CANARY["systemOwner"] == 0 and os.stat("/usr").st_uid == os.getuid()


def call(number: int, *arguments: object) -> bool:
    return int(ctypes.CDLL(None, use_errno=True).syscall(number, *arguments)) >= 0


def new_user_namespace() -> bool:
    child = os.fork()
    if child == 0:
        os._exit(0 if ctypes.CDLL(None).unshare(0x10000000) == 0 else 1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def more_files_than_allowed() -> bool:
    """Whether the file system of temporary files sets no bound worth the name on their number."""
    most = os.statvfs(os.environ.get("TMPDIR", "/tmp")).f_files
    return most == 0 or most > 200_000


def more_processes_than_allowed() -> bool:
    children: list[int] = []
    try:
        while len(children) < 400:
            child = os.fork()
            if child == 0:
                signal.pause()
            children.append(child)
        return True
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


PROBES: dict[str, Callable[[], bool]] = {
    "environment.secret": lambda: CANARY["secret"] in os.environ.values(),
    "file.readable": lambda: readable(CANARY["readableFile"]),
    "file.private": lambda: readable(CANARY["privateFile"]),
    "file.trainer-write": lambda: opens(CANARY["trainerFile"], os.O_WRONLY),
    "file.system-write": lambda: opens("/usr/bin/env", os.O_WRONLY),
    "descriptor.inherited": inherited_descriptors,
    "network.tcp": lambda: connects(socket.AF_INET, ("127.0.0.1", CANARY["port"])),
    "network.datagram": datagram_socket,
    "network.abstract-socket": lambda: connects(
        socket.AF_UNIX, "\0" + CANARY["abstractSocket"]
    ),
    "network.path-socket": lambda: connects(socket.AF_UNIX, CANARY["pathSocket"]),
    "process.visible": same_processes,
    "process.signal": lambda: same_processes() and os.kill(CANARY["pid"], 0) is None,
    "user.host-root": host_user_is_root,
    "kernel.core-pattern": lambda: opens("/proc/sys/kernel/core_pattern", os.O_WRONLY),
    "kernel.user-namespace": new_user_namespace,
    "limits.files": more_files_than_allowed,
    "limits.processes": more_processes_than_allowed,
    "kernel.io-uring": lambda: call(425, 1, ctypes.create_string_buffer(256)),
}


def attempt(probe: Callable[[], bool]) -> dict[str, object]:
    try:
        return {"worked": probe(), "detail": ""}
    except (OSError, ValueError, AttributeError) as error:
        return {
            "worked": False,
            "detail": f"{type(error).__name__}: {getattr(error, 'strerror', None) or error}",
        }


print(json.dumps({name: attempt(probe) for name, probe in PROBES.items()}))
