SET lock_timeout = '5s';
CREATE TABLE files (id bigserial PRIMARY KEY, tenant_id bigint NOT NULL);
CREATE TABLE notes (id bigserial PRIMARY KEY, tenant_id bigint NOT NULL);
ALTER TABLE files ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON files USING (tenant_id = 1);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON notes USING (tenant_id = 1);
ALTER TABLE notes FORCE ROW LEVEL SECURITY;
