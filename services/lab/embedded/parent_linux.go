package main

import (
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

const (
	terminate = syscall.SIGTERM
	kill      = syscall.SIGKILL
)

// signalOnParentDeath asks the kernel for a signal when the parent ends (prctl(2), PR_SET_PDEATHSIG). The
// request outlives execve(2).
func signalOnParentDeath(signal syscall.Signal) error {
	// The setting belongs to the process, but is made by the thread that a following execve would use.
	runtime.LockOSThread()
	return unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(signal), 0, 0, 0)
}
