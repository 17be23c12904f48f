package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
)

// Exit codes, for whoever starts this by hand; the laboratory reads the code in the log.
const (
	exitOther      = 1
	exitUsage      = 2
	exitPortInUse  = 10
	exitLocked     = 11
	exitNoSpace    = 12
	exitNoAccess   = 13
	exitStoreError = 14
)

// failure is an error a person can act on: a stable code, and one line that says what to do.
type failure struct {
	code    string
	message string
	exit    int
}

func (f *failure) Error() string { return f.message }

func usageError(message string) error {
	return &failure{"usage", message + "; " + strings.ReplaceAll(usage, "\n", " "), exitUsage}
}

// damaged says what to do about a store that its engine cannot read; any other error stays what it is.
func damaged(err error, folder string) error {
	for _, words := range []string{"file is not a database", "database disk image is malformed"} {
		if strings.Contains(err.Error(), words) {
			return &failure{"store-damaged", fmt.Sprintf("the database in %s is damaged (%s); put back a copy of the state folder that was made while nothing ran, or move the state folder away and begin anew (its reports and exports stay readable)", folder, words), exitStoreError}
		}
	}
	return err
}

// classify finds the failure behind an error of a library. Libraries wrap errors as text as often as not,
// so the text is looked at too.
func classify(err error) *failure {
	text := err.Error()
	is := func(target error, words ...string) bool {
		if errors.Is(err, target) {
			return true
		}
		for _, word := range words {
			if strings.Contains(text, word) {
				return true
			}
		}
		return false
	}
	switch {
	case is(syscall.EADDRINUSE, "address already in use"):
		return &failure{"port-in-use", fmt.Sprintf("a port is already in use (%s); stop the program that holds it or choose another port", text), exitPortInUse}
	case is(syscall.ENOSPC, "no space left on device", "database or disk is full"):
		return &failure{"no-space", fmt.Sprintf("no disk space left (%s); free some space and start again", text), exitNoSpace}
	case is(os.ErrPermission, "permission denied", "read-only file system"):
		return &failure{"no-access", fmt.Sprintf("a file cannot be written (%s); make the state folder writable for this user", text), exitNoAccess}
	default:
		return &failure{"failed", text, exitOther}
	}
}
