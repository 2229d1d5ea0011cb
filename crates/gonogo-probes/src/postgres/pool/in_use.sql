-- Of the sessions of other users an ordinary user sees that they are there, and no more.
SELECT count(*) AS in_use,
       count(*) FILTER (WHERE backend_type IS NULL) AS hidden,
       count(*) FILTER (WHERE state = 'active') AS active,
       count(*) FILTER (WHERE state = 'idle') AS idle,
       count(*) FILTER (WHERE state LIKE 'idle in transaction%') AS idle_in_transaction
FROM pg_stat_activity
WHERE pid <> pg_backend_pid()
  AND (backend_type = 'client backend' OR (backend_type IS NULL AND datid IS NOT NULL))
