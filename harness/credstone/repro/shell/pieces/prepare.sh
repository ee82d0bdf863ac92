# prepare
# A call that is set-up: where it is refused nothing can be said about the system.
prepare() {
	printf '%s = %s\n' "$call" "$1"
	case $1 in
	E[A-Z]*) exit 2 ;;
	esac
}
