// Command embedded is the local infrastructure of the laboratory in one binary.
//
//	embedded serve   nats-server (JetStream) and FerretDB (MongoDB protocol, SQLite) on 127.0.0.1
//	embedded attach  runs a command that cannot outlive the process that started it
package main

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
)

const usage = `usage:
  embedded serve --home DIR [--host ADDRESS] [--nats-port N] [--mongo-port N] [--min-free-mib N] [--die-with-parent PID] [--pulse]
  embedded attach --parent PID -- COMMAND [ARGUMENT...]`

func main() {
	slog.SetDefault(newLogger(os.Stderr))
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, usage)
		os.Exit(exitUsage)
	}
	var err error
	switch os.Args[1] {
	case "serve":
		err = serveCommand(os.Args[2:])
	case "attach":
		err = attachCommand(os.Args[2:])
	default:
		err = usageError("unknown subcommand " + os.Args[1])
	}
	if err != nil {
		exitWith(err)
	}
}

// exitWith prints one line that says what to do and ends the process with the failure's exit code.
func exitWith(err error) {
	var f *failure
	if !errors.As(err, &f) {
		f = classify(err)
	}
	slog.Error(f.message, "code", f.code, "fatal", true)
	os.Exit(f.exit)
}
