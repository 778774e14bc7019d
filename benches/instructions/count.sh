#!/usr/bin/env bash
# Instructions per byte of each stage, counted by callgrind: no busy machine changes them. Needs valgrind.
set -euo pipefail
cd "$(dirname "$0")/../.."
cargo build --release --quiet --example instructions
for corpus in ${CORPORA:-general running notes}; do
  for stage in ${STAGES:-automaton gate match analyze}; do
    log=$(mktemp)
    valgrind --tool=callgrind --callgrind-out-file=/dev/null --toggle-collect='*only_stage*' \
      target/release/examples/instructions "$stage" "$corpus" >"$log" 2>&1
    bytes=$(awk -v stage="$stage" '$1 == stage { print $3 }' "$log")
    awk -v stage="$stage" -v corpus="$corpus" -v bytes="$bytes" \
      '/Collected/ { printf "%-10s %-8s %8.1f instructions a byte\n", stage, corpus, $NF / bytes }' "$log"
    rm "$log"
  done
done
