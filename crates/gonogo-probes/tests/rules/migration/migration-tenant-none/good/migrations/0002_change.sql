SET lock_timeout = '5s';
CREATE TABLE files (id bigserial PRIMARY KEY, owner_id bigint NOT NULL);
