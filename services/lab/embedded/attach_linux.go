package main

import (
	"os"
	"syscall"
)

// attach turns this process into the command: no wrapper stays behind, and the kernel kills the command the
// moment the parent is gone.
func attach(parent int, path string, arguments []string) error {
	if err := signalOnParentDeath(kill); err != nil {
		return err
	}
	// The parent may have died between fork and the request, and then no signal would ever come.
	if os.Getppid() != parent {
		return nil
	}
	return syscall.Exec(path, arguments, os.Environ())
}
