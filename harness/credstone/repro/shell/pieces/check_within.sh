# check_within
# The same for a list that holds none but these numbers.
check_within() {
	answer=$1
	shift
	for number in $(printf '%s' "$answer" | tr -d '[],'); do
		case " $* " in
		*" $number "*) ;;
		*)
			printf '%s = %s    expected none but %s\n' "$call" "$answer" "$*"
			faults=1
			return
			;;
		esac
	done
	printf '%s = %s\n' "$call" "$answer"
}
