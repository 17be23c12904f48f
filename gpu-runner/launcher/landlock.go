package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/landlock-lsm/go-landlock/landlock"
	"golang.org/x/sys/unix"
)

// Files below these the dynamic linker, Python and torch read. Nothing of /etc but the linker's own, nothing of /home.
var landlockReadable = []string{"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/proc", "/sys/devices/system"}
var landlockReadableFiles = []string{"/etc/ld.so.cache", "/dev/urandom", "/dev/random", "/dev/zero"}

func runUnderLandlock(settings settings) error {
	if err := joinControlGroup(settings); err != nil {
		return err
	}
	folder, err := ownFolder(settings.user)
	if err != nil {
		return err
	}
	if err := becomeUser(settings.user); err != nil {
		return err
	}
	if err := os.Chdir(folder); err != nil {
		return err
	}
	readable := append(append([]string{}, landlockReadable...), settings.readable...)
	rules := []landlock.Rule{
		landlock.RODirs(append(readable, settings.trainer)...).IgnoreIfMissing(),
		landlock.ROFiles(landlockReadableFiles...).IgnoreIfMissing(),
		landlock.RWFiles("/dev/null"),
		landlock.RWDirs(folder),
	}
	if accelerators() != nil {
		nodes, _ := filepath.Glob("/dev/nvidia*")
		rules = append(rules, landlock.RWFiles(nodes...).IgnoreIfMissing(), landlock.RODirs("/sys"), landlock.RWDirs("/proc/self"))
	}
	// Best effort over the kernel's versions of Landlock; the doctor's probes decide whether it is enough.
	if abi := landlockVersion(); abi < 1 {
		return fmt.Errorf("this kernel has no Landlock")
	}
	if err := landlock.V6.BestEffort().Restrict(rules...); err != nil {
		return fmt.Errorf("Landlock: %w", err)
	}
	if err := installFilter(); err != nil {
		return err
	}
	var environment []string
	for _, pair := range workerEnvironment(settings.trainer, folder) {
		environment = append(environment, pair[0]+"="+pair[1])
	}
	// By its mark the runner finds what a killed job left behind: without a process namespace nothing else ends it.
	if mark, marked := os.LookupEnv("ASI_RUNNER_JOB"); marked {
		environment = append(environment, "ASI_RUNNER_JOB="+mark)
	}
	return execute(settings.program, environment)
}

// landlockVersion is 0 where there is none.
func landlockVersion() int {
	const askVersion = 1
	version, _, code := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, askVersion)
	if code != 0 {
		return 0
	}
	return int(version)
}

// ownFolder makes the worker's temporary folder, named by user and process, and removes those of processes that are gone.
// Another user cannot reach the folder of a job, which is for the runner's user alone: his is in the system's /tmp.
func ownFolder(user int) (string, error) {
	parent := "/tmp"
	if user == 0 {
		user = os.Getuid()
		parent = os.TempDir()
	}
	prefix := filepath.Join(parent, "asi-worker-"+strconv.Itoa(user)+"-")
	old, _ := filepath.Glob(prefix + "*")
	for _, folder := range old {
		pid := strings.TrimPrefix(folder, prefix)
		if _, err := os.Stat("/proc/" + pid); os.IsNotExist(err) {
			_ = os.RemoveAll(folder)
		}
	}
	folder := prefix + strconv.Itoa(os.Getpid())
	if err := os.Mkdir(folder, 0o700); err != nil {
		return "", err
	}
	return folder, os.Chown(folder, user, user)
}
