package main

import (
	"errors"
	"flag"
	"fmt"
	"strings"
)

type settings struct {
	tier int
	// dropOutside: become the user before bubblewrap, which then needs unprivileged user namespaces; otherwise inside it.
	dropOutside bool
	inner       bool
	// user and group of the worker; 0 keeps the launcher's own.
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
	flags.IntVar(&found.user, "user", 0, "user and group of the worker; 0: the launcher's own")
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
	return found, nil
}
