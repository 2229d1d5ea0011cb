SET lock_timeout = '5s';
CREATE TABLE files (id bigserial PRIMARY KEY, tenant_id bigint NOT NULL);
ALTER TABLE files ENABLE ROW LEVEL SECURITY;
