SET lock_timeout = '5s';
DROP SCHEMA scratch CASCADE;
