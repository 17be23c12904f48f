package main

import (
	"crypto/sha256"
	"encoding/hex"
)

type description struct {
	Landlock      int    `json:"landlock"`
	ControlGroups string `json:"controlGroups"`
	// Filter is the hash of the system-call filter; empty on machines it was not written for.
	Filter string `json:"filter"`
}

// describe tells the doctor what goes into its proof beside the probes.
func describe() description {
	found := description{Landlock: landlockVersion(), ControlGroups: controlGroups()}
	if program, err := systemCallFilter(); err == nil {
		digest := sha256.Sum256(filterBytes(program))
		found.Filter = hex.EncodeToString(digest[:])
	}
	return found
}
