# check_bits
# The same for a set of bits that must all be in a number, or of which none may be.
check_bits() {
	seen=$(($1 & $2)) held=
	[ "$seen" != "$(($2))" ] || held=contains
	[ "$seen" != 0 ] || held=lacks
	if [ "$held" = "$3" ]; then
		printf '%s = %s\n' "$call" "$1"
	else
		printf '%s = %s    expected a number that %s %s\n' "$call" "$1" "$3" "$2"
		faults=1
	fi
}
