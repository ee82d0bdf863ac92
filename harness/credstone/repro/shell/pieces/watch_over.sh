# watch_over
# A part of a script, in a process group of its own: at most so many seconds.  The lines that it begins go into a file; says
# which was the last one if the part does not come to its end (of a part without a file what is given).  What is left is ended.
watch_over() {
	begun=$(date +%s)
	timeout -k 2 "$1" sh "$2" "$3" 9>"$4" &
	job=$!
	trap 'kill -s KILL -- "-$job" 2>/dev/null; [ -z "${folder-}" ] || rm -rf "$folder"' EXIT
	trap 'exit 2' HUP INT TERM
	wait "$job"
	status=$?
	line=$(tail -n 1 "$4")
	line=${line:-${5-}}
	case $status in
	[0-2]) exit "$status" ;;
	12[5-7]) exit 2 ;;
	esac
	if [ "$status" = 124 ] || [ $(($(date +%s) - begun)) -ge "$1" ]; then
		echo "hang: ${line:-the set-up} did not end within $1 s"
	else
		echo "crash: SIG$(kill -l "$status") ended the program in ${line:-the set-up}"
	fi
	exit "$((${#line} ? 1 : 2))"
}
