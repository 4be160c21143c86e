#!/usr/bin/env bash
# Run by the Postgres image when it makes a new database: a login for the worker and one for the server, each with the rights
# of its roles only. The migrations, which run as the owner, give those roles what they may do.
set -euo pipefail

psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" <<'SQL'
\set worker `sed -E 's#^[^:]+://[^:]+:([^@]+)@.*#\1#' /run/secrets/worker_url`
\set server `sed -E 's#^[^:]+://[^:]+:([^@]+)@.*#\1#' /run/secrets/server_url`
CREATE ROLE helpdesk_reader NOLOGIN;
CREATE ROLE helpdesk_writer NOLOGIN;
CREATE ROLE helpdesk_server NOLOGIN;
CREATE ROLE worker LOGIN PASSWORD :'worker' IN ROLE helpdesk_reader, helpdesk_writer;
CREATE ROLE server LOGIN PASSWORD :'server' IN ROLE helpdesk_reader, helpdesk_server;
SQL
