#!/bin/sh
# Fuzz every target of the module for FUZZTIME each: so many inputs (10000x) or so long (1m).
set -eu
cd "$(dirname "$0")/.."
grep -rl --include='*_test.go' '^func Fuzz' . | xargs -n 1 dirname | sort -u | while read -r dir; do
	case $dir in ./clienttest*) continue ;; esac
	sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p' "$dir"/*_test.go | while read -r target; do
		echo "$dir $target"
		go test "$dir" -run '^$' -fuzz "^$target\$" -fuzztime "${FUZZTIME:-10000x}" </dev/null
	done
done
