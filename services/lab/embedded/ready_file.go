package main

import (
	"encoding/json"
	"os"
	"path/filepath"
)

const readyFileName = "embedded.json"

// readyFile tells where the servers listen. It is there while both are ready, and written in one step.
type readyFile struct {
	NatsURL    string `json:"natsUrl"`
	MongodbURL string `json:"mongodbUrl"`
	Pid        int    `json:"pid"`
}

func (r readyFile) write(home string) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	temporary := filepath.Join(home, readyFileName+".new")
	if err := os.WriteFile(temporary, append(text, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(temporary, filepath.Join(home, readyFileName))
}
