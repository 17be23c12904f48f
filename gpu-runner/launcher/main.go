// Command launcher starts an untrusted worker inside the strongest isolation that it is told to use, and becomes it.
//
//	launcher [settings] -- program argument...
//	launcher describe
//
// Tier 2 is bubblewrap with a user of the worker's own, a system-call filter and sized file systems; tier 1 is Landlock,
// the same filter and user, for containers in which namespaces cannot be made; tier 0 only closes descriptors and sets
// limits. A protection that was asked for and cannot be set up ends the launcher: it never goes on with less.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
)

func main() {
	// Namespaces, capabilities and filters belong to a thread: the one that executes the worker must have them.
	runtime.LockOSThread()
	if len(os.Args) == 2 && os.Args[1] == "describe" {
		_ = json.NewEncoder(os.Stdout).Encode(describe())
		return
	}
	settings, err := parseSettings(os.Args[1:])
	if err == nil {
		err = launch(settings)
	}
	fmt.Fprintf(os.Stderr, "launcher: %v\n", err)
	os.Exit(125)
}

// launch does not return when it succeeds.
func launch(settings settings) error {
	if err := forgetDescriptors(); err != nil {
		return err
	}
	if err := setLimits(settings.processes); err != nil {
		return err
	}
	switch {
	case settings.inner:
		return becomeUserAndRun(settings, os.Environ())
	case settings.tier == 2:
		return runInBubblewrap(settings)
	case settings.tier == 1:
		return runUnderLandlock(settings)
	default:
		return execute(settings.program, os.Environ())
	}
}
