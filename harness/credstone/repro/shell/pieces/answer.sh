# answer
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
