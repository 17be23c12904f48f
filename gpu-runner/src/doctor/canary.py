"""Tries to escape. Run by the doctor with and without the sandbox; prints what worked as one JSON object.

Reads its canaries (a secret's name, files, sockets) as JSON from the first argument. Opens, connects and looks; changes
nothing: a call that would change the machine is made with arguments that no kernel accepts, and how it is refused tells
whether it was permitted.
"""

import ctypes
import errno
import fcntl
import json
import os
import resource
import signal
import socket
import struct
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

CANARY = json.loads(sys.argv[1])
FOLDER = os.environ.get("TMPDIR", "/tmp")
NOWHERE = b"/asi-canary-nowhere"
NEW_USER_NAMESPACE = 0x10000000

library = ctypes.CDLL(None, use_errno=True)
library.syscall.restype = ctypes.c_long

# What a system call is called in the table of x86_64 and in that of the other 64-bit machines.
NUMBERS = {
    "acct": (163, 89),
    "adjtimex": (159, 171),
    "bpf": (321, 280),
    "chroot": (161, 51),
    "clone": (56, 220),
    "clone3": (435, 435),
    "fanotify_init": (300, 262),
    "fsopen": (430, 430),
    "init_module": (175, 105),
    "io_uring_setup": (425, 425),
    "kexec_load": (246, 104),
    "keyctl": (250, 219),
    "mount": (165, 40),
    "name_to_handle_at": (303, 264),
    "perf_event_open": (298, 241),
    "personality": (135, 92),
    "pidfd_getfd": (438, 438),
    "pidfd_open": (434, 434),
    "process_vm_readv": (310, 270),
    "ptrace": (101, 117),
    "reboot": (169, 142),
    "setns": (308, 268),
    "swapon": (167, 224),
    "syslog": (103, 116),
    "unshare": (272, 97),
    "userfaultfd": (323, 282),
}


def call(name: str, *arguments: object) -> int:
    """What the system call returns. Raises OSError."""
    number = NUMBERS[name][0 if os.uname().machine == "x86_64" else 1]
    # As long integers: of a plain one only half a register is set.
    long = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    result = int(library.syscall(ctypes.c_long(number), *long))
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def works(name: str, *arguments: object) -> bool:
    return call(name, *arguments) >= 0


def reaches(complaint: int, name: str, *arguments: object) -> bool:
    """Whether the kernel gets as far as complaining about the arguments, which it does after asking for permission."""
    try:
        return works(name, *arguments)
    except OSError as error:
        if error.errno == complaint:
            return True
        raise


def in_child(attack: Callable[[], bool]) -> bool:
    """An attack that would change this process. Raises OSError, ValueError when a signal ended it."""
    child = os.fork()
    if child == 0:
        outcome = 255
        try:
            outcome = 0 if attack() else 255
        except OSError as error:
            outcome = error.errno or 255
        finally:
            os._exit(outcome)
    return outcome_of(child)


def outcome_of(child: int) -> bool:
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code < 0:
        raise ValueError(f"ended by {signal.Signals(-code).name}")
    if code not in (0, 255):
        raise OSError(code, os.strerror(code))
    return code == 0


@contextmanager
def companion() -> Iterator[int]:
    """Another process, with the memory of this one."""
    child = os.fork()
    if child == 0:
        signal.pause()
        os._exit(0)
    try:
        yield child
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def inherited_descriptors() -> bool:
    for name in os.listdir("/proc/self/fd"):
        try:
            if int(name) > 2 and os.readlink(f"/proc/self/fd/{name}") == CANARY["openFile"]:
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


def socket_of(family: int, kind: int) -> bool:
    socket.socket(family, kind).close()
    return True


def same_namespace(name: str) -> bool:
    return os.readlink(f"/proc/self/ns/{name}") == CANARY[f"{name}Namespace"]


def same_processes() -> bool:
    return same_namespace("pid")


def environment_of_the_runner() -> bool:
    with open(f"/proc/{CANARY['pid']}/environ", "rb") as file:
        return same_processes() and len(file.read()) > 0


