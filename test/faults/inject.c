/* Preloaded into the program and all that it starts: lets the Nth call that changes a file below one folder fail, or kills
 * the process there. One counter for all threads and processes, in a file that they share. See injection.ts.
 *
 *   FAULT_STATE   file of two 64-bit numbers: calls so far, and whether the fault happened
 *   FAULT_CALL    name of the call
 *   FAULT_AT      at which of these calls, counted from 1
 *   FAULT_HARM    an errno in digits, KILL, or SHORT: half is written, and there is no room for the rest
 *   FAULT_BELOW   absolute folders, divided by colons; what lies elsewhere is not counted
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static _Atomic uint64_t *state;
static const char *wanted, *harm;
static uint64_t at;
static char below[PATH_MAX];

__attribute__((constructor)) static void prepare(void) {
  const char *file = getenv("FAULT_STATE"), *number = getenv("FAULT_AT"), *folders = getenv("FAULT_BELOW");
  wanted = getenv("FAULT_CALL");
  harm = getenv("FAULT_HARM");
  if (file == NULL || number == NULL || folders == NULL || wanted == NULL || harm == NULL) return;
  at = strtoull(number, NULL, 10);
  snprintf(below, sizeof below, "%s", folders);
  int descriptor = open(file, O_RDWR | O_CLOEXEC);
  if (descriptor < 0) return;
  void *shared = mmap(NULL, 16, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  syscall(SYS_close, descriptor);
  if (shared != MAP_FAILED) state = shared;
}

static int lies_below(const char *path) {
  for (const char *folder = below; *folder != '\0';) {
    size_t length = strcspn(folder, ":");
    if (strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == '\0')) return 1;
    folder += length + (folder[length] == ':');
  }
  return 0;
}

static int concerns_path(int folder, const char *path) {
  char whole[2 * PATH_MAX], link[64], of_folder[PATH_MAX];
  if (path == NULL) return 0;
  if (path[0] == '/') return lies_below(path);
  ssize_t length;
  if (folder == AT_FDCWD) {
    if (getcwd(of_folder, sizeof of_folder) == NULL) return 0;
  } else {
    snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
    length = readlink(link, of_folder, sizeof of_folder - 1);
    if (length < 0) return 0;
    of_folder[length] = '\0';
  }
  snprintf(whole, sizeof whole, "%s/%s", of_folder, path);
  return lies_below(whole);
}

static int concerns_descriptor(int descriptor) {
  char link[64], path[PATH_MAX];
  struct stat found;
  if (fstat(descriptor, &found) != 0 || !(S_ISREG(found.st_mode) || S_ISDIR(found.st_mode))) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = '\0';
  return lies_below(path);
}

/* Whether this call is the one; errno is set then. It does not come back where the process is to be killed. */
static int strikes(const char *call) {
  if (strcmp(call, wanted) != 0) return 0;
  uint64_t before = atomic_fetch_add(&state[0], 1);
  if (strcmp(harm, "SHORT") == 0 ? before + 1 < at : before + 1 != at) return 0;
  atomic_store(&state[1], 1);
  if (strcmp(harm, "KILL") == 0) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
  }
  errno = strcmp(harm, "SHORT") == 0 ? ENOSPC : atoi(harm);
  return 1;
}

