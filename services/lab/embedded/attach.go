package main

import (
	"flag"
	"os/exec"
)

// attachCommand runs a command that cannot outlive the process with the id --parent, which must be the one
// that started this program.
func attachCommand(arguments []string) error {
	flags := flag.NewFlagSet("attach", flag.ContinueOnError)
	flags.SetOutput(discard{})
	parent := flags.Int("parent", 0, "id of the parent process")
	if err := flags.Parse(arguments); err != nil {
		return usageError(err.Error())
	}
	if *parent == 0 || flags.NArg() == 0 {
		return usageError("attach needs --parent and a command")
	}
	path, err := exec.LookPath(flags.Arg(0))
	if err != nil {
		return &failure{"no-command", "the program " + flags.Arg(0) + " was not found; run npm start to install what is missing", exitUsage}
	}
	return attach(*parent, path, flags.Args())
}
