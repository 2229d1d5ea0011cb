-- Where a user's devices are notified.
CREATE TABLE push_tokens (
    token TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    platform TEXT NOT NULL
);

CREATE INDEX push_tokens_user ON push_tokens (user_id);