def traces() -> bool:
    seize = 0x4206
    with companion() as pid:
        return works("ptrace", seize, pid, None, None)


def memory_of_another() -> bool:
    found = ctypes.create_string_buffer(len(CANARY["secret"]))
    held = ctypes.create_string_buffer(CANARY["secret"].encode())
    span = [(ctypes.c_void_p * 2)(ctypes.addressof(one), len(found)) for one in (found, held)]
    with companion() as pid:
        call("process_vm_readv", pid, span[0], 1, span[1], 1, 0)
    return found.raw.decode() == CANARY["secret"]


def descriptor_of_another() -> bool:
    with companion() as pid:
        return works("pidfd_getfd", call("pidfd_open", pid, 0), 0, 0)


def host_user_is_root() -> bool:
    """Whether files of the host's root belong to this user: ids that a namespace does not map look like nobody's."""
    return CANARY["systemOwner"] == 0 and os.stat("/usr").st_uid == os.getuid()


def set_root() -> bool:
    os.setuid(0)
    return True


def child_in_user_namespace(name: str, *arguments: object) -> bool:
    child = call(name, *arguments)
    if child == 0:
        os._exit(0)
    return outcome_of(child)


def set_namespace() -> bool:
    return works("setns", os.open("/proc/self/ns/uts", os.O_RDONLY), 0)


def device_node() -> bool:
    path = f"{FOLDER}/asi-canary-device-{os.getpid()}"
    os.mknod(path, 0o20600, os.makedev(1, 3))
    os.unlink(path)
    return True


def program_in_the_kernel() -> bool:
    array_map, key_bytes, value_bytes, entries = 2, 4, 4, 1
    wanted = struct.pack("<4I112x", array_map, key_bytes, value_bytes, entries)
    return works("bpf", 0, ctypes.create_string_buffer(wanted), len(wanted))


def performance_counter() -> bool:
    software, size, without_the_kernel = 1, 64, 1 << 5
    wanted = struct.pack("<2I4QQ16x", software, size, 0, 0, 0, 0, without_the_kernel)
    return works("perf_event_open", ctypes.create_string_buffer(wanted), 0, -1, -1, 0)


def handle_of_a_file() -> bool:
    handle = ctypes.create_string_buffer(struct.pack("<Ii", 128, 0), 136)
    return works("name_to_handle_at", -100, FOLDER.encode(), handle, ctypes.byref(ctypes.c_int()), 0)


def call_of_another_architecture() -> bool:
    """getpid by the table of 32-bit programs, as machine code."""
    import mmap

    if os.uname().machine != "x86_64":
        return False
    code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")
    address = ctypes.addressof(ctypes.c_char.from_buffer(code))
    return int(ctypes.CFUNCTYPE(ctypes.c_int)(address)()) == os.getpid()


def types_into_a_terminal() -> bool:
    push_input = 0x5412
    near, far = os.openpty()
    try:
        fcntl.ioctl(far, push_input, b"x")
        return True
    finally:
        os.close(near)
        os.close(far)


def raises_core_limit() -> bool:
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (1, 1))
        return True
    except ValueError as error:
        raise PermissionError(errno.EPERM, str(error)) from error


def larger_file_than_allowed() -> bool:
    """A hole of 5 GiB: it takes no room."""
    path = f"{FOLDER}/asi-canary-large-{os.getpid()}"
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    try:
        os.unlink(path)
        os.ftruncate(descriptor, 5 << 30)
        return True
    finally:
        os.close(descriptor)


def more_descriptors_than_allowed() -> bool:
    opened: list[int] = []
    try:
        while len(opened) < 1500:
            opened.append(os.dup(0))
        return True
    finally:
        for descriptor in opened:
            os.close(descriptor)


def more_files_than_allowed() -> bool:
    """Whether the file system of temporary files sets no bound worth the name on their number."""
    most = os.statvfs(FOLDER).f_files
    return most == 0 or most > 200_000


