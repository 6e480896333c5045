#!/usr/bin/env bash
# Measures Firn and its peers anew on this machine and redraws this folder's report. Nothing else
# should run meanwhile: two idle cores take an hour or two, most of it for the peers' builds.
#   docs/benchmarks/measure.sh [more options of `firn bench ann`, such as --engines firn]
# Rows are appended to ann.jsonl; the report shows the last run of each engine on each set.
set -euo pipefail
cd "$(dirname "$0")/../.."
./firn bench ann mnist-784 wordnet-minilm-384 glove-100 --rounds 2 --out docs/benchmarks "$@"
./firn bench report docs/benchmarks
