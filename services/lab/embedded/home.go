package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// lockHome makes this process the only one that serves a folder. The kernel releases the lock with the
// process, however it ends, so a lock can never be stale.
func lockHome(home string) (release func(), err error) {
	path := filepath.Join(home, "embedded.lock")
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		owner, _ := os.ReadFile(path)
		file.Close()
		return nil, &failure{"store-locked", fmt.Sprintf("the store in %s is in use by process %s; stop it (asi down) or set another ASI_HOME",
			home, strings.TrimSpace(string(owner))), exitLocked}
	}
	if err := file.Truncate(0); err != nil {
		return nil, err
	}
	if _, err := file.WriteAt([]byte(fmt.Sprintf("%d\n", os.Getpid())), 0); err != nil {
		return nil, err
	}
	return func() { file.Close() }, nil
}

// checkFreeSpace fails when the file system of home has fewer free bytes than minimum, and says how many the servers need to start.
func checkFreeSpace(home string, minimum, needed uint64) error {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(home, &stat); err != nil {
		return err
	}
	free := stat.Bavail * uint64(stat.Bsize)
	if free >= minimum {
		return nil
	}
	return &failure{"no-space", fmt.Sprintf("only %d MiB are free where %s lies and %d MiB are needed; free some space or set ASI_HOME to another disk",
		free>>20, home, needed>>20), exitNoSpace}
}
