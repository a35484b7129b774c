/* What the stories share: the library under test, a machine file to write, and checks that count. */
#ifndef HEAL_FAKE_HARNESS_H
#define HEAL_FAKE_HARNESS_H

#include <stdbool.h>

#include "../abi.h"

/* A function of the loaded library. Without a prototype: arguments are ints and pointers, or cast to their exact type. */
#define CALL(name) ((nvmlReturn_t(*)())function_named(#name))
#define ASK(name) ((int (*)(void))function_named(#name))()

#define CHECK(condition) check((condition), #condition, __FILE__, __LINE__)
#define CHECK_EQUAL(expected, actual) check_equal((long long)(expected), (long long)(actual), #actual, __FILE__, __LINE__)

void load(const char *path);
void unload(void);
bool has_function(const char *name);
void *function_named(const char *name);

void check(bool good, const char *text, const char *file, int line);
void check_equal(long long expected, long long actual, const char *text, const char *file, int line);
int failures(void);

/* Writes a whole new machine file in place (`>`), or by renaming another file over it; returns once it is applied. */
void rewrite(const char *text);
void replace(const char *text);
/* Appends lines and returns once they are applied. */
void append(const char *lines);
/* Appends and does not wait. */
void append_only(const char *text);
void await_applied(int lines);
const char *machine_path(void);

nvmlDevice_t gpu_at(unsigned int index);
double seconds(void);
void sleep_milliseconds(int milliseconds);

#endif
