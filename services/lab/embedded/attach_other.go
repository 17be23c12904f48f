//go:build !linux

package main

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"
)

// attach stays as a wrapper where the kernel has no death signal: it watches its parent and kills the
// command's whole process group. Standard input is passed on, so that its end reaches the command as well.
func attach(parent int, path string, arguments []string) error {
	command := &exec.Cmd{Path: path, Args: arguments, Stdout: os.Stdout, Stderr: os.Stderr,
		SysProcAttr: &syscall.SysProcAttr{Setpgid: true}}
	input, err := command.StdinPipe()
	if err != nil {
		return err
	}
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	if err := command.Start(); err != nil {
		return err
	}
	group := -command.Process.Pid
	go func() {
		for received := range signals {
			_ = syscall.Kill(group, received.(syscall.Signal))
		}
	}()
	go func() {
		_, _ = io.Copy(input, os.Stdin)
		input.Close()
	}()
	go func() {
		for os.Getppid() == parent {
			time.Sleep(250 * time.Millisecond)
		}
		_ = syscall.Kill(group, kill)
	}()
	err = command.Wait()
	_ = syscall.Kill(group, kill)
	var exited *exec.ExitError
	if errors.As(err, &exited) {
		if status, ok := exited.Sys().(syscall.WaitStatus); ok && status.Signaled() {
			os.Exit(128 + int(status.Signal()))
		}
		os.Exit(exited.ExitCode())
	}
	return err
}
