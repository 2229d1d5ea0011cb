SET lock_timeout = '5s';
DELETE FROM users;