def more_processes_than_allowed() -> bool:
    children: list[int] = []  # more than the 256 that a worker gets
    try:
        while len(children) < 280:
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
    "file.handle": handle_of_a_file,
    "descriptor.inherited": inherited_descriptors,
    "network.tcp": lambda: connects(socket.AF_INET, ("127.0.0.1", CANARY["port"])),
    "network.datagram": lambda: socket_of(socket.AF_INET, socket.SOCK_DGRAM),
    "network.netlink": lambda: socket_of(socket.AF_NETLINK, socket.SOCK_RAW),
    "network.vsock": lambda: socket_of(socket.AF_VSOCK, socket.SOCK_STREAM),
    "network.abstract-socket": lambda: connects(socket.AF_UNIX, "\0" + CANARY["abstractSocket"]),
    "network.path-socket": lambda: connects(socket.AF_UNIX, CANARY["pathSocket"]),
    "process.visible": same_processes,
    "process.signal": lambda: same_processes() and os.kill(CANARY["pid"], 0) is None,
    "process.environment": environment_of_the_runner,
    "process.shared-memory": lambda: same_namespace("ipc"),
    "process.trace": traces,
    "process.memory": memory_of_another,
    "process.descriptor": descriptor_of_another,
    "user.host-root": host_user_is_root,
    "user.set-root": lambda: in_child(set_root),
    "terminal.input": types_into_a_terminal,
    "kernel.user-namespace": lambda: in_child(lambda: works("unshare", NEW_USER_NAMESPACE)),
    "kernel.clone": lambda: child_in_user_namespace(
        "clone", NEW_USER_NAMESPACE | signal.SIGCHLD, None, None, None, None
    ),
    "kernel.clone3": lambda: child_in_user_namespace(
        "clone3",
        struct.pack("<8Q", NEW_USER_NAMESPACE, 0, 0, 0, signal.SIGCHLD, 0, 0, 0),
        64,
    ),
    "kernel.set-namespace": lambda: in_child(set_namespace),
    "kernel.mount": lambda: reaches(errno.ENOENT, "mount", NOWHERE, b"/", None, 0x1000, None),
    "kernel.fsopen": lambda: works("fsopen", b"tmpfs", 0),
    "kernel.chroot": lambda: in_child(lambda: works("chroot", b"/")),
    "kernel.device-node": device_node,
    "kernel.module": lambda: reaches(errno.ENOEXEC, "init_module", None, 0, b""),
    "kernel.kexec": lambda: reaches(errno.EINVAL, "kexec_load", 0, 0, None, 0xFF00),
    "kernel.reboot": lambda: reaches(errno.EINVAL, "reboot", 0, 0, 0, None),
    "kernel.swap": lambda: reaches(errno.ENOENT, "swapon", NOWHERE, 0),
    "kernel.accounting": lambda: reaches(errno.ENOENT, "acct", NOWHERE),
    "kernel.clock": lambda: works("adjtimex", ctypes.create_string_buffer(256)),
    "kernel.personality": lambda: works("personality", 0xFFFFFFFF),
    "kernel.log": lambda: works("syslog", 10, None, 0),
    "kernel.keyctl": lambda: works("keyctl", 0, -3, 0),
    "kernel.bpf": program_in_the_kernel,
    "kernel.perf-events": performance_counter,
    "kernel.userfaultfd": lambda: works("userfaultfd", 1),
    "kernel.fanotify": lambda: works("fanotify_init", 0x200, 0),
    "kernel.io-uring": lambda: works("io_uring_setup", 1, ctypes.create_string_buffer(256)),
    "kernel.32-bit-call": lambda: in_child(call_of_another_architecture),
    "kernel.core-pattern": lambda: opens("/proc/sys/kernel/core_pattern", os.O_WRONLY),
    "kernel.sysrq": lambda: opens("/proc/sysrq-trigger", os.O_WRONLY),
    "limits.core": lambda: in_child(raises_core_limit),
    "limits.descriptors": more_descriptors_than_allowed,
    "limits.file-size": larger_file_than_allowed,
    "limits.files": more_files_than_allowed,
    "limits.processes": more_processes_than_allowed,
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
