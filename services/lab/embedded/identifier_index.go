package main

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	_ "modernc.org/sqlite" // the driver that FerretDB itself uses, so that both speak of one file format
)

// How soon a new collection is indexed: it holds few documents by then.
const identifierIndexPeriod = time.Second

// keepIdentifiersIndexed gives every collection an index on the expression that FerretDB looks documents up
// by. Its own index is on another one (column->"_id" against column->'$._id' in FerretDB 1.24), which SQLite
// cannot use: each read, update or removal of one document by its key read and parsed the whole collection.
func keepIdentifiersIndexed(ctx context.Context) {
	ticker := time.NewTicker(identifierIndexPeriod)
	defer ticker.Stop()
	for {
		files, _ := filepath.Glob(filepath.Join(databaseFolder, "*.sqlite"))
		for _, file := range files {
			if err := indexIdentifiers(ctx, file); err != nil && ctx.Err() == nil {
				slog.Warn("collections could not be indexed; tried again", "file", file, "err", err.Error())
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// indexIdentifiers indexes the collections of one database file that have no such index yet.
func indexIdentifiers(ctx context.Context, file string) error {
	database, err := sql.Open("sqlite", "file:"+file+"?_pragma=busy_timeout(10000)")
	if err != nil {
		return err
	}
	defer database.Close()
	tables, err := unindexedTables(ctx, database)
	if err != nil {
		return err
	}
	for _, table := range tables {
		statement := fmt.Sprintf(`CREATE INDEX IF NOT EXISTS %q ON %q (_ferretdb_sjson->'$._id')`, table+"_by_identifier", table)
		if _, err := database.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// unindexedTables lists the tables of collections without our index; none before FerretDB has made its own.
func unindexedTables(ctx context.Context, database *sql.DB) ([]string, error) {
	rows, err := database.QueryContext(ctx, `SELECT tbl_name FROM sqlite_master AS theirs
		WHERE type = 'index' AND name = tbl_name || '__id_'
		AND NOT EXISTS (SELECT 1 FROM sqlite_master AS ours WHERE ours.name = theirs.tbl_name || '_by_identifier')`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var tables []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		tables = append(tables, name)
	}
	return tables, rows.Err()
}
