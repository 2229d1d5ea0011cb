SET lock_timeout = '5s';
ALTER TABLE users ADD CONSTRAINT one_email UNIQUE (email);
