#!/bin/sh
# Counts the rows of every table, for the comparison on both sides of the cutover.
set -eu
psql "$DATABASE_URL" -XAtc "SELECT relname, n_live_tup FROM pg_stat_user_tables ORDER BY relname"
