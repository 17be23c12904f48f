package main

import (
	"math"

	"golang.org/x/sys/unix"
)

// forgetDescriptors makes every descriptor but the three standard ones end with the next exec. Neither bubblewrap nor
// Node does: an open file or socket of the runner would reach the worker.
func forgetDescriptors() error {
	return unix.CloseRange(3, math.MaxInt32, unix.CLOSE_RANGE_CLOEXEC)
}
