SET lock_timeout TO '5s';
ALTER TABLE users ADD COLUMN nick text;
