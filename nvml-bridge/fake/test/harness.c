#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "harness.h"

static void *library;
static int failed;
static int lines_written;

void load(const char *path) {
    library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        exit(2);
    }
}

void unload(void) {
    dlclose(library);
}

bool has_function(const char *name) {
    return dlsym(library, name) != NULL;
}

void *function_named(const char *name) {
    void *function = dlsym(library, name);
    if (function == NULL) {
        fprintf(stderr, "no function %s\n", name);
        exit(2);
    }
    return function;
}

void check(bool good, const char *text, const char *file, int line) {
    if (!good) {
        __atomic_add_fetch(&failed, 1, __ATOMIC_RELAXED);
        printf("%s:%d: not so: %s\n", file, line, text);
    }
}

void check_equal(long long expected, long long actual, const char *text, const char *file, int line) {
    if (expected != actual) {
        __atomic_add_fetch(&failed, 1, __ATOMIC_RELAXED);
        printf("%s:%d: %s is %lld, and should be %lld\n", file, line, text, actual, expected);
    }
}

int failures(void) {
    return failed;
}

const char *machine_path(void) {
    return getenv("HEAL_FAKE_NVML");
}

static int lines_in(const char *text) {
    int lines = 0;
    for (; *text != '\0'; text++) {
        lines += *text == '\n';
    }
    return lines;
}

static void write_to(const char *path, int flags, const char *text) {
    int file = open(path, O_WRONLY | O_CREAT | flags, 0600);
    if (file < 0 || write(file, text, strlen(text)) != (ssize_t)strlen(text)) {
        perror(path);
        exit(2);
    }
    close(file);
}

void await_applied(int lines) {
    for (double end = seconds() + 10; ASK(heal_fake_applied) != lines;) {
        if (seconds() > end) {
            printf("%d lines were applied, and should be %d\n", ASK(heal_fake_applied), lines);
            exit(1);
        }
        usleep(50);
    }
}

void rewrite(const char *text) {
    lines_written = lines_in(text);
    write_to(machine_path(), O_TRUNC, text);
    if (library != NULL) {
        await_applied(lines_written);
    }
}

void replace(const char *text) {
    char other[4096];
    snprintf(other, sizeof other, "%s.new", machine_path());
    lines_written = lines_in(text);
    write_to(other, O_TRUNC, text);
    rename(other, machine_path());
    await_applied(lines_written);
}

void append_only(const char *text) {
    lines_written += lines_in(text);
    write_to(machine_path(), O_APPEND, text);
}

void append(const char *text) {
    append_only(text);
    await_applied(lines_written);
}

nvmlDevice_t gpu_at(unsigned int index) {
    nvmlDevice_t device = NULL;
    CHECK_EQUAL(0, CALL(nvmlDeviceGetHandleByIndex_v2)(index, &device));
    return device;
}

double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void sleep_milliseconds(int milliseconds) {
    usleep((useconds_t)milliseconds * 1000);
}
