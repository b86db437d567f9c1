#!/usr/bin/env bash
# Prints a table of figures of the built program: start, memory, verbs, load. Takes about twenty minutes; a
# machine that does something else meanwhile shows in every line.
#
#   src/bench/bench.sh [JAVA_HOME ...]    the first one is used for the load figures; default: java of PATH
#   ONLY=starts src/bench/bench.sh …       a part of it: starts, load, limits or callbacks
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

if [ $# -eq 0 ]; then
  set -- "${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")}"
fi

mvn -B -ntp -q -DskipTests package
mvn -B -ntp -q dependency:build-classpath -Dmdep.outputFile=target/bench.classpath -Dmdep.includeScope=test

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m zipfile -e target/klingdrop-*.zip "$work" 2> /dev/null || unzip -q target/klingdrop-*.zip -d "$work"
launcher=$(echo "$work"/klingdrop-*/bin/klingdrop)
chmod +x "$launcher"

"$1/bin/java" -Donly="${ONLY:-}" -cp "target/test-classes:target/classes:$(cat target/bench.classpath)" \
  io.klingdrop.bench.Bench "$work/scratch" target/klingdrop.jar "$launcher" "$@"
