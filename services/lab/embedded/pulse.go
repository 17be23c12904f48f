package main

import (
	"context"
	"log/slog"
	"time"
)

// Between two signs of life; `pulseSeconds` in shared/contracts is how often the supervisor looks for one.
const pulseInterval = 5 * time.Second

// givePulse says that the process is not frozen until ctx ends. The supervisor does not keep these lines.
func givePulse(ctx context.Context) {
	ticker := time.NewTicker(pulseInterval)
	defer ticker.Stop()
	for {
		slog.Info("pulse")
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
