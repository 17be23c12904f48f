package main

import (
	"context"
	"errors"
	"flag"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

// serveOptions are the flags of `embedded serve`.
type serveOptions struct {
	home         string
	host         string
	natsPort     int
	mongoPort    int
	minFreeBytes uint64
	parent       int
	pulse        bool
}

func parseServeOptions(arguments []string) (serveOptions, error) {
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	flags.SetOutput(discard{})
	home := flags.String("home", "", "folder that holds everything the servers store")
	host := flags.String("host", "127.0.0.1", "address to listen on")
	natsPort := flags.Int("nats-port", 0, "port of the broker; 0 takes a free one")
	mongoPort := flags.Int("mongo-port", 0, "port of the database; 0 takes a free one")
	minFree := flags.Uint64("min-free-mib", 128, "free disk space needed to start; half of it stops a running server")
	parent := flags.Int("die-with-parent", 0, "end when the process with this id, the parent, ends or closes standard input")
	pulse := flags.Bool("pulse", false, "give a sign of life every few seconds")
	if err := flags.Parse(arguments); err != nil {
		return serveOptions{}, usageError(err.Error())
	}
	if *home == "" || flags.NArg() > 0 {
		return serveOptions{}, usageError("serve needs --home and takes no other arguments")
	}
	absolute, err := filepath.Abs(*home)
	if err != nil {
		return serveOptions{}, err
	}
	return serveOptions{absolute, *host, *natsPort, *mongoPort, *minFree << 20, *parent, *pulse}, nil
}

type discard struct{}

func (discard) Write(text []byte) (int, error) { return len(text), nil }

// serveCommand runs both servers until a signal, the parent's end, or a failure.
func serveCommand(arguments []string) error {
	options, err := parseServeOptions(arguments)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	ctx, end := context.WithCancel(ctx)
	defer end()
	failures := make(chan error, 8)
	fail := func(err error) {
		select {
		case failures <- err:
		default: // The first failure is the one that is reported.
		}
	}
	if options.parent != 0 {
		// Disks are flushed on this way down, so the parent's end is a clean stop and not a kill.
		if err := endWithParent(options.parent, end); err != nil {
			return err
		}
	}
	if options.pulse {
		go givePulse(ctx)
	}
	if err := os.MkdirAll(options.home, 0o700); err != nil {
		return err
	}
	release, err := lockHome(options.home)
	if err != nil {
		return err
	}
	defer release()
	if err := checkFreeSpace(options.home, options.minFreeBytes, options.minFreeBytes); err != nil {
		return err
	}

	broker, err := startBroker(options, fail)
	if err != nil {
		return err
	}
	defer broker.stop()
	database, err := startDatabase(ctx, options)
	if err != nil {
		return err
	}
	defer database.stop()

	ready := readyFile{NatsURL: broker.url, MongodbURL: database.url, Pid: os.Getpid()}
	if err := ready.write(options.home); err != nil {
		return err
	}
	defer os.Remove(filepath.Join(options.home, readyFileName))
	slog.Info("ready", "natsUrl", ready.NatsURL, "mongodbUrl", ready.MongodbURL, "pid", ready.Pid)

	go watchFreeSpace(ctx, options.home, options.minFreeBytes, fail)
	select {
	case <-ctx.Done():
		slog.Info("stopping")
		return nil
	case err := <-failures:
		return err
	case <-database.ended:
		return errors.New("the database server stopped by itself")
	}
}

// watchFreeSpace ends the servers before the disk is full: a broker that meets a full disk switches its
// storage off until it is restarted, and nobody would be told.
func watchFreeSpace(ctx context.Context, home string, needed uint64, fail func(error)) {
	ticker := time.NewTicker(2 * time.Second)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if err := checkFreeSpace(home, needed/2, needed); err != nil {
				fail(err)
				return
			}
		}
	}
}
