SET lock_timeout = '5s';
CREATE TABLE log (at timestamptz, what text, PRIMARY KEY (at, what));
CREATE TABLE copy AS SELECT 1;
CREATE TABLE part PARTITION OF log DEFAULT;
CREATE TABLE pairs (a int, b int);
ALTER TABLE pairs ADD PRIMARY KEY (a, b);
