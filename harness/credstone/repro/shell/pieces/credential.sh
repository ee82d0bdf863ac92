# credential
# Whether the IDs (real, effective, saved, filesystem) and the groups are now what they must be.
credential() {
	now="uid $(echo $(status_of Uid)), gid $(echo $(status_of Gid)), groups $(list $(status_of Groups))"
	if [ "$now" != "$1" ]; then
		printf '    now       %s\n    expected  %s\n' "$now" "$1"
		faults=1
	fi
}
