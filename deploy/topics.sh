#!/bin/sh
# Creates what topics.yaml declares: topics.sh BOOTSTRAP_SERVERS [REPLICATION]; needs Kafka's own kafka-topics.sh.
set -eu
file=$(dirname "$0")/topics.yaml
standard=$(sed -n 's/^partitions: *\([0-9]*\).*/\1/p' "$file")
create() {
  "${KAFKA_TOPICS:-/opt/kafka/bin/kafka-topics.sh}" --bootstrap-server "$servers" --create --if-not-exists --topic "$1" --partitions "$2" \
    --replication-factor "$replication" --config retention.ms=-1 --config retention.bytes=-1
}
servers=$1
replication=${2:-1}
sed -n '/^topics:/,$s/^  \([a-z]*\): *{\(.*\)}.*/\1 \2/p' "$file" | while read -r topic rest; do
  own=$(echo "$rest" | sed -n 's/.*partitions: *\([0-9]*\).*/\1/p')
  create "$topic" "${own:-$standard}"
  create "$topic.dead" 1
done
