# check_holds
# The same for one number that a list must hold, or must not hold.
check_holds() {
	case " $(printf '%s' "$1" | tr -d '[],') " in
	*" $2 "*) held=contains ;;
	*) held=lacks ;;
	esac
	if [ "$held" = "$3" ]; then
		printf '%s = %s\n' "$call" "$1"
	else
		printf '%s = %s    expected a list that %s %s\n' "$call" "$1" "$3" "$2"
		faults=1
	fi
}
