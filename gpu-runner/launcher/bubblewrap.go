package main

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

const insideLauncher = "/.launcher"

func runInBubblewrap(settings settings) error {
	if err := joinControlGroup(settings); err != nil {
		return err
	}
	scratch := ""
	if os.Geteuid() == 0 {
		folder, err := mountScratch()
		if err != nil {
			return err
		}
		scratch = folder
	}
	arguments, err := bubblewrapArguments(settings, scratch)
	if err != nil {
		return err
	}
	filter, err := filterDescriptor()
	if err != nil {
		return err
	}
	command := []string{settings.bubblewrap}
	inside := settings.user != 0 && !settings.dropOutside
	if inside {
		command = append(command, "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try")
	} else {
		command = append(command, "--unshare-all", "--unshare-user", "--disable-userns", "--assert-userns-disabled")
	}
	command = append(command, "--die-with-parent", "--new-session", "--hostname", "worker", "--cap-drop", "ALL")
	if inside {
		for _, capability := range []string{"CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP"} {
			command = append(command, "--cap-add", capability)
		}
		self, err := os.Executable()
		if err != nil {
			return err
		}
		arguments = append([]string{"--ro-bind", self, insideLauncher}, arguments...)
	}
	command = append(command, arguments...)
	command = append(command, "--seccomp", strconv.Itoa(filter), "--")
	if inside {
		command = append(command, insideLauncher, "--tier", "0", "--inner", "--user", strconv.Itoa(settings.user), "--")
		command = append(command, settings.program...)
		return execute(command, os.Environ())
	}
	command = append(command, settings.program...)
	settings.program = command
	return becomeUserAndRun(settings, os.Environ())
}

// bubblewrapArguments describes environment and file system. Order matters to bwrap: --perms and --size belong to the
// next --tmpfs, a bind comes after what it sits on, and the last remount seals everything.
func bubblewrapArguments(settings settings, scratch string) ([]string, error) {
	arguments := []string{"--clearenv"}
	for _, pair := range workerEnvironment(settings.trainer, "/tmp") {
		arguments = append(arguments, "--setenv", pair[0], pair[1])
	}
	arguments = append(arguments, "--ro-bind", "/usr", "/usr")
	arguments = append(arguments, systemFolders()...)
	for _, file := range []string{"/etc/ld.so.cache", "/etc/alternatives"} {
		arguments = append(arguments, "--ro-bind-try", file, file)
	}
	arguments = append(arguments, "--proc", "/proc", "--dev", "/dev")
	arguments = append(arguments, accelerators()...)
	if scratch != "" {
		arguments = append(arguments, "--bind", scratch+"/shm", "/dev/shm", "--bind", scratch+"/tmp", "/tmp")
	} else {
		arguments = append(arguments, "--perms", "1777", "--size", strconv.Itoa(sharedFileBytes), "--tmpfs", "/dev/shm")
		arguments = append(arguments, "--perms", "1777", "--size", strconv.Itoa(folderBytes), "--tmpfs", "/tmp")
	}
	for _, folder := range append(settings.readable, settings.trainer) {
		if folder == "" || folder == "/usr" || strings.HasPrefix(folder, "/usr/") {
			continue
		}
		if !path.IsAbs(folder) {
			return nil, fmt.Errorf("--readable %s is not absolute", folder)
		}
		arguments = append(append(arguments, parentsOf(folder)...), "--ro-bind", folder, folder)
	}
	return append(arguments, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp"), nil
}

// parentsOf makes the folders above a bind for the worker to pass through: bwrap makes them for its own user only.
func parentsOf(folder string) []string {
	var arguments []string
	names := strings.Split(strings.Trim(path.Dir(folder), "/"), "/")
	for index, name := range names {
		if name != "" {
			arguments = append(arguments, "--perms", "0755", "--dir", "/"+strings.Join(names[:index+1], "/"))
		}
	}
	return arguments
}

// systemFolders are where the dynamic linker looks, as the host has them: usually links into /usr.
func systemFolders() []string {
	var arguments []string
	for _, folder := range []string{"/bin", "/sbin", "/lib", "/lib32", "/lib64"} {
		if target, err := os.Readlink(folder); err == nil {
			arguments = append(arguments, "--symlink", target, folder)
		} else if _, err := os.Stat(folder); err == nil {
			arguments = append(arguments, "--ro-bind", folder, folder)
		}
	}
	return arguments
}

var acceleratorNode = regexp.MustCompile(`^nvidia(\d+|ctl|-uvm|-uvm-tools)$`)

// accelerators: CUDA needs its device nodes as devices, and /sys.
func accelerators() []string {
	if _, err := os.Stat("/dev/nvidiactl"); err != nil {
		return nil
	}
	nodes, _ := filepath.Glob("/dev/nvidia*")
	var arguments []string
	for _, node := range nodes {
		if acceleratorNode.MatchString(filepath.Base(node)) {
			arguments = append(arguments, "--dev-bind", node, node)
		}
	}
	return append(arguments, "--ro-bind", "/sys", "/sys")
}

// mountScratch makes, in a mount namespace of this process's own, one file system for the worker's temporary files with
// a limit on bytes and on the number of files; it is gone with the last process of the worker. bwrap limits bytes only.
func mountScratch() (string, error) {
	const place = "/dev/shm"
	if err := unix.Unshare(unix.CLONE_NEWNS); err != nil {
		return "", fmt.Errorf("mount namespace: %w", err)
	}
	if err := unix.Mount("none", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return "", fmt.Errorf("private mounts: %w", err)
	}
	options := fmt.Sprintf("mode=1777,size=%d,nr_inodes=%d", folderBytes, folderFiles)
	if err := unix.Mount("worker", place, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, options); err != nil {
		return "", fmt.Errorf("temporary files: %w", err)
	}
	for _, name := range []string{"shm", "tmp"} {
		folder := filepath.Join(place, name)
		if err := os.Mkdir(folder, 0o777); err != nil {
			return "", err
		}
		if err := os.Chmod(folder, 0o777|os.ModeSticky); err != nil {
			return "", err
		}
	}
	return place, nil
}
