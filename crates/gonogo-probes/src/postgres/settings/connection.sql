SELECT current_setting('server_version') AS server_version,
       current_setting('server_version_num')::int8 AS server_version_num,
       coalesce(tls.ssl, false) AS tls,
       tls.version AS tls_version,
       current_setting('max_connections')::int8 AS max_connections,
       current_setting('superuser_reserved_connections')::int8 AS superuser_reserved,
       current_setting('superuser_reserved_connections')::int8
           + coalesce(current_setting('reserved_connections', true), '0')::int8 AS reserved,
       (SELECT setting::int8 FROM pg_settings WHERE name = 'statement_timeout') AS statement_timeout_ms,
       (SELECT setting::int8 FROM pg_settings WHERE name = 'idle_in_transaction_session_timeout')
           AS idle_in_transaction_timeout_ms,
       current_user::text AS user,
       current_setting('is_superuser') = 'on' AS superuser,
       current_database()::text AS database,
       pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on' AS read_only,
       current_setting('server_encoding') AS encoding
FROM (SELECT pg_backend_pid() AS pid) AS me
LEFT JOIN pg_stat_ssl AS tls ON tls.pid = me.pid
