package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// newLogger writes one JSON object a line, with the field names of the other processes' logs (level, time, msg).
func newLogger(out io.Writer) *slog.Logger {
	return slog.New(slog.NewJSONHandler(out, &slog.HandlerOptions{
		Level: slog.LevelInfo,
		ReplaceAttr: func(groups []string, attribute slog.Attr) slog.Attr {
			if len(groups) == 0 && attribute.Key == slog.LevelKey {
				attribute.Value = slog.StringValue(strings.ToLower(attribute.Value.String()))
			}
			return attribute
		},
	}))
}

// brokerLog adapts slog to nats-server's logger. A fatal error of the broker ends the process: the broker
// itself only reports it and then stays around without a listener.
type brokerLog struct {
	log   *slog.Logger
	fatal func(error)
}

func (b brokerLog) Noticef(format string, values ...any) { b.log.Info(fmt.Sprintf(format, values...)) }
func (b brokerLog) Warnf(format string, values ...any)   { b.log.Warn(fmt.Sprintf(format, values...)) }
func (b brokerLog) Errorf(format string, values ...any)  { b.log.Error(fmt.Sprintf(format, values...)) }
func (b brokerLog) Debugf(string, ...any)                {}
func (b brokerLog) Tracef(string, ...any)                {}
func (b brokerLog) Fatalf(format string, values ...any) {
	b.fatal(errors.New(fmt.Sprintf(format, values...)))
}
