SET lock_timeout = '5s';
DROP INDEX CONCURRENTLY IF EXISTS users_email;
