#!/bin/sh
# Makes every secret once: deploy/generated/gyre.env and the realm with its passwords filled in.
set -eu
umask 077
cd "$(dirname "$0")"
mkdir -p generated
[ ! -f generated/gyre.env ] || { echo "deploy/generated is there already; remove it for new secrets"; exit 0; }
secret() { LC_ALL=C tr -dc 'a-km-z2-9' </dev/urandom | head -c "${1:-32}"; }

cp keycloak/gyre-realm.json generated/gyre-realm.json
grep -o '\${[a-z]*:[a-z0-9-]*}' keycloak/gyre-realm.json | sort -u | while read -r place; do
  value=$(secret 20)
  sed -i "s/$place/$value/" generated/gyre-realm.json
  echo "$place $value" | tr -d '${}' | tr ':-' '__' >>generated/people
done
{
  echo "GYRE_CLIENT_SECRET=$(sed -n 's/^client_gyre //p' generated/people)"
  for name in POSTGRES KEYCLOAK INGEST ANNOTATION TRAINER EVAL REGISTRY; do echo "${name}_PASSWORD=$(secret)"; done
  echo "S3_ACCESS_KEY=gyre"
  echo "S3_SECRET_KEY=$(secret)"
} >generated/gyre.env
echo "wrote deploy/generated: gyre.env, gyre-realm.json, people (who logs in with which password)"
