SELECT coalesce(nullif(application_name, ''), '(none)') AS application, count(*) AS connections
FROM pg_stat_activity
WHERE pid <> pg_backend_pid()
  AND (backend_type = 'client backend' OR (backend_type IS NULL AND datid IS NOT NULL))
GROUP BY 1
ORDER BY 1
