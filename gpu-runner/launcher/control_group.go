package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

const groupName = "asi-worker"

// controlGroups says which hierarchy can limit a worker here: "v2", "v1" or "none".
func controlGroups() string {
	if os.Geteuid() != 0 {
		return "none"
	}
	if controllers, err := os.ReadFile("/sys/fs/cgroup/cgroup.subtree_control"); err == nil {
		if enabled := string(controllers); strings.Contains(enabled, "memory") && strings.Contains(enabled, "pids") && writable("/sys/fs/cgroup") {
			return "v2"
		}
		return "none"
	}
	if writable("/sys/fs/cgroup/memory") && writable("/sys/fs/cgroup/pids") {
		return "v1"
	}
	return "none"
}

func writable(folder string) bool {
	probe := filepath.Join(folder, groupName)
	return os.Mkdir(probe, 0o755) == nil || isFolder(probe)
}

func isFolder(path string) bool {
	found, err := os.Stat(path)
	return err == nil && found.IsDir()
}

// joinControlGroup limits memory and processes of this process and all it starts, where the hierarchy can be written.
// Groups of workers that are gone are removed first: nobody else outlives them.
func joinControlGroup(settings settings) error {
	name := strconv.Itoa(settings.user) + "-" + strconv.Itoa(os.Getpid())
	switch controlGroups() {
	case "v2":
		parent := filepath.Join("/sys/fs/cgroup", groupName)
		_ = os.WriteFile(filepath.Join(parent, "cgroup.subtree_control"), []byte("+memory +pids"), 0o644)
		return join(parent, name, map[string]uint64{
			"memory.max": settings.memory, "memory.swap.max": 0, "pids.max": settings.processes,
		}, "memory.oom.group")
	case "v1":
		if err := join("/sys/fs/cgroup/memory/"+groupName, name, map[string]uint64{
			"memory.limit_in_bytes": settings.memory, "memory.swappiness": 0,
		}, ""); err != nil {
			return err
		}
		return join("/sys/fs/cgroup/pids/"+groupName, name, map[string]uint64{"pids.max": settings.processes}, "")
	}
	return nil
}

func join(parent, name string, limits map[string]uint64, flag string) error {
	old, _ := filepath.Glob(filepath.Join(parent, "*-*"))
	for _, group := range old {
		_, pid, _ := strings.Cut(filepath.Base(group), "-")
		if _, err := os.Stat("/proc/" + pid); os.IsNotExist(err) {
			_ = os.Remove(group) // refused while anything lives in it
		}
	}
	group := filepath.Join(parent, name)
	if err := os.Mkdir(group, 0o755); err != nil {
		return err
	}
	for file, limit := range limits {
		swap := file == "memory.swap.max" || file == "memory.swappiness" // not there where the kernel has no swap
		if limit == 0 && !swap {
			continue
		}
		err := os.WriteFile(filepath.Join(group, file), []byte(strconv.FormatUint(limit, 10)), 0o644)
		if err != nil && !swap {
			return err
		}
	}
	if flag != "" {
		if err := os.WriteFile(filepath.Join(group, flag), []byte("1"), 0o644); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(group, "cgroup.procs"), []byte(strconv.Itoa(os.Getpid())), 0o644)
}
