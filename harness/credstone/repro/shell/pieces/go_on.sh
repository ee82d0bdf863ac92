# go_on
# The next part of this script, in a new image: of a shell that a program starts, or of a copy of the shell.
go_on() {
	part=$1
	shift
	"$@" -p ./repro.sh "$part"
	status=$?
	[ "$status" -le 2 ] || [ "$status" -gt 128 ] || status=$((faults ? 1 : 2))
	exit "$status"
}
