"""Conformance program: tries everything that a worker must not do, while it is imported, and prints what came of it.

Each attempt gives the errno's name of the refusal, or what it got. Nothing here changes the machine where it succeeds:
files are opened and not written, signals are sent to nobody else.
"""

import ctypes
import errno
import json
import os
import platform
import resource
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

libc = ctypes.CDLL(None, use_errno=True)


def syscall(number, *arguments):
    result = libc.syscall(number, *arguments)
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return f"worked: {result}"


def opened(path, flags=os.O_RDONLY):
    os.close(os.open(path, flags, 0o644))
    return "worked"


def environment():
    return sorted(os.environ)


def secrets_in_proc():
    """Every other process that is visible, and whether its environment or descriptors can be read."""
    seen = []
    for name in os.listdir("/proc"):
        if not name.isdigit() or int(name) == os.getpid():
            continue
        try:
            seen.append([name, len(Path(f"/proc/{name}/environ").read_bytes()), len(os.listdir(f"/proc/{name}/fd"))])
        except OSError as error:
            seen.append([name, errno.errorcode[error.errno], 0])
    return seen


def descriptors():
    found = {}
    for name in os.listdir("/proc/self/fd"):
        try:
            found[name] = os.readlink(f"/proc/self/fd/{name}")
        except OSError:
            continue
    return found


def tcp():
    with socket.create_connection(("127.0.0.1", 4222), timeout=2):
        return "worked"


def udp():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.sendto(b"x", ("127.0.0.1", 53))
    return "worked"


def dns():
    socket.getaddrinfo("example.org", 80)
    return "worked"


def vsock():
    with socket.socket(40, socket.SOCK_STREAM) as client:
        client.settimeout(2)
        client.connect((2, 1024))
    return "worked"


def abstract_socket():
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.connect("\0asi-conformance")
    return "worked"


def fill(folder):
    path = f"{folder}/big"
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY)
    try:
        os.posix_fallocate(descriptor, 0, 6 << 30)
        return "worked: 6 GiB"
    finally:
        os.close(descriptor)
        os.unlink(path)


def many_files(folder, count):
    made = 0
    try:
        os.mkdir(f"{folder}/many")
        for made in range(count):
            os.close(os.open(f"{folder}/many/{made}", os.O_CREAT | os.O_WRONLY))
        return f"worked: {count} files"
    finally:
        shutil.rmtree(f"{folder}/many", ignore_errors=True)


def sparse():
    descriptor = os.open("/tmp/sparse", os.O_CREAT | os.O_WRONLY)
    try:
        os.ftruncate(descriptor, 1 << 40)
        return "worked: 1 TiB"
    finally:
        os.close(descriptor)
        os.unlink("/tmp/sparse")


