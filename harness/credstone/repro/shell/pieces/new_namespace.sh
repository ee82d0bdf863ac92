# new_namespace
# A user namespace with these maps, written from outside; a process holds it until the end, when whoever watches ends it.
new_namespace() {
	setgroups=$1 uid_map=$2 gid_map=$3
	shift 3
	"$@" unshare --user sleep 60 &
	holder=$!
	until [ "$(readlink "/proc/$holder/ns/user")" != "$(readlink /proc/self/ns/user)" ]; do
		must kill -0 "$holder"
	done
	printf '%s' "$setgroups" >"/proc/$holder/setgroups" || exit 2
	printf '%s' "$uid_map" >"/proc/$holder/uid_map" || exit 2
	printf '%s' "$gid_map" >"/proc/$holder/gid_map" || exit 2
}