#define strikes_path(call, folder, path) (state != NULL && concerns_path(folder, path) && strikes(call))
#define strikes_descriptor(call, descriptor) (state != NULL && concerns_descriptor(descriptor) && strikes(call))
#define real(result, name, ...) \
  static result (*next)(__VA_ARGS__); \
  if (next == NULL) next = (result(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static int is_first_short(void) { return strcmp(harm, "SHORT") == 0 && atomic_load(&state[0]) == at; }

ssize_t write(int descriptor, const void *bytes, size_t count) {
  real(ssize_t, "write", int, const void *, size_t);
  if (strikes_descriptor("write", descriptor)) return is_first_short() ? next(descriptor, bytes, count / 2) : -1;
  return next(descriptor, bytes, count);
}

#define positioned(name, offset_type) \
  ssize_t name(int descriptor, const void *bytes, size_t count, offset_type offset) { \
    real(ssize_t, #name, int, const void *, size_t, offset_type); \
    if (strikes_descriptor("write", descriptor)) \
      return is_first_short() ? next(descriptor, bytes, count / 2, offset) : -1; \
    return next(descriptor, bytes, count, offset); \
  }
positioned(pwrite, off_t)
positioned(pwrite64, off64_t)

ssize_t writev(int descriptor, const struct iovec *parts, int count) {
  real(ssize_t, "writev", int, const struct iovec *, int);
  return strikes_descriptor("write", descriptor) ? -1 : next(descriptor, parts, count);
}

#define on_descriptor(name, call) \
  int name(int descriptor) { \
    real(int, #name, int); \
    return strikes_descriptor(call, descriptor) ? -1 : next(descriptor); \
  }
on_descriptor(fsync, "fsync")
on_descriptor(fdatasync, "fsync")

/* What is closed is closed, whatever close(2) says. */
int close(int descriptor) {
  real(int, "close", int);
  int fails = strikes_descriptor("close", descriptor), why = errno, result = next(descriptor);
  if (!fails) return result;
  errno = why;
  return -1;
}

/* libuv closes by syscall(2). */
long syscall(long number, ...) {
  real(long, "syscall", long, ...);
  va_list arguments;
  long given[6];
  va_start(arguments, number);
  for (int each = 0; each < 6; each += 1) given[each] = va_arg(arguments, long);
  va_end(arguments);
  int fails = number == SYS_close && strikes_descriptor("close", (int)given[0]), why = errno;
  long result = next(number, given[0], given[1], given[2], given[3], given[4], given[5]);
  if (!fails) return result;
  errno = why;
  return -1;
}

#define changes (O_CREAT | O_TRUNC | O_WRONLY | O_RDWR)
#define opens(name) \
  int name(const char *path, int flags, ...) { \
    real(int, #name, const char *, int, ...); \
    va_list arguments; \
    va_start(arguments, flags); \
    mode_t mode = flags & O_CREAT ? va_arg(arguments, mode_t) : 0; \
    va_end(arguments); \
    if ((flags & changes) != 0 && strikes_path("open", AT_FDCWD, path)) return -1; \
    return next(path, flags, mode); \
  }
opens(open)
opens(open64)

#define opens_at(name) \
  int name(int folder, const char *path, int flags, ...) { \
    real(int, #name, int, const char *, int, ...); \
    va_list arguments; \
    va_start(arguments, flags); \
    mode_t mode = flags & O_CREAT ? va_arg(arguments, mode_t) : 0; \
    va_end(arguments); \
    if ((flags & changes) != 0 && strikes_path("open", folder, path)) return -1; \
    return next(folder, path, flags, mode); \
  }
opens_at(openat)
opens_at(openat64)

#define on_path(name, call) \
  int name(const char *path) { \
    real(int, #name, const char *); \
    return strikes_path(call, AT_FDCWD, path) ? -1 : next(path); \
  }
on_path(unlink, "unlink")
on_path(rmdir, "rmdir")

int unlinkat(int folder, const char *path, int flags) {
  real(int, "unlinkat", int, const char *, int);
  return strikes_path(flags & AT_REMOVEDIR ? "rmdir" : "unlink", folder, path) ? -1 : next(folder, path, flags);
}

#define on_path_and_mode(name) \
  int name(const char *path, mode_t mode) { \
    real(int, #name, const char *, mode_t); \
    return strikes_path(#name, AT_FDCWD, path) ? -1 : next(path, mode); \
  }
on_path_and_mode(mkdir)
on_path_and_mode(chmod)

#define on_two_paths(name, call) \
  int name(const char *from, const char *to) { \
    real(int, #name, const char *, const char *); \
    return strikes_path(call, AT_FDCWD, to) ? -1 : next(from, to); \
  }
on_two_paths(rename, "rename")
on_two_paths(link, "link")
on_two_paths(symlink, "link")

int fchmod(int descriptor, mode_t mode) {
  real(int, "fchmod", int, mode_t);
  return strikes_descriptor("chmod", descriptor) ? -1 : next(descriptor, mode);
}

int fchown(int descriptor, uid_t owner, gid_t group) {
  real(int, "fchown", int, uid_t, gid_t);
  return strikes_descriptor("chown", descriptor) ? -1 : next(descriptor, owner, group);
}

#define shortens(name, offset_type) \
  int name(int descriptor, offset_type length) { \
    real(int, #name, int, offset_type); \
    return strikes_descriptor("ftruncate", descriptor) ? -1 : next(descriptor, length); \
  }
shortens(ftruncate, off_t)
shortens(ftruncate64, off64_t)

int utimensat(int folder, const char *path, const struct timespec times[2], int flags) {
  real(int, "utimensat", int, const char *, const struct timespec[2], int);
  return strikes_path("utimes", folder, path) ? -1 : next(folder, path, times, flags);
}

int futimens(int descriptor, const struct timespec times[2]) {
  real(int, "futimens", int, const struct timespec[2]);
  return strikes_descriptor("utimes", descriptor) ? -1 : next(descriptor, times);
}
