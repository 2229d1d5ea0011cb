SET lock_timeout = '5s';
UPDATE users SET age = 1 WHERE id BETWEEN 1 AND 1000;
WITH old AS (SELECT id FROM users) UPDATE users SET age = 2 FROM old;