def writable_mounts():
    """Mount points below which this process can create a file."""
    points = [line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    return sorted(point for point in points if os.path.isdir(point) and os.access(point, os.W_OK))


def kill_everyone():
    os.kill(-1, 0)
    return "worked"


def ptrace_parent():
    if libc.ptrace(16, os.getppid(), 0, 0) < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return "worked"


def in_child(action):
    """The outcome of an action that would change this process."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            text = str(action())
        except OSError as error:
            text = errno.errorcode.get(error.errno, str(error.errno))
        except BaseException as error:
            text = type(error).__name__
        os.write(writer, text.encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        text = pipe.read().decode()
    status = os.waitpid(child, 0)[1]
    return signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else text


def become_root():
    result = subprocess.run(["su", "-c", "id -u"], stdin=subprocess.DEVNULL, capture_output=True, timeout=20)
    return "worked" if result.returncode == 0 and result.stdout.strip() == b"0" else "refused"


def raise_limit():
    _, hard = resource.getrlimit(resource.RLIMIT_NPROC)
    if hard == resource.RLIM_INFINITY:
        return "no limit to raise"
    resource.setrlimit(resource.RLIMIT_NPROC, (hard + 1, hard + 1))
    return "worked"


def raise_memory_limit():
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (hard + 1, hard + 1))
    return "worked"


def fork_bomb():
    """Forks sleeping children until it is refused; they end with this process's namespace."""
    children = []
    try:
        while len(children) < 5000:
            child = os.fork()
            if child == 0:
                signal.pause()
            children.append(child)
        return "worked: 5000 processes"
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def thread_bomb():
    import _thread
    import threading

    hold = threading.Lock()
    hold.acquire()
    count = 0
    try:
        while count < 5000:
            _thread.start_new_thread(hold.acquire, ())
            count += 1
        return "worked: 5000 threads"
    except RuntimeError as error:
        return "EAGAIN" if "start new thread" in str(error) else str(error)


def foreign_architecture():
    """getpid by int 0x80 (the 32-bit table), as machine code."""
    import mmap

    code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")
    address = ctypes.addressof(ctypes.c_char.from_buffer(code))
    return f"worked: {ctypes.CFUNCTYPE(ctypes.c_int)(address)()}"


def deep_folder():
    """5000 levels below /tmp, left for whoever cleans up."""
    here = os.open("/tmp", os.O_RDONLY)
    for _ in range(5000):
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    return "made"


X64 = platform.machine() == "x86_64"
SITE = next((path for path in sys.path if path.endswith("site-packages")), "/usr/lib/python3/dist-packages")
TRAINER = sys.modules["trainer"].__file__ if "trainer" in sys.modules else "/trainer/__init__.py"

ATTEMPTS = {
    "environment": environment,
    "shadow": lambda: opened("/etc/shadow"),
    "root-home": lambda: os.listdir("/root"),
    "other-runs": lambda: os.listdir("/var"),
    "proc": secrets_in_proc,
    "init-environment": lambda: len(Path("/proc/1/environ").read_bytes()),
    "descriptors": descriptors,
    "tcp": tcp,
    "udp": udp,
    "dns": dns,
    "vsock": vsock,
    "abstract-socket": abstract_socket,
    "write-site-packages": lambda: opened(f"{SITE}/evil.pth", os.O_CREAT | os.O_WRONLY),
    "write-trainer": lambda: opened(TRAINER, os.O_WRONLY),
    "write-root": lambda: opened("/evil", os.O_CREAT | os.O_WRONLY),
    "write-python": lambda: opened(os.path.realpath(sys.executable), os.O_WRONLY),
    "fill-tmp": lambda: fill("/tmp"),
    "fill-shm": lambda: fill("/dev/shm"),
    "many-files": lambda: many_files("/tmp", 200_000),
    "sparse": sparse,
    "writable-mounts": writable_mounts,
    "kill-everyone": lambda: in_child(kill_everyone),
    "ptrace-parent": lambda: in_child(ptrace_parent),
    "user-namespace": lambda: in_child(lambda: syscall(272 if X64 else 97, 0x10000000)),
    "mount": lambda: in_child(lambda: syscall(165 if X64 else 40, b"none", b"/tmp", b"tmpfs", 0, None)),
    "io-uring": lambda: syscall(425, 1, ctypes.create_string_buffer(256)),
    "keyctl": lambda: syscall(250 if X64 else 219, 0, -3, 0),
    "mknod": lambda: in_child(lambda: os.mknod("/tmp/disk", 0o60600, os.makedev(8, 0)) or "worked"),
    "core-pattern": lambda: opened("/proc/sys/kernel/core_pattern", os.O_WRONLY),
    "become-root": become_root,
    "set-user": lambda: in_child(lambda: os.setuid(0) or "worked"),
    "raise-limit": lambda: in_child(raise_limit),
    "raise-memory-limit": lambda: in_child(raise_memory_limit),
    "x32-call": lambda: in_child(lambda: syscall(0x40000000 + 39)) if X64 else "not-x64",
    "int80-call": lambda: in_child(foreign_architecture) if X64 else "not-x64",
    "fork-bomb": fork_bomb,
    "thread-bomb": lambda: in_child(thread_bomb),
    "deep-folder": deep_folder,
}


def attempt(action):
    try:
        return action()
    except OSError as error:
        return errno.errorcode.get(error.errno, f"errno {error.errno}") if error.errno else type(error).__name__
    except Exception as error:
        return f"{type(error).__name__}: {error}"


print("CONFORMANCE", json.dumps({name: attempt(action) for name, action in ATTEMPTS.items()}), flush=True)
raise RuntimeError("all attempts are made")
