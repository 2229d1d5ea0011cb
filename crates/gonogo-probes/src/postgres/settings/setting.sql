SELECT name, setting, unit, vartype, source, pending_restart,
       boot_val AS default,
       current_setting(name) AS value
FROM pg_settings
WHERE lower(name) = lower($1)
