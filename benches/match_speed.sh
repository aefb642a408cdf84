#!/bin/sh
# Times `fourfold match` beside Splink, both told to use 2 threads, on tables made by the generator in benches/match_speed.
# usage: benches/match_speed.sh [ROWS] [DIR]     (1000000 rows; DIR keeps the tables and Splink's environment)
set -eu
rows=${1:-1000000}
base=${2:-${TMPDIR:-/tmp}/fourfold-match-speed}
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$base"
cd "$here/.."
cargo build --release ${CARGO_FLAGS:-} --bin fourfold
cargo bench ${CARGO_FLAGS:-} --no-run --bench match_speed
FOURFOLD=${FOURFOLD:-$PWD/target/release/fourfold}
TOOL=$(find target/release/deps -name 'match_speed-*' -type f -perm -u+x -newer Cargo.toml | head -n 1)
[ -n "$TOOL" ] || TOOL=$(find target/release/deps -name 'match_speed-*' -type f -perm -u+x | head -n 1)
export FOURFOLD TOOL
if [ ! -x "$base/env/bin/python" ]; then
    python3 -m venv "$base/env"
    # Splink 5.0 does not run on DuckDB 2.
    "$base/env/bin/pip" install --quiet 'splink>=5,<6' 'duckdb<2'
fi
python=$base/env/bin/python
for kind in people companies; do
    for rules in std loose; do
        "$python" "$here/match_speed.py" compare "$kind" "$rows" "$rules" "$base/${kind}_$rows"
    done
done
"$python" "$here/match_speed.py" growth "$base" $((rows / 4)) $((rows / 2)) "$rows" $((rows * 2)) $((rows * 4))
