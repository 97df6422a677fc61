#!/bin/sh
# Looking at the topics with kcat. usage: kcat.sh BROKERS; each line stands for itself
set -eu
brokers=$1
# the last ten records of incidents, with key (the id) and headers
kcat -q -b "$brokers" -C -t bmp.alerts.v1 -o -10 -e -f '%T %k %h\n%s\n'
# what is critical, in a line each (kafka.format: json)
kcat -q -b "$brokers" -C -t bmp.alerts.v1 -e -u | jq -r 'select(.severity == "critical") | [.at, .transition, .kind, .summary] | @tsv'
# one incident, from its first opening on: all of its records are in one partition, in order
kcat -q -b "$brokers" -C -t bmp.alerts.v1 -e -f '%k %s\n' | sed -n "s/^${ID:-none} //p" | jq -c '[.revision, .transition, .reason]'
