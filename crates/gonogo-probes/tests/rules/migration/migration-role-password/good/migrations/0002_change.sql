SET lock_timeout = '5s';
CREATE ROLE app LOGIN PASSWORD '${app_password}';
CREATE ROLE boss LOGIN;
ALTER ROLE boss PASSWORD NULL;
