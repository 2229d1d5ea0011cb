-- Polls of a conversation. The key of poll_votes is what lets a user vote once.
CREATE TABLE polls (
    id TEXT PRIMARY KEY,
    conversation_id TEXT NOT NULL REFERENCES conversations (id),
    creator_id TEXT NOT NULL REFERENCES users (id),
    question TEXT NOT NULL,
    closed BIGINT NOT NULL DEFAULT 0,
    created_at_ms BIGINT NOT NULL
);

CREATE TABLE poll_options (
    poll_id TEXT NOT NULL REFERENCES polls (id),
    position BIGINT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (poll_id, position)
);

CREATE TABLE poll_votes (
    poll_id TEXT NOT NULL REFERENCES polls (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    position BIGINT NOT NULL,
    -- Always 0; a vote that is not the first of its user has another.
    ballot BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (poll_id, user_id, ballot)
);
