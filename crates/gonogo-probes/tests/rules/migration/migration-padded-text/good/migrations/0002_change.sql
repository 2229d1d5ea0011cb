SET lock_timeout = '5s';
CREATE TABLE things (id bigserial PRIMARY KEY, kind char(1), country varchar(2));
