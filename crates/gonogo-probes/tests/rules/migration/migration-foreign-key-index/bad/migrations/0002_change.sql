SET lock_timeout = '5s';
CREATE TABLE pets (id bigserial PRIMARY KEY, owner bigint REFERENCES users (id));
