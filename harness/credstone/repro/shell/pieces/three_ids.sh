# three_ids
# Real, effective and saved ID.
three_ids() {
	status_of "$1" | {
		read -r real effective saved _
		printf '%s %s %s\n' "$real" "$effective" "$saved"
	}
}
