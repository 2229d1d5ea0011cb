SET lock_timeout = '5s';
CREATE TABLE log (at timestamptz, what text);
