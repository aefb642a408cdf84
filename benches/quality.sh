#!/bin/sh
# How good is `fourfold match` on public data with truth? One table: set, F1, precision, recall, B-cubed, the best peer's
# figure, and what the model expected of itself without looking at the truth.
#
#   benches/quality.sh DIRECTORY [SET ...]
#
# DIRECTORY holds one directory a set: records.csv, or left.csv and right.csv, with truth.csv (left_id, right_id) or
# pairs.csv (name1, name2, is_match). FOURFOLD names the program; the default is the release build of this repository.
set -eu
here=$(dirname "$0")
exec python3 "$here/quality.py" --program "${FOURFOLD:-$here/../target/release/fourfold}" "$@"
