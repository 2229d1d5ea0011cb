CREATE TABLE messages (
  id UUID PRIMARY KEY,
  conversation UUID NOT NULL,
  author UUID NOT NULL,
  body TEXT NOT NULL
);
