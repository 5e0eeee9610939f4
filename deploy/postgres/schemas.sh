#!/bin/bash
# For each service a role and a schema of its own; run once by the image of PostgreSQL.
set -eu
psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d gyre -c "revoke all on database gyre from public"
psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d postgres -c "create role keycloak login password '$KEYCLOAK_PASSWORD'" -c "create database keycloak owner keycloak"
for service in ingest annotation trainer eval registry; do
  variable=${service^^}_PASSWORD
  psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d gyre \
    -c "create role $service login password '${!variable}'" \
    -c "grant connect on database gyre to $service" \
    -c "create schema $service authorization $service"
done
