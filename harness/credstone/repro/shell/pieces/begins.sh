# begins
# A line is made.  Should the script get no further, it is known which.
begins() {
	call=$1
	printf '%s\n' "$1" >&9
}
