SET lock_timeout = '5s';
CREATE TABLE things (id serial PRIMARY KEY);
