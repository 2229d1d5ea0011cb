SET lock_timeout = '5s';
CREATE TABLE things (id bigserial PRIMARY KEY, made timestamp NOT NULL);
