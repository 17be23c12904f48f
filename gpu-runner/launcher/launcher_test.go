package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// run interprets the filter as the kernel does, for one system call.
func run(t *testing.T, program []unix.SockFilter, audit, number, argument uint32) uint32 {
	t.Helper()
	data := map[uint32]uint32{0: number, 4: audit, 16: argument, 24: argument}
	var accumulator uint32
	for at := 0; at < len(program); at++ {
		one := program[at]
		jump := func(yes bool) {
			if yes {
				at += int(one.Jt)
			} else {
				at += int(one.Jf)
			}
		}
		switch one.Code {
		case 0x20:
			accumulator = data[one.K]
		case 0x06:
			return one.K
		case 0x15:
			jump(accumulator == one.K)
		case 0x35:
			jump(accumulator >= one.K)
		case 0x45:
			jump(accumulator&one.K != 0)
		default:
			t.Fatalf("instruction %d has code %#x", at, one.Code)
		}
	}
	t.Fatal("the filter ends without an answer")
	return 0
}

func TestFilterAnswersEverySystemCall(t *testing.T) {
	program, err := systemCallFilter()
	if err != nil {
		t.Skip(err)
	}
	this := machines["amd64"]
	if program[1].K != this.audit {
		t.Skip("numbers are those of amd64")
	}
	const read, mount, unshare = 0, 165, 272
	cases := []struct {
		name                    string
		audit, number, argument uint32
		want                    uint32
	}{
		{"read", this.audit, read, 0, allow},
		{"mount", this.audit, mount, 0, notPermitted},
		{"unshare", this.audit, unshare, 0, notPermitted},
		{"clone3", this.audit, clone3, 0, notImplemented},
		{"a thread", this.audit, this.clone, unix.CLONE_VM | unix.CLONE_THREAD, allow},
		{"a namespace", this.audit, this.clone, unix.CLONE_NEWUSER, notPermitted},
		{"a unix socket", this.audit, this.socket, unix.AF_UNIX, allow},
		{"an internet socket", this.audit, this.socket, unix.AF_INET, notPermitted},
		{"a vsock pair", this.audit, this.socketpair, unix.AF_VSOCK, notPermitted},
		{"typing into a terminal", this.audit, this.ioctl, pushInput, notPermitted},
		{"the console", this.audit, this.ioctl, linuxConsole, notPermitted},
		{"another ioctl", this.audit, this.ioctl, 0x5401, allow},
		{"a lock of a file", this.audit, 73, unix.LOCK_SH, notPermitted},
		{"a lock of a part", this.audit, this.fcntl, unix.F_SETLK, notPermitted},
		{"a question for a lock", this.audit, this.fcntl, unix.F_GETLK, notPermitted},
		{"a lock of a descriptor", this.audit, this.fcntl, unix.F_OFD_SETLKW, notPermitted},
		{"a lease", this.audit, this.fcntl, unix.F_SETLEASE, notPermitted},
		{"a notice of a folder", this.audit, this.fcntl, unix.F_NOTIFY, notPermitted},
		{"a descriptor that ends with exec", this.audit, this.fcntl, unix.F_SETFD, allow},
		{"flags of a descriptor", this.audit, this.fcntl, unix.F_GETFL, allow},
		{"a copy of a descriptor", this.audit, this.fcntl, unix.F_DUPFD_CLOEXEC, allow},
		{"a watch on files", this.audit, 294, 0, notPermitted},
		{"a file to watch", this.audit, 254, 0, notPermitted},
		{"an x32 call", this.audit, firstX32Call + read, 0, killProcess},
		{"a 32-bit call", 0x40000003, read, 0, killProcess},
	}
	for _, one := range cases {
		if got := run(t, program, one.audit, one.number, one.argument); got != one.want {
			t.Errorf("%s: answered %#x, want %#x", one.name, got, one.want)
		}
	}
}

