SET lock_timeout = '5s';
CREATE TABLE pets (id bigserial PRIMARY KEY, owner bigint REFERENCES users (id));
CREATE INDEX ON pets (owner);
CREATE TABLE cars (id bigserial PRIMARY KEY, owner bigint REFERENCES users (id), UNIQUE (owner));
