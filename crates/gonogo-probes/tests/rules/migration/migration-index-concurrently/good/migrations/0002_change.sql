SET lock_timeout = '5s';
CREATE INDEX CONCURRENTLY users_email ON users (email);
CREATE TABLE pets (id bigserial PRIMARY KEY, name text);
CREATE INDEX ON pets (name);
