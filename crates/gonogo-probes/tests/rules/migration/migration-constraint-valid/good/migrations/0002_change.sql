SET lock_timeout = '5s';
ALTER TABLE users ADD CONSTRAINT grown CHECK (age > 17) NOT VALID;
