#!/usr/bin/env bash
# Starts Open WebUI with its secrets, and with our server as a tool server for everyone who may sign in.
set -euo pipefail

mkdir -p "$STATIC_DIR"
WEBUI_SECRET_KEY=$(cat /run/secrets/chat_key)
TOOL_SERVER_CONNECTIONS=$(cat <<JSON
[{
  "type": "mcp", "url": "http://server:8765/mcp", "path": "",
  "auth_type": "bearer", "key": "$(cat /run/secrets/chat_token)",
  "config": {"enable": true, "access_grants": [{"principal_type": "user", "principal_id": "*", "permission": "read"}]},
  "info": {"id": "helpdesk", "name": "Helpdesk", "description": "Tickets, alerts, people and machines"}
}]
JSON
)
export WEBUI_SECRET_KEY TOOL_SERVER_CONNECTIONS
exec bash start.sh
