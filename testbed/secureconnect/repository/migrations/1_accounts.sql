-- Who may log in. An address is verified by a mail that holds a token; only its digest is kept.
CREATE TABLE users (
    id TEXT PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    verified BIGINT NOT NULL DEFAULT 0,
    created_at_ms BIGINT NOT NULL
);

CREATE TABLE verifications (
    token_digest TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    expires_at_ms BIGINT NOT NULL,
    used BIGINT NOT NULL DEFAULT 0
);

-- One row a login. A refresh token works once: its digest is replaced by that of the next one.
CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    refresh_digest TEXT NOT NULL,
    expires_at_ms BIGINT NOT NULL,
    ended BIGINT NOT NULL DEFAULT 0
);

CREATE INDEX sessions_user ON sessions (user_id);
