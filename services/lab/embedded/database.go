package main

import (
	"context"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/FerretDB/FerretDB/ferretdb"
)

// How long open connections may hold up a stop; every acknowledged write is on disk already.
const databaseStopLimit = 2 * time.Second

const databaseFolder = "mongodb"

type runningDatabase struct {
	url   string
	ended <-chan struct{}
	stop  func()
}

// startDatabase starts FerretDB over SQLite files (write-ahead log, flushed at every commit).
func startDatabase(ctx context.Context, options serveOptions) (runningDatabase, error) {
	folder := filepath.Join(options.home, databaseFolder)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return runningDatabase{}, err
	}
	// FerretDB gives SQLite the path as a URI, unescaped: after a `#`, `?` or `%` in a folder above, it would name another file. So
	// it gets a path that begins here.
	if err := os.Chdir(options.home); err != nil {
		return runningDatabase{}, err
	}
	// FerretDB notes at information level every connection that is opened or closed.
	log := slog.New(warningsOnly{slog.With("server", "mongodb").Handler()})
	database, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{TCP: net.JoinHostPort(options.host, strconv.Itoa(options.mongoPort))},
		Logger:    log,
		Handler:   "sqlite",
		SQLiteURL: "file:" + databaseFolder + "/",
	})
	if err != nil {
		return runningDatabase{}, damaged(err, folder)
	}
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	go keepIdentifiersIndexed(running)
	go func() {
		defer close(ended)
		_ = database.Run(running)
	}()
	return runningDatabase{database.MongoDBURI(), ended, func() {
		cancel()
		select {
		case <-ended:
		case <-time.After(databaseStopLimit):
		}
	}}, nil
}

// warningsOnly drops everything below a warning.
type warningsOnly struct{ slog.Handler }

func (w warningsOnly) Enabled(_ context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn
}
func (w warningsOnly) WithAttrs(attributes []slog.Attr) slog.Handler {
	return warningsOnly{w.Handler.WithAttrs(attributes)}
}
func (w warningsOnly) WithGroup(name string) slog.Handler {
	return warningsOnly{w.Handler.WithGroup(name)}
}
