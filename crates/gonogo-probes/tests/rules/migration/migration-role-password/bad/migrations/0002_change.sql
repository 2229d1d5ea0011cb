SET lock_timeout = '5s';
CREATE ROLE app LOGIN PASSWORD 'hunter2hunter2';
