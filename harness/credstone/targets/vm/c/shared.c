/*
 * The memory that the harness and the guest share: a PCI device of QEMU whose region 2 is memory (ivshmem), which sysfs
 * lets be mapped without a driver.
 *
 * It has two halves, to the guest and from it.  Each begins with three numbers of 64 bits (bytes written and bytes read since
 * the beginning; in the first half, the word that says that the guest is there), and from byte 64 on it is a ring.
 */
#include "shared.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEVICES "/sys/bus/pci/devices"
#define READY 0x6372656473746F6EULL

enum { VENDOR = 0x1af4, DEVICE = 0x1110, HEAD = 64 };

struct half {
	volatile uint64_t written, read, ready;
};

static struct half *to_guest, *from_guest;
static size_t room;

static unsigned long number_in(const char *device, const char *name)
{
	char path[512], text[32] = "";
	int file;

	snprintf(path, sizeof path, DEVICES "/%s/%s", device, name);
	file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return 0;
	if (read(file, text, sizeof text - 1) < 0)
		text[0] = 0;
	close(file);
	return strtoul(text, NULL, 16);
}

static void map(const char *device)
{
	char path[512];
	struct stat about;
	void *memory = MAP_FAILED;
	int file;

	snprintf(path, sizeof path, DEVICES "/%s/enable", device);
	file = open(path, O_WRONLY | O_CLOEXEC);
	if (file < 0 || write(file, "1", 1) != 1)
		return;
	close(file);
	snprintf(path, sizeof path, DEVICES "/%s/resource2", device);
	file = open(path, O_RDWR | O_CLOEXEC);
	if (file < 0)
		return;
	if (fstat(file, &about) == 0)
		memory = mmap(NULL, about.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	close(file);
	if (memory == MAP_FAILED)
		return;
	room = about.st_size / 2 - HEAD;
	to_guest = memory;
	from_guest = (void *) ((char *) memory + about.st_size / 2);
	to_guest->ready = READY;
}

void shared_open(void)
{
	DIR *devices = opendir(DEVICES);

	if (!devices)
		return;
	for (struct dirent *entry; !to_guest && (entry = readdir(devices));)
		if (number_in(entry->d_name, "vendor") == VENDOR && number_in(entry->d_name, "device") == DEVICE)
			map(entry->d_name);
	closedir(devices);
}

bool shared_put(const void *bytes, size_t length)
{
	if (!from_guest)
		return false;
	while (from_guest->written - from_guest->read + length > room)
		usleep(1000);
	char *ring = (char *) from_guest + HEAD;
	size_t at = from_guest->written % room, first = length < room - at ? length : room - at;
	memcpy(ring + at, bytes, first);
	memcpy(ring, (const char *) bytes + first, length - first);
	__sync_synchronize();
	from_guest->written += length;
	return true;
}

void shared_take(void *bytes, size_t length)
{
	const char *ring = (const char *) to_guest + HEAD;
	size_t at = to_guest->read % room, first = length < room - at ? length : room - at;

	memcpy(bytes, ring + at, first);
	memcpy((char *) bytes + first, ring, length - first);
	__sync_synchronize();
	to_guest->read += length;
}
