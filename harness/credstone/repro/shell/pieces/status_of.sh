# status_of
# What stands in a line of /proc/PID/status of this process.
status_of() {
	while read -r field value; do
		[ "$field" != "$1:" ] || printf '%s\n' "$value"
	done </proc/self/status
}
