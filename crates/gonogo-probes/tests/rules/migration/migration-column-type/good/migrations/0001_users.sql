CREATE TABLE users (id bigserial PRIMARY KEY, email text NOT NULL, age bigint, code varchar(20), rate numeric(10,2));
