SELECT current_setting('max_connections')::int8 AS max,
       current_setting('superuser_reserved_connections')::int8
           + coalesce(current_setting('reserved_connections', true), '0')::int8 AS reserved
