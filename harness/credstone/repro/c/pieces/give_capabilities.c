// give_capabilities
/* The capabilities of a file; they count for this root and those in namespaces of its, -1 for everybody. */
static void give_capabilities(const char *name, unsigned long long permitted, unsigned long long inheritable,
			      bool effective, uid_t root)
{
	struct vfs_ns_cap_data data = { 0 };
	bool owned = root != (uid_t) -1;

	data.magic_etc = (owned ? VFS_CAP_REVISION_3 : VFS_CAP_REVISION_2) | effective;
	for (int i = 0; i < 2; i++) {
		data.data[i].permitted = permitted >> 32 * i;
		data.data[i].inheritable = inheritable >> 32 * i;
	}
	data.rootid = owned ? root : 0;
	must(name, setxattr(name, "security.capability", &data, owned ? XATTR_CAPS_SZ_3 : XATTR_CAPS_SZ_2, 0));
}
