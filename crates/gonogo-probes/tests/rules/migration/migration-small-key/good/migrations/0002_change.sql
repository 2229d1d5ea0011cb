SET lock_timeout = '5s';
CREATE TABLE things (id integer PRIMARY KEY);
CREATE TABLE big (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
