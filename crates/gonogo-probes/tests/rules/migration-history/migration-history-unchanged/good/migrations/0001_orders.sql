-- What people ordered.
create table orders (id bigint primary key);
