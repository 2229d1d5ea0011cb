SET lock_timeout = '5s';
COMMENT ON TABLE users IS 'people';
DO $$ BEGIN PERFORM 1; END $$;
COPY users FROM stdin;
1	a@b	\N
\.
