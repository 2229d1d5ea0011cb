-- +goose Up
SET lock_timeout = '5s';
CREATE INDEX CONCURRENTLY users_email ON users (email);
-- +goose Down
DROP INDEX users_email;
