SET lock_timeout = '5s';
ALTER TABLE users ALTER COLUMN code TYPE varchar(40);
ALTER TABLE users ALTER COLUMN code TYPE text;
ALTER TABLE users ALTER COLUMN rate SET DATA TYPE numeric(12,2);
