package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
)

const (
	// workerNumber, in the environment, counts the workers of a job. Limits that count per user, and what a user's
	// processes share in the kernel, must not tell one worker of another, so neighbours have users of their own.
	workerNumber = "ASI_WORKER"
	// usersApart: as many slots as a runner may have (ASI_RUNNER_SLOTS).
	usersApart = 256
	// usersOfSlot: more than workers of a job that live at the same time.
	usersOfSlot = 8
)

type settings struct {
	tier int
	// dropOutside: become the user before bubblewrap, which then needs unprivileged user namespaces; otherwise inside it.
	dropOutside bool
	inner       bool
	// user and group of the worker, or of the slot as long as the worker has no number; 0 keeps the launcher's own.
	user       int
	processes  uint64
	memory     uint64
	bubblewrap string
	readable   paths
	trainer    string
	program    []string
}

type paths []string

func (list *paths) String() string { return strings.Join(*list, ":") }
func (list *paths) Set(path string) error {
	*list = append(*list, path)
	return nil
}

func parseSettings(arguments []string) (settings, error) {
	var found settings
	flags := flag.NewFlagSet("launcher", flag.ContinueOnError)
	flags.IntVar(&found.tier, "tier", -1, "2 bubblewrap, 1 Landlock, 0 limits only")
	flags.BoolVar(&found.dropOutside, "drop-outside", false, "become the user before bubblewrap")
	flags.BoolVar(&found.inner, "inner", false, "this is the launcher inside the sandbox")
	flags.IntVar(&found.user, "user", 0, "user and group of the slot's first worker; 0: the launcher's own")
	flags.Uint64Var(&found.processes, "processes", 0, "processes and threads of the user; 0: no limit")
	flags.Uint64Var(&found.memory, "memory", 0, "bytes of the worker's control group; 0: no limit")
	flags.StringVar(&found.bubblewrap, "bubblewrap", "bwrap", "path of bubblewrap")
	flags.Var(&found.readable, "readable", "folder that the worker may read; may be repeated")
	flags.StringVar(&found.trainer, "trainer", "", "folder of the Python package trainer")
	if err := flags.Parse(arguments); err != nil {
		return found, err
	}
	found.program = flags.Args()
	if found.tier < 0 || found.tier > 2 {
		return found, fmt.Errorf("--tier must be 0, 1 or 2")
	}
	if len(found.program) == 0 {
		return found, errors.New("no program after --")
	}
	return found, found.takeUserOfWorker()
}

// takeUserOfWorker turns the slot's user into that of the worker whose number the scorer has set, if it has.
func (found *settings) takeUserOfWorker() error {
	text, numbered := os.LookupEnv(workerNumber)
	if !numbered || found.user == 0 || found.inner {
		return nil
	}
	number, err := strconv.ParseUint(text, 10, 32)
	if err != nil {
		return fmt.Errorf("%s must be a whole number, it is %q", workerNumber, text)
	}
	found.user += usersApart * int(number%usersOfSlot)
	return nil
}
