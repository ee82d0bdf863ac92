# check_holds
# The same for one number that a list must hold, or must not hold.
check_holds() {
	case " $(printf '%s' "$2" | tr -d '[],') " in
	*" $3 "*) held=contains ;;
	*) held=lacks ;;
	esac
	if [ "$held" = "$4" ]; then
		printf '%s = %s\n' "$1" "$2"
	else
		printf '%s = %s    expected a list that %s %s\n' "$1" "$2" "$4" "$3"
		faults=1
	fi
}
