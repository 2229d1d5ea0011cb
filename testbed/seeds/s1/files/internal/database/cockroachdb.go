package database

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Open connects to the store of users and groups.
func Open(ctx context.Context, url string) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	return pgxpool.NewWithConfig(ctx, config)
}
