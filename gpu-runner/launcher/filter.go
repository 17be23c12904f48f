package main

import (
	"encoding/binary"
	"fmt"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// denied are the system calls that a worker never needs and that widen its reach: mounts, namespaces, tracing, kernel
// modules, keys, io_uring, clocks, device nodes. So do locks and notifications (the last line): workers of one job read
// the same files, and a lock that one holds on such a file, or a notice that it was opened, reaches the other through
// every namespace. They are answered EPERM.
var denied = map[string][]uint32{
	"amd64": {
		165, 166, 155, 161, 272, 308, 101, 310, 311, 312, 438, 321, 298, 323, 425, 426, 427, 248, 249, 250, 246, 320, 175,
		313, 176, 303, 304, 300, 227, 164, 159, 305, 135, 133, 259, 428, 429, 430, 431, 432, 433, 442, 167, 168, 169, 163,
		103, 179,
		73, 253, 254, 294, 301,
	},
	"arm64": {
		40, 39, 41, 51, 97, 268, 117, 270, 271, 272, 438, 280, 241, 282, 425, 426, 427, 217, 218, 219, 104, 294, 105, 273,
		106, 264, 265, 262, 112, 170, 171, 266, 92, 33, 428, 429, 430, 431, 432, 433, 442, 224, 225, 142, 89, 116, 60,
		32, 26, 27, 263,
	},
}

// deniedOfDescriptors are what fcntl does beside the flags of descriptors: locks of both kinds, leases, notices.
var deniedOfDescriptors = []uint32{
	unix.F_GETLK, unix.F_SETLK, unix.F_SETLKW, unix.F_OFD_GETLK, unix.F_OFD_SETLK, unix.F_OFD_SETLKW,
	unix.F_SETLEASE, unix.F_GETLEASE, unix.F_NOTIFY,
}

type machine struct{ audit, clone, socket, socketpair, ioctl, fcntl uint32 }

var machines = map[string]machine{
	"amd64": {audit: 0xc000003e, clone: 56, socket: 41, socketpair: 53, ioctl: 16, fcntl: 72},
	"arm64": {audit: 0xc00000b7, clone: 220, socket: 198, socketpair: 199, ioctl: 29, fcntl: 25},
}

const (
	allow          = 0x7fff0000
	killProcess    = 0x80000000
	notPermitted   = 0x00050000 | uint32(unix.EPERM)
	notImplemented = 0x00050000 | uint32(unix.ENOSYS)
	firstX32Call   = 0x40000000
	clone3         = 435
	newNamespaces  = 0x7e020000
	pushInput      = 0x5412
	linuxConsole   = 0x541c
)

func load(offset uint32) unix.SockFilter    { return unix.SockFilter{Code: 0x20, K: offset} }
func answer(value uint32) unix.SockFilter   { return unix.SockFilter{Code: 0x06, K: value} }
func argument(index uint32) unix.SockFilter { return load(16 + 8*index) }
func ifEqual(value uint32, yes, no uint8) unix.SockFilter {
	return unix.SockFilter{Code: 0x15, Jt: yes, Jf: no, K: value}
}
func ifAtLeast(value uint32, yes, no uint8) unix.SockFilter {
	return unix.SockFilter{Code: 0x35, Jt: yes, Jf: no, K: value}
}
func ifAnyBit(mask uint32, yes, no uint8) unix.SockFilter {
	return unix.SockFilter{Code: 0x45, Jt: yes, Jf: no, K: mask}
}

// systemCallFilter refuses what `denied` and `deniedOfDescriptors` list, sockets other than AF_UNIX, new namespaces and
// typing into terminals.
// clone3 is answered ENOSYS, so that libc falls back to clone, whose flags a filter can see.
func systemCallFilter() ([]unix.SockFilter, error) {
	this, known := machines[runtime.GOARCH]
	if !known {
		return nil, fmt.Errorf("no system-call filter is written for %s", runtime.GOARCH)
	}
	program := []unix.SockFilter{
		load(4), ifEqual(this.audit, 1, 0), answer(killProcess),
		load(0),
		// On x86 these are the x32 calls, which would pass by the list.
		ifAtLeast(firstX32Call, 0, 1), answer(killProcess),
	}
	for _, number := range denied[runtime.GOARCH] {
		program = append(program, ifEqual(number, 0, 1), answer(notPermitted))
	}
	commands := uint8(len(deniedOfDescriptors))
	program = append(program, ifEqual(this.fcntl, 0, commands+3), argument(1))
	for index, command := range deniedOfDescriptors {
		program = append(program, ifEqual(command, commands-uint8(index), 0))
	}
	program = append(program, answer(allow), answer(notPermitted))
	return append(program,
		ifEqual(clone3, 0, 1), answer(notImplemented),
		ifEqual(this.clone, 0, 4), argument(0), ifAnyBit(newNamespaces, 0, 1), answer(notPermitted), answer(allow),
		ifEqual(this.socket, 1, 0), ifEqual(this.socketpair, 0, 4),
		argument(0), ifEqual(unix.AF_UNIX, 1, 0), answer(notPermitted), answer(allow),
		ifEqual(this.ioctl, 0, 4), argument(1), ifEqual(pushInput, 1, 0), ifEqual(linuxConsole, 0, 1), answer(notPermitted),
		answer(allow),
	), nil
}

func filterBytes(program []unix.SockFilter) []byte {
	bytes := make([]byte, 0, 8*len(program))
	for _, one := range program {
		bytes = binary.LittleEndian.AppendUint16(bytes, one.Code)
		bytes = append(bytes, one.Jt, one.Jf)
		bytes = binary.LittleEndian.AppendUint32(bytes, one.K)
	}
	return bytes
}

// filterDescriptor holds the filter in memory for `bwrap --seccomp`, which reads and closes it.
func filterDescriptor() (int, error) {
	program, err := systemCallFilter()
	if err != nil {
		return -1, err
	}
	descriptor, err := unix.MemfdCreate("filter", 0)
	if err != nil {
		return -1, err
	}
	if _, err := unix.Write(descriptor, filterBytes(program)); err != nil {
		return -1, err
	}
	_, err = unix.Seek(descriptor, 0, 0)
	return descriptor, err
}

// installFilter puts this thread under the filter; no_new_privs must be set.
func installFilter() error {
	program, err := systemCallFilter()
	if err != nil {
		return err
	}
	wanted := unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}
	_, _, code := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, 0, uintptr(unsafe.Pointer(&wanted)))
	if code != 0 {
		return fmt.Errorf("system-call filter: %w", code)
	}
	return nil
}
