# bits
# A set of bits as a number.
bits() {
	printf '%s\n' "$((0x$(status_of "$1")))"
}
