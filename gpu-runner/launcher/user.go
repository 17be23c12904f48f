package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"

	"golang.org/x/sys/unix"
)

const lastCapability = 63

// becomeUser gives up groups, user and every capability of this thread, for good.
func becomeUser(user int) error {
	if user != 0 {
		for capability := range lastCapability + 1 {
			if err := unix.Prctl(unix.PR_CAPBSET_DROP, uintptr(capability), 0, 0, 0); err != nil && !errors.Is(err, unix.EINVAL) {
				return fmt.Errorf("bounding set: %w", err)
			}
		}
		// Raw calls, because the other threads end with the exec.
		if _, _, code := unix.RawSyscall(unix.SYS_SETGROUPS, 0, 0, 0); code != 0 {
			return fmt.Errorf("setgroups: %w", code)
		}
		number := uintptr(user)
		if _, _, code := unix.RawSyscall(unix.SYS_SETRESGID, number, number, number); code != 0 {
			return fmt.Errorf("setresgid: %w", code)
		}
		if _, _, code := unix.RawSyscall(unix.SYS_SETRESUID, number, number, number); code != 0 {
			return fmt.Errorf("setresuid: %w", code)
		}
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("no_new_privs: %w", err)
	}
	// A change of user cleared it: the worker must not outlive the job.
	return unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL), 0, 0, 0)
}

func becomeUserAndRun(settings settings, environment []string) error {
	if err := becomeUser(settings.user); err != nil {
		return err
	}
	return execute(settings.program, environment)
}

// execute replaces this process; it returns only when that fails.
func execute(program []string, environment []string) error {
	path, err := exec.LookPath(program[0])
	if err != nil && !errors.Is(err, exec.ErrDot) {
		return err
	}
	return &os.PathError{Op: "exec", Path: path, Err: unix.Exec(path, program, environment)}
}
