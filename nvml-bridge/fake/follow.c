/*
 * Reads the machine file and follows it: one thread waits for inotify and applies what was appended.
 *
 * A file that is another one now, that became shorter, or whose consumed text changed is read from its beginning into a fresh
 * state, under one hold of the lock, so that no call sees half of a file that was replaced by a rename.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "machine.h"

enum {
    LINE_BYTES = 4096,     /* the longest line, without its end */
    CHUNK_BYTES = 65536,
    WITNESS_BYTES = 4096,  /* how much of the consumed text is compared, at each of its ends */
    STACK_BYTES = 256 * 1024,
    ROUND_MILLISECONDS = 1000, /* between looks at a file system that tells inotify nothing */
    BLIND_MILLISECONDS = 10,   /* between looks without inotify: a user may have too few instances or watches of it */
};

/* What is remembered of the text consumed so far, to tell an append from a rewrite in place. */
struct witness {
    size_t head_bytes, tail_bytes;
    char head[WITNESS_BYTES], tail[WITNESS_BYTES];
};

/* Touched by the thread that starts the follower, and from then on by the follower alone. */
static struct {
    char path[PATH_MAX], folder[PATH_MAX];
    const char *name;
    int inotify, stop;
    int watch;          /* of the file; -1: none */
    int file;           /* kept open, so that its inode number is not given to the file that replaces it; -1: none */
    off_t consumed;
    bool skipping;      /* inside a line that is too long */
    bool complained;    /* that the file cannot be read */
    struct witness witness;
    char *complaints;   /* printed after the lock is given back: whoever reads stderr may be slow */
    size_t complaint_bytes;
    FILE *complaint_stream;
} follower = {.inotify = -1, .stop = -1, .watch = -1, .file = -1};

static pthread_mutex_t start_lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_bool started;
static bool has_thread; /* guarded by start_lock, like the two below */
static pthread_t thread;
static pid_t process;   /* the one that has the thread: a fork does not take it along */

/* --- complaints --- */

__attribute__((format(printf, 1, 2))) static void complain(const char *format, ...) {
    if (follower.complaint_stream == NULL) {
        follower.complaint_stream = open_memstream(&follower.complaints, &follower.complaint_bytes);
        if (follower.complaint_stream == NULL) {
            return;
        }
    }
    va_list arguments;
    va_start(arguments, format);
    fputs("fake nvml: ", follower.complaint_stream);
    vfprintf(follower.complaint_stream, format, arguments);
    fputc('\n', follower.complaint_stream);
    va_end(arguments);
}

static void print_complaints(void) {
    if (follower.complaint_stream == NULL) {
        return;
    }
    fclose(follower.complaint_stream);
    follower.complaint_stream = NULL;
    fwrite(follower.complaints, 1, follower.complaint_bytes, stderr);
    free(follower.complaints);
}

static void complain_once(const char *what) {
    if (!follower.complained) {
        complain("cannot read the machine file %s: %s", follower.path, what);
        follower.complained = true;
    }
}

/* --- the text --- */

static size_t read_at(int file, char *out, size_t bytes, off_t offset) {
    size_t done = 0;
    while (done < bytes) {
        ssize_t count = pread(file, out + done, bytes - done, offset + (off_t)done);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            break;
        }
        done += (size_t)count;
    }
    return done;
}

static void take_witness(int file) {
    size_t bytes = follower.consumed < WITNESS_BYTES ? (size_t)follower.consumed : WITNESS_BYTES;
    follower.witness.head_bytes = read_at(file, follower.witness.head, bytes, 0);
    follower.witness.tail_bytes = read_at(file, follower.witness.tail, bytes, follower.consumed - (off_t)bytes);
}

static bool is_as_consumed(int file) {
    static char now[WITNESS_BYTES];
    const struct witness *seen = &follower.witness;
    return read_at(file, now, seen->head_bytes, 0) == seen->head_bytes && memcmp(now, seen->head, seen->head_bytes) == 0
        && read_at(file, now, seen->tail_bytes, follower.consumed - (off_t)seen->tail_bytes) == seen->tail_bytes
        && memcmp(now, seen->tail, seen->tail_bytes) == 0;
}

static void consume_line(const char *text, size_t bytes) {
    static char line[LINE_BYTES + 1];
    machine.state.lines_applied++;
    const char *wrong;
    if (follower.skipping || bytes > LINE_BYTES) {
        follower.skipping = false;
        wrong = "a line of more than 4096 bytes";
    } else if (memchr(text, '\0', bytes) != NULL) {
        wrong = "a zero byte: this is no text";
    } else {
        memcpy(line, text, bytes);
        line[bytes] = '\0';
        wrong = apply_line(line);
    }
    if (wrong != NULL) {
        machine.state.lines_wrong++;
        complain("%s:%d: %s", follower.name, machine.state.lines_applied, wrong);
    }
}

/* Applies every whole line after what was consumed. */
static void consume(int file) {
    static char chunk[CHUNK_BYTES];
    for (;;) {
        size_t bytes = read_at(file, chunk, sizeof chunk, follower.consumed);
        size_t done = 0;
        char *end;
        while ((end = memchr(chunk + done, '\n', bytes - done)) != NULL) {
            consume_line(chunk + done, (size_t)(end - chunk) - done);
            done = (size_t)(end - chunk) + 1;
        }
        if (done == 0 && bytes == sizeof chunk) {
            follower.skipping = true; /* no line is that long: leave it out, up to its end */
            done = bytes;
        }
        follower.consumed += (off_t)done;
        if (done == 0 || bytes < sizeof chunk) {
            return;
        }
    }
}

