SET lock_timeout = '5s';
ALTER TABLE users ADD COLUMN tmp int;
ALTER TABLE users DROP COLUMN tmp;
