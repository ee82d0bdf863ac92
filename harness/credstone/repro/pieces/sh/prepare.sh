# prepare
# A call that is set-up: where it is refused nothing can be said about the system.
prepare() {
	printf '%s = %s\n' "$1" "$2"
	case $2 in
	E[A-Z]*) exit 2 ;;
	esac
}