/* --- the file --- */

static void watch_file(void) {
    if (follower.inotify < 0) {
        return;
    }
    inotify_add_watch(follower.inotify, follower.folder, IN_CREATE | IN_MOVED_TO | IN_ONLYDIR);
    int watch = inotify_add_watch(follower.inotify, follower.path, IN_MODIFY | IN_ATTRIB | IN_MOVE_SELF | IN_DELETE_SELF);
    if (watch >= 0 && follower.watch >= 0 && watch != follower.watch) {
        inotify_rm_watch(follower.inotify, follower.watch);
    }
    if (watch >= 0) {
        follower.watch = watch;
    }
}

static bool is_another_file(const struct stat *now) {
    struct stat before;
    return follower.file < 0 || fstat(follower.file, &before) != 0 || before.st_dev != now->st_dev || before.st_ino != now->st_ino;
}

/* Looks at the file and applies what is new. A file that is gone leaves the state as it is, until there is one again. */
static void look(void) {
    watch_file(); /* before the read: what is written after it is told */
    struct stat now;
    int file = open(follower.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) {
        complain_once(strerror(errno));
    } else if (fstat(file, &now) != 0 || !S_ISREG(now.st_mode)) {
        complain_once("no regular file");
        close(file);
    } else {
        follower.complained = false;
        pthread_mutex_lock(&machine.lock);
        if (is_another_file(&now) || now.st_size < follower.consumed || !is_as_consumed(file)) {
            reset_state();
            follower.consumed = 0;
            follower.skipping = false;
        }
        consume(file);
        pthread_mutex_unlock(&machine.lock);
        take_witness(file);
        if (follower.file >= 0) {
            close(follower.file);
        }
        follower.file = file;
    }
    print_complaints();
}

static void *follow(void *nothing) {
    (void)nothing;
    struct pollfd waits[] = {{.fd = follower.stop, .events = POLLIN}, {.fd = follower.inotify, .events = POLLIN}};
    for (;;) {
        bool blind = follower.inotify < 0 || follower.watch < 0;
        int ready = poll(waits, 2, blind ? BLIND_MILLISECONDS : ROUND_MILLISECONDS);
        if (ready > 0 && waits[0].revents != 0) {
            return NULL;
        }
        static char events[4096];
        while (follower.inotify >= 0 && read(follower.inotify, events, sizeof events) > 0) {
            /* whatever it tells, the answer is to look */
        }
        look();
    }
}

/* --- start and stop --- */

static bool find_file(void) {
    const char *named = getenv("HEAL_FAKE_NVML");
    Dl_info library;
    char *whole;
    if (named != NULL && *named != '\0') {
        whole = strdup(named);
    } else if (dladdr((void *)&machine, &library) != 0 && library.dli_fname != NULL) {
        const char *slash = strrchr(library.dli_fname, '/');
        int folder_bytes = slash == NULL ? 0 : (int)(slash - library.dli_fname) + 1;
        whole = asprintf(&whole, "%.*smachine", folder_bytes, library.dli_fname) < 0 ? NULL : whole;
    } else {
        return false;
    }
    char here[PATH_MAX] = "";
    bool relative = whole != NULL && whole[0] != '/';
    if (whole == NULL || (relative && getcwd(here, sizeof here) == NULL)) {
        free(whole);
        return false;
    }
    int bytes = snprintf(follower.path, sizeof follower.path, "%s%s%s", here, relative ? "/" : "", whole);
    free(whole);
    if (bytes >= (int)sizeof follower.path) {
        return false;
    }
    strcpy(follower.folder, follower.path);
    char *slash = strrchr(follower.folder, '/');
    follower.name = follower.path + (slash - follower.folder) + 1;
    slash[slash == follower.folder ? 1 : 0] = '\0';
    return true;
}

static bool start_thread(void) {
    follower.stop = eventfd(0, EFD_CLOEXEC);
    if (follower.stop < 0) {
        return false;
    }
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    sigset_t all, before;
    sigfillset(&all); /* the signals of the process are for its own threads */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool running = pthread_create(&thread, &attributes, follow, NULL) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    if (running) {
        pthread_setname_np(thread, "fake-nvml");
    }
    return running;
}

void start_following(void) {
    if (atomic_load_explicit(&started, memory_order_acquire)) {
        return;
    }
    pthread_mutex_lock(&start_lock);
    if (!atomic_load_explicit(&started, memory_order_relaxed)) {
        process = getpid();
        if (find_file()) {
            follower.inotify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
            look();
            has_thread = start_thread();
            if (!has_thread) {
                complain("cannot follow %s: no thread for it", follower.path);
            }
        } else {
            complain("no machine file: set HEAL_FAKE_NVML to its path");
        }
        print_complaints();
        atomic_store_explicit(&started, true, memory_order_release);
    }
    pthread_mutex_unlock(&start_lock);
}

static void close_file(int *file) {
    if (*file >= 0) {
        close(*file);
        *file = -1;
    }
}

/* At dlclose and at exit. A call that another thread still makes afterwards finds the last state. */
__attribute__((destructor)) static void stop_following(void) {
    if (!atomic_load(&started) || process != getpid()) {
        return;
    }
    pthread_mutex_lock(&start_lock);
    if (has_thread) {
        has_thread = false;
        eventfd_write(follower.stop, 1);
        pthread_join(thread, NULL);
    }
    pthread_mutex_unlock(&start_lock);
    close_file(&follower.stop);
    close_file(&follower.inotify);
    close_file(&follower.file);
    pthread_mutex_lock(&machine.lock);
    drop_event_sets();
    pthread_mutex_unlock(&machine.lock);
}
