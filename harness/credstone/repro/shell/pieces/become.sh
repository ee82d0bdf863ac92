# become
# The scenario itself, by who shall perform it.
become() {
	must "$@" true
	go_on 1 "$@" sh
}
