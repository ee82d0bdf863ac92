# check
# One line for each call, in the style of strace, and what was expected where that is something else.
check() {
	answer=$1
	shift
	for expected; do
		[ "$answer" != "$expected" ] || break
	done
	if [ "$answer" = "$expected" ]; then
		printf '%s = %s\n' "$call" "$answer"
	else
		printf '%s = %s    expected %s\n' "$call" "$answer" "$expected"
		faults=1
	fi
}
