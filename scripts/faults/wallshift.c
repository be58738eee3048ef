/* Shifts CLOCK_REALTIME of a process, and of nothing else, by the microseconds in a mapped file.
 *
 *   cc -O2 -shared -fPIC -o wallshift.so wallshift.c -ldl
 *   WALLSHIFT_FILE=/x/offset LD_PRELOAD=/x/wallshift.so ...
 *
 * The monotonic clock is untouched, so sleeps and timeouts behave; the file may change at any
 * moment, and children of a process share it. Waits with a deadline on the wall clock are given
 * the machine's own.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile int64_t nothing, *offset = &nothing;

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("WALLSHIFT_FILE");
    int file = path ? open(path, O_RDONLY) : -1;
    if (file < 0) return;
    void *page = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, file, 0);
    close(file);
    if (page != MAP_FAILED) offset = page;
}

static void shift(struct timespec *t, int64_t by) {
    int64_t micros = t->tv_nsec / 1000 + by % 1000000;
    t->tv_sec += by / 1000000;
    if (micros < 0) { micros += 1000000; t->tv_sec--; }
    if (micros >= 1000000) { micros -= 1000000; t->tv_sec++; }
    t->tv_nsec = micros * 1000 + t->tv_nsec % 1000;
}

int clock_gettime(clockid_t clock, struct timespec *t) {
    int answer = syscall(SYS_clock_gettime, clock, t);
    if (answer == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) shift(t, *offset);
    return answer;
}

int gettimeofday(struct timeval *restrict t, void *restrict zone) {
    struct timespec now;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &now);
    if (t) { t->tv_sec = now.tv_sec; t->tv_usec = now.tv_nsec / 1000; }
    return 0;
}

time_t time(time_t *t) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (t) *t = now.tv_sec;
    return now.tv_sec;
}

int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict until) {
    static int (*real)(sem_t *, const struct timespec *);
    struct timespec own = *until;
    if (!real) real = dlsym(RTLD_NEXT, "sem_timedwait");
    shift(&own, -*offset);
    return real(semaphore, &own);
}
