CREATE TABLE items (
    id TEXT PRIMARY KEY,
    owner_id TEXT NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    created_at_ms BIGINT NOT NULL
);
CREATE INDEX items_by_age ON items (created_at_ms);
