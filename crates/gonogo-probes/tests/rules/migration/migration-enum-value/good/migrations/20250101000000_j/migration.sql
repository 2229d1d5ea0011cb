CREATE TYPE state AS ENUM ('new');
CREATE TABLE jobs (id bigserial PRIMARY KEY, state state NOT NULL);