func TestSettingsAreCompleteOrRefused(t *testing.T) {
	for _, arguments := range [][]string{{}, {"--tier", "2"}, {"--tier", "3", "--", "true"}, {"--", "true"}, {"--nonsense"}} {
		if _, err := parseSettings(arguments); err == nil {
			t.Errorf("%v was taken", arguments)
		}
	}
	found, err := parseSettings([]string{"--tier", "2", "--readable", "/a", "--readable", "/b", "--", "python", "-c", "--tier"})
	if err != nil || !slices.Equal(found.readable, []string{"/a", "/b"}) || !slices.Equal(found.program, []string{"python", "-c", "--tier"}) {
		t.Errorf("%+v, %v", found, err)
	}
}

func TestWorkersThatLiveAtTheSameTimeHaveUsersOfTheirOwn(t *testing.T) {
	users := map[int]string{}
	for _, slot := range []string{"61000", "61255"} {
		for _, number := range []string{"0", "1", "2", "7"} {
			t.Setenv(workerNumber, number)
			found, err := parseSettings([]string{"--tier", "2", "--user", slot, "--", "true"})
			if err != nil {
				t.Fatal(err)
			}
			if other, taken := users[found.user]; taken {
				t.Errorf("%s/%s has the user of %s", slot, number, other)
			}
			users[found.user] = slot + "/" + number
		}
	}
	t.Setenv(workerNumber, "8")
	for arguments, want := range map[string]int{"--user 61000": 61000, "--user 0": 0, "--inner --user 61256": 61256} {
		found, err := parseSettings(append(append([]string{"--tier", "2"}, strings.Fields(arguments)...), "--", "true"))
		if err != nil || found.user != want {
			t.Errorf("%s: %d, %v", arguments, found.user, err)
		}
	}
	t.Setenv(workerNumber, "first")
	if _, err := parseSettings([]string{"--tier", "2", "--user", "61000", "--", "true"}); err == nil {
		t.Error("a number that is none was taken")
	}
}

func TestTheSandboxIsSealedAfterEverythingIsMounted(t *testing.T) {
	arguments, err := bubblewrapArguments(settings{readable: paths{"/opt/python", "/usr/lib/python3"}, trainer: "/srv/trainer"}, "")
	if err != nil {
		t.Fatal(err)
	}
	line := strings.Join(arguments, " ")
	if !strings.HasSuffix(line, "--remount-ro /dev --remount-ro / --chdir /tmp") || strings.Contains(line, "/usr/lib/python3") {
		t.Error(line)
	}
	for _, bounded := range []string{"--perms 1777 --size 1073741824 --tmpfs /dev/shm", "--perms 1777 --size 2147483648 --tmpfs /tmp"} {
		if !strings.Contains(line, bounded) {
			t.Errorf("not bounded: %s", line)
		}
	}
	if _, err := bubblewrapArguments(settings{readable: paths{"relative"}}, ""); err == nil {
		t.Error("a relative folder was taken")
	}
}

func TestDescriptorsAboveTheStandardOnesEndWithTheExec(t *testing.T) {
	file, err := os.CreateTemp(t.TempDir(), "open")
	if err != nil {
		t.Fatal(err)
	}
	descriptor, err := unix.Dup(int(file.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	if flags, _ := unix.FcntlInt(uintptr(descriptor), unix.F_GETFD, 0); flags&unix.FD_CLOEXEC != 0 {
		t.Fatal("the control is closed already")
	}
	if err := forgetDescriptors(); err != nil {
		t.Fatal(err)
	}
	if flags, _ := unix.FcntlInt(uintptr(descriptor), unix.F_GETFD, 0); flags&unix.FD_CLOEXEC == 0 {
		t.Error("it would reach the worker")
	}
}

func TestTheFolderOfAnotherUserIsWhereHeCanReachIt(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root has users to give")
	}
	t.Setenv("TMPDIR", t.TempDir()) // as a job's folder: for the runner's user alone
	folder, err := ownFolder(61999)
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(folder)
	if filepath.Dir(folder) != "/tmp" {
		t.Fatalf("user 61999 cannot reach %s", folder)
	}
}
