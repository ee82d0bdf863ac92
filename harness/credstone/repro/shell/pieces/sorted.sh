# sorted
# A list in the order of its numbers.
sorted() {
	list $(printf '%s' "$1" | tr -d '[],' | tr ' ' '\n' | sort -n)
}
