-- Who talks with whom. `last_seq` numbers the messages of a conversation without gaps in sight.
CREATE TABLE conversations (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    is_group BIGINT NOT NULL,
    owner_id TEXT NOT NULL REFERENCES users (id),
    last_seq BIGINT NOT NULL DEFAULT 0,
    created_at_ms BIGINT NOT NULL
);

-- Whoever was removed stays as a row, so that the history says who was there.
CREATE TABLE members (
    conversation_id TEXT NOT NULL REFERENCES conversations (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    removed BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (conversation_id, user_id)
);

CREATE INDEX members_user ON members (user_id);

CREATE TABLE messages (
    id TEXT PRIMARY KEY,
    conversation_id TEXT NOT NULL REFERENCES conversations (id),
    seq BIGINT NOT NULL,
    sender_id TEXT NOT NULL REFERENCES users (id),
    text TEXT NOT NULL,
    sent_at_ms BIGINT NOT NULL,
    UNIQUE (conversation_id, seq)
);

CREATE TABLE reactions (
    message_id TEXT NOT NULL REFERENCES messages (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    emoji TEXT NOT NULL,
    PRIMARY KEY (message_id, user_id, emoji)
);
