# in_a_folder
# Goes on in a new folder, in which this script lies as repro.sh; it is removed at the end with all that is in it.
in_a_folder() {
	folder=$(mktemp -d /tmp/repro-XXXXXX) || exit 2
	trap 'rm -rf "$folder"' EXIT
	trap 'exit 2' HUP INT TERM
	must cp -- "$0" "$folder/repro.sh"
	must chmod 0755 "$folder" "$folder/repro.sh"
	must cd "$folder"
}
