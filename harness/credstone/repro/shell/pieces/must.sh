# must
# A step of the set-up.  Without it nothing can be said about the system: status 2.
must() {
	"$@" || {
		echo "no set-up (needs root?): $*" >&2
		exit 2
	}
}
