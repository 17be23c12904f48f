package main

import (
	"log/slog"
	"path/filepath"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// How long recovery of a large store may take before the start counts as failed.
const brokerStartLimit = 2 * time.Minute

type runningBroker struct {
	url  string
	stop func()
}

// startBroker starts nats-server with JetStream. Every acknowledged message is on disk (SyncAlways): the
// journal is a record, and the default of one flush in two minutes lost acknowledged writes (Jepsen, 2025).
func startBroker(options serveOptions, fail func(error)) (runningBroker, error) {
	port := options.natsPort
	if port == 0 {
		port = server.RANDOM_PORT
	}
	failed := make(chan error, 8)
	broker, err := server.NewServer(&server.Options{
		ServerName: "asi-embedded",
		Host:       options.host,
		Port:       port,
		NoSigs:     true,
		JetStream:  true,
		StoreDir:   filepath.Join(options.home, "nats"),
		SyncAlways: true,
		// The limit is the disk, which watchFreeSpace looks at; the default of three quarters of what is
		// free at the start would shrink with every restart.
		JetStreamMaxStore:      1 << 50,
		DisableJetStreamBanner: true,
	})
	if err != nil {
		return runningBroker{}, err
	}
	broker.SetLoggerV2(brokerLog{slog.With("server", "nats"), func(err error) {
		select {
		case failed <- err:
		default: // The first one says what went wrong.
		}
		fail(err)
	}}, false, false, false)
	go broker.Start()

	ready := make(chan bool, 1)
	go func() { ready <- broker.ReadyForConnections(brokerStartLimit) }()
	select {
	case err := <-failed:
		return runningBroker{}, err
	case ok := <-ready:
		if !ok {
			broker.Shutdown()
			return runningBroker{}, &failure{"broker-slow", "the broker was not ready within " + brokerStartLimit.String() + "; see its log", exitStoreError}
		}
	}
	return runningBroker{broker.ClientURL(), func() {
		broker.Shutdown()
		broker.WaitForShutdown()
	}}, nil
}
