package main

import "golang.org/x/sys/unix"

const (
	largestFile     = 4 << 30
	openFiles       = 1024
	folderBytes     = 2 << 30
	folderFiles     = 65_536
	sharedFileBytes = 1 << 30
)

// setLimits lowers what is not low already: a limit can be taken over but never raised again.
func setLimits(processes uint64) error {
	limits := map[int]uint64{
		unix.RLIMIT_CORE:   0,
		unix.RLIMIT_FSIZE:  largestFile,
		unix.RLIMIT_NOFILE: openFiles,
	}
	if processes > 0 {
		limits[unix.RLIMIT_NPROC] = processes
	}
	for resource, most := range limits {
		var now unix.Rlimit
		if err := unix.Getrlimit(resource, &now); err != nil {
			return err
		}
		most = min(most, now.Max)
		if err := unix.Setrlimit(resource, &unix.Rlimit{Cur: most, Max: most}); err != nil {
			return err
		}
	}
	return nil
}
