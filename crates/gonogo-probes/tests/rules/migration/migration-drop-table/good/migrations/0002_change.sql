SET lock_timeout = '5s';
CREATE TABLE pets (id bigserial PRIMARY KEY);
DROP TABLE pets;
DROP TABLE IF EXISTS never_made;
