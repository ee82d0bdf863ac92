/*
 * Probes: what a filter, a policy or a young kernel refuses although the man pages promise it.
 */
#ifndef CREDSTONE_PROBES_H
#define CREDSTONE_PROBES_H

#include "agent.h"

const char *probe_user_namespace(void);
const char *probe_mount_namespace(void);
const char *probe_long_map(const struct credential *credential);
const char *probe_file_capabilities(void);
const char *probe_execution(void);
const char *probe_message_queues(void);
bool probe_thread_pointer(void);
bool probe_real_threads(void);
void probe_refused(const struct credential *credential, uint32_t overflow_uid, uint32_t overflow_gid);

#endif
