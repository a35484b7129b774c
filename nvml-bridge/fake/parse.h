/* The words of a machine file's line, and what a word can mean. */
#ifndef HEAL_FAKE_PARSE_H
#define HEAL_FAKE_PARSE_H

#include <stdbool.h>

#include "machine.h"

enum { MAX_WORDS = 24, LINE_ROOM = 4097 };

struct line {
    char text[LINE_ROOM]; /* the words, each ended with a zero byte */
    const char *words[MAX_WORDS];
    int count;
    int starts[MAX_WORDS]; /* where each word starts in the original line */
    const char *original;
    int length; /* of the original, up to its comment */
};

/* A change of a reading, as one line asks for it. */
struct change {
    enum { SET, ADD, RAMP, ANSWER } kind;
    long long value, from;
    long long span;      /* nanoseconds */
    nvmlReturn_t answer; /* of ANSWER */
};

/* Slots of GPUs or numbers of links, both ends included. */
struct range {
    int first, last;
};

/* Keeps what is wrong with the line, in the operator's words, and answers false. User text goes in through quoted(). */
__attribute__((format(printf, 1, 2))) bool wrong(const char *format, ...);
const char *what_is_wrong(void);
/* A word of the user in backquotes, shortened and without control characters; good until the fourth next call. */
const char *quoted(const char *word);

bool split(const char *text, struct line *line);
/* The rest of the original line from a word on, without the blanks at its end, copied out. */
bool rest_of(const struct line *line, int word, char *out, size_t bytes);
bool parse_whole(const char *word, long long least, long long most, long long *value);
bool parse_range(const char *word, int count, const char *what, struct range *range);
bool parse_bytes(const char *word, unsigned long long *bytes);
/* A number with one of the units, in the smallest of them. The units end with a NULL word; an empty one is for no unit. */
bool read_with_unit(const char *word, const struct word *units, long long *value);
extern const struct word byte_units[];
/* A duration with its unit, in nanoseconds. */
bool parse_duration(const char *word, long long *nanoseconds);
bool parse_function(const char *word, enum function *function, bool *of_gpu);
/* The change that the words from `first` to the end of the line ask for. */
bool parse_change(const struct line *line, int first, const struct key *key, struct change *change);
/* Makes the change of a reading that answers so now; false where a relative one finds no value to change. */
bool apply_change(struct reading *reading, const struct key *key, const struct change *change, nvmlReturn_t now_answer, long long now_value);

#endif
