# check_bits
# The same for a set of bits that must all be in a number, or of which none may be.
check_bits() {
	seen=$(($2 & $3)) held=
	[ "$seen" != "$(($3))" ] || held=contains
	[ "$seen" != 0 ] || held=lacks
	if [ "$held" = "$4" ]; then
		printf '%s = %s\n' "$1" "$2"
	else
		printf '%s = %s    expected a number that %s %s\n' "$1" "$2" "$4" "$3"
		faults=1
	fi
}
