package main

import (
	"io"
	"os"
	"time"
)

// endWithParent calls end when the parent process is gone, in whichever of three ways is noticed first:
//
//	P1 the kernel's death signal (Linux), which arrives as SIGTERM;
//	P2 end of standard input, which the parent holds open and the kernel closes with it;
//	P3 another parent than the one that was named, looked at once a second.
func endWithParent(parent int, end func()) error {
	if err := signalOnParentDeath(terminate); err != nil {
		return err
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		end()
	}()
	go func() {
		for os.Getppid() == parent {
			time.Sleep(time.Second)
		}
		end()
	}()
	return nil
}
