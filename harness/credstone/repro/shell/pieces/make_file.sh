# make_file
# The mode comes after the owner: a change of owner clears the set-ID bits.
make_file() {
	printf '%s' "$2" >"$1" || exit 2
	must chown "$3" "$1"
	must chmod "$4" "$1"
}
