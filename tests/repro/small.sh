#!/bin/sh
#
# doors.2/hinges/what-root-may-read@user:libc
#
# Two images, and a file that only one of them may read.
#
# opendoor(2)/stays-open  (opendoor(2), DESCRIPTION)
#     What was opened stays open.
#
# Expected of user, by programs of util-linux and coreutils:
#
#     open(door, O_RDONLY)   = EACCES
#     exec(helper)           = 0
#     open(door, O_RDONLY)   = 0
#     getresuid()            = 1000 0 0
#     setgroups([500, 501])  = 0
#     getgroups()            = {500, 501}
#     umask(0077)            = 0022
#
# Run: sudo sh repro.sh
# Status: 0 as expected; 1 not so: another answer, none within 30 s, or a crash; 2 the set-up is not
# possible (it takes root).

export LC_ALL=C faults="${faults:-0}"

# A step of the set-up.  Without it nothing can be said about the system: status 2.
must() {
	"$@" || {
		echo "no set-up (needs root?): $*" >&2
		exit 2
	}
}

# Goes on in a new folder, in which this script lies as repro.sh; it is removed at the end with all that is in it.
in_a_folder() {
	folder=$(mktemp -d /tmp/repro-XXXXXX) || exit 2
	trap 'rm -rf "$folder"' EXIT
	trap 'exit 2' HUP INT TERM
	must cp -- "$0" "$folder/repro.sh"
	must chmod 0755 "$folder" "$folder/repro.sh"
	must cd "$folder"
}

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

# A copy of the shell, with which this script can go on.
copy_shell() {
	case ,$(findmnt --noheadings --output OPTIONS --target .), in
	*,nosuid,* | *,noexec,*)
		echo 'no set-up: /tmp is mounted nosuid or noexec' >&2
		exit 2
		;;
	esac
	must cp "$(command -v sh)" "$1"
	must chown "$2" "$1"
	must chmod "$3" "$1"
}

# The mode comes after the owner: a change of owner clears the set-ID bits.
make_file() {
	printf '%s' "$2" >"$1" || exit 2
	must chown "$3" "$1"
	must chmod "$4" "$1"
}

# The next part of this script, in a new image: of a shell that a program starts, or of a copy of the shell.
go_on() {
	part=$1
	shift
	"$@" -p ./repro.sh "$part"
	status=$?
	[ "$status" -le 2 ] || [ "$status" -gt 128 ] || status=$((faults ? 1 : 2))
	exit "$status"
}

# The scenario itself, by who shall perform it.
become() {
	must "$@" true
	go_on 1 "$@" sh
}

# A line is made.  Should the script get no further, it is known which.
begins() {
	call=$1
	printf '%s\n' "$1" >&9
}

# What a program prints, 0 if that is nothing, or the name of the error that it tells of; how it ended if a signal ended it.
answer() {
	if said=$("$@" 2>&1); then
		printf '%s\n' "${said:-0}"
		return
	else
		status=$?
	fi
	if [ "$status" -gt 128 ]; then
		echo "killed by SIG$(kill -l "$status")"
		return
	fi
	case $said in
	*'Operation not permitted') echo EPERM ;;
	*'Permission denied') echo EACCES ;;
	*'No such file or directory') echo ENOENT ;;
	*'Not a directory') echo ENOTDIR ;;
	*'File exists') echo EEXIST ;;
	*'Invalid argument') echo EINVAL ;;
	*'No space left on device') echo ENOSPC ;;
	*'Read-only file system') echo EROFS ;;
	*'Too many levels of symbolic links') echo ELOOP ;;
	*) printf '%s\n' "$said" ;;
	esac
}

# One line for each call, in the style of strace, and what was expected where that is something else.
check() {
	answer=$1
	shift
	for expected; do
		[ "$answer" != "$expected" ] || break
	done
	if [ "$answer" = "$expected" ]; then
		printf '%s = %s\n' "$call" "$answer"
	else
		printf '%s = %s    expected %s\n' "$call" "$answer" "$expected"
		faults=1
	fi
}

# What stands in a line of /proc/PID/status of this process.
status_of() {
	while read -r field value; do
		[ "$field" != "$1:" ] || printf '%s\n' "$value"
	done </proc/self/status
}

# Numbers as a list.
list() {
	numbers=
	for number; do
		numbers="${numbers:+$numbers, }$number"
	done
	printf '[%s]\n' "$numbers"
}

# Whether the IDs (real, effective, saved, filesystem) and the groups are now what they must be.
credential() {
	now="uid $(echo $(status_of Uid)), gid $(echo $(status_of Gid)), groups $(list $(status_of Groups))"
	if [ "$now" != "$1" ]; then
		printf '    now       %s\n    expected  %s\n' "$now" "$1"
		faults=1
	fi
}

# Real, effective and saved ID.
three_ids() {
	status_of "$1" | {
		read -r real effective saved _
		printf '%s %s %s\n' "$real" "$effective" "$saved"
	}
}

# A list in the order of its numbers.
sorted() {
	list $(printf '%s' "$1" | tr -d '[],' | tr ' ' '\n' | sort -n)
}

case ${1-} in
'')
	in_a_folder
	watch_over 30 ./repro.sh 0 .line
	;;
0)
	copy_shell helper 0:0 04755
	make_file door '' 0:500 00640
	# user: User 1000 without any capability.
	become setpriv --reuid=1000 --regid=1000 --clear-groups
	;;
1)
	begins 'open(door, O_RDONLY)'
	check "$(answer dd if=door count=0 status=none)" 'EACCES'
	begins 'exec(helper)'
	check "$(answer env ./helper -p -c :)" '0'
	go_on 2 ./helper
	;;
2)
	credential 'uid 1000 0 0 0, gid 1000 1000 1000 1000, groups []'
	begins 'open(door, O_RDONLY)'
	check "$(answer dd if=door count=0 status=none)" '0'
	begins 'getresuid()'
	check "$(three_ids Uid)" '1000 0 0'
	begins 'setgroups([500, 501])'
	check "$(answer setpriv --groups=500,501 true)" '0'
	go_on 3 setpriv --groups=500,501 sh
	;;
3)
	credential 'uid 1000 0 0 0, gid 1000 1000 1000 1000, groups [500, 501]'
	begins 'getgroups()'
	check "$(sorted "$(list $(status_of Groups))")" '[500, 501]'
	begins 'umask(0077)'
	check "$(umask)" '0022'
	umask 0077
	;;
esac

exit "$faults"
