/* Words, numbers, durations and ranges of the machine file. */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "parse.h"

static char message[512];

bool wrong(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return false;
}

const char *what_is_wrong(void) {
    return message;
}

const char *quoted(const char *word) {
    enum { SHOWN = 40, KEPT = 4 };
    static char texts[KEPT][SHOWN + 6];
    static int next;
    char *text = texts[next++ % KEPT];
    int length = 0;
    text[length++] = '`';
    for (const char *from = word; *from != '\0' && from - word < SHOWN; from++) {
        text[length++] = iscntrl((unsigned char)*from) ? '?' : *from;
    }
    snprintf(text + length, 5, "%s`", strlen(word) > SHOWN ? "..." : "");
    return text;
}

bool split(const char *text, struct line *line) {
    line->original = text;
    line->length = 0;
    line->count = 0;
    snprintf(line->text, sizeof line->text, "%s", text);
    char *at = line->text;
    for (;;) {
        at += strspn(at, " \t\r");
        if (*at == '\0' || *at == '#') {
            return true;
        }
        if (line->count == MAX_WORDS) {
            return wrong("more than %d words", MAX_WORDS);
        }
        size_t bytes = strcspn(at, " \t\r");
        line->words[line->count] = at;
        line->starts[line->count++] = (int)(at - line->text);
        line->length = (int)(at - line->text + (long)bytes);
        at += bytes;
        if (*at != '\0') {
            *at++ = '\0';
        }
    }
}

bool rest_of(const struct line *line, int word, char *out, size_t bytes) {
    if (word >= line->count) {
        return wrong("a value is missing after %s", quoted(line->words[line->count - 1]));
    }
    size_t length = (size_t)(line->length - line->starts[word]);
    if (length >= bytes) {
        return wrong("%s is longer than %zu bytes", quoted(line->words[word]), bytes - 1);
    }
    memcpy(out, line->original + line->starts[word], length);
    out[length] = '\0';
    return true;
}

/* Reads digits, and decimals where the scale leaves room for them; answers where the number ends, NULL where there is none. */
static const char *read_number(const char *at, long long scale, long long *value) {
    bool negative = *at == '-';
    at += *at == '-' || *at == '+';
    long long number = 0;
    if (at[0] == '0' && (at[1] == 'x' || at[1] == 'X') && isxdigit((unsigned char)at[2])) {
        for (at += 2; isxdigit((unsigned char)*at); at++) {
            int digit = isdigit((unsigned char)*at) ? *at - '0' : tolower((unsigned char)*at) - 'a' + 10;
            if (__builtin_mul_overflow(number, 16LL, &number) || __builtin_add_overflow(number, digit, &number)) {
                return NULL;
            }
        }
    } else if (!isdigit((unsigned char)*at)) {
        return NULL;
    }
    for (; isdigit((unsigned char)*at); at++) {
        if (__builtin_mul_overflow(number, 10LL, &number) || __builtin_add_overflow(number, *at - '0', &number)) {
            return NULL;
        }
    }
    if (__builtin_mul_overflow(number, scale, &number)) {
        return NULL;
    }
    if (*at == '.' && isdigit((unsigned char)at[1]) && scale > 1) {
        long long decimals = 0, whole = 1;
        for (at++; isdigit((unsigned char)*at); at++) {
            if (whole < 1000000000) { /* finer decimals than these change nothing */
                decimals = decimals * 10 + (*at - '0');
                whole *= 10;
            }
        }
        if (__builtin_add_overflow(number, (long long)((__int128)scale * decimals / whole), &number)) {
            return NULL;
        }
    }
    *value = negative ? -number : number;
    return at;
}

bool parse_whole(const char *word, long long least, long long most, long long *value) {
    const char *end = read_number(word, 1, value);
    if (end == NULL || *end != '\0' || *value < least || *value > most) {
        return wrong("%s must be a whole number from %lld to %lld", quoted(word), least, most);
    }
    return true;
}

/* A unit that makes up the rest of the word, or 0. */
static long long unit_of(const char *rest, const struct word *units) {
    for (; units->word != NULL; units++) {
        if (strcmp(rest, units->word) == 0) {
            return units->value;
        }
    }
    return 0;
}

/* The number is read again with its unit as its scale, so that decimals keep their digits. */
bool read_with_unit(const char *word, const struct word *units, long long *value) {
    const char *end = read_number(word, 1000000000LL, value);
    if (end == NULL) {
        end = read_number(word, 1, value);
    }
    long long unit = end == NULL ? 0 : unit_of(end, units);
    /* A whole number of the smallest unit leaves no room for decimals, and so does not end at its unit. */
    end = unit == 0 ? NULL : read_number(word, unit, value);
    return end != NULL && unit_of(end, units) == unit;
}

const struct word byte_units[] = {
    {"B", 1}, {"KiB", 1LL << 10}, {"MiB", 1LL << 20}, {"GiB", 1LL << 30}, {"TiB", 1LL << 40}, {NULL, 0},
};

bool parse_bytes(const char *word, unsigned long long *bytes) {
    long long value = 0;
    bool good = strcmp(word, "0") == 0 || read_with_unit(word, byte_units, &value);
    if (!good || value < 0 || value > 1LL << 50) {
        return wrong("%s must be an amount of memory, as 512MiB or 1.5GiB", quoted(word));
    }
    *bytes = (unsigned long long)value;
    return true;
}

bool parse_duration(const char *word, long long *nanoseconds) {
    static const struct word units[] = {
        {"ms", 1000000LL}, {"s", 1000000000LL}, {"m", 60000000000LL}, {"h", 3600000000000LL}, {NULL, 0},
    };
    if (!read_with_unit(word, units, nanoseconds) || *nanoseconds <= 0 || *nanoseconds > 3600000000000LL * 1000) {
        return wrong("%s must be a duration, as 250ms, 1.5s, 10m or 1h", quoted(word));
    }
    return true;
}

bool parse_range(const char *word, int count, const char *what, struct range *range) {
    long long first = 0, last = count - 1;
    if (strcmp(word, "*") != 0) {
        const char *end = read_number(word, 1, &first);
        last = first;
        if (end != NULL && strncmp(end, "..", 2) == 0) {
            end = read_number(end + 2, 1, &last);
        }
        if (end == NULL || *end != '\0' || !isdigit((unsigned char)*word)) {
            return wrong("%s must be a %s: its number, a range as 0..3, or *", quoted(word), what);
        }
    }
    if (count == 0) {
        return wrong("there is no %s yet", what);
    }
    if (first > last || last >= count) {
        return wrong("%s: the %ss are 0..%d", quoted(word), what, count - 1);
    }
    *range = (struct range){(int)first, (int)last};
    return true;
}

bool parse_function(const char *word, enum function *function, bool *of_gpu) {
    static const struct {
        const char *name;
        bool of_gpu;
    } functions[] = {
#define NAMED(name, of_gpu) {#name, of_gpu},
        FUNCTIONS(NAMED)
#undef NAMED
    };
    for (int number = 0; number < FUNCTION_COUNT; number++) {
        if (strcmp(word, functions[number].name) == 0) {
            *function = (enum function)number;
            *of_gpu = functions[number].of_gpu;
            return true;
        }
    }
    return wrong("no function %s: write its whole name, as nvmlDeviceGetTemperature or nvmlInit_v2", quoted(word));
}
