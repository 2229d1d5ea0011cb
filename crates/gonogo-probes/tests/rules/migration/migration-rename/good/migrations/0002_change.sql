SET lock_timeout = '5s';
ALTER TABLE users ADD COLUMN mail text;
ALTER TABLE users RENAME CONSTRAINT a TO b;
ALTER INDEX users_pkey RENAME TO users_key;
