# list
# Numbers as a list.
list() {
	numbers=
	for number; do
		numbers="${numbers:+$numbers, }$number"
	done
	printf '[%s]\n' "$numbers"
}
