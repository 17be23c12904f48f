//go:build !linux

package main

import "syscall"

const (
	terminate = syscall.SIGTERM
	kill      = syscall.SIGKILL
)

// signalOnParentDeath does nothing where the kernel has no such signal; P2 and P3 of endWithParent remain.
func signalOnParentDeath(syscall.Signal) error { return nil }
