/* What a line asks of a value of a GPU: to set it, to change it by some amount, to let it ramp, or not to answer it. */
#include <stdio.h>
#include <string.h>

#include "parse.h"

static bool in_range(const char *word, const struct key *key, long long value) {
    if (value >= key->least && value <= key->most) {
        return true;
    }
    long long scale = key->kind == THOUSANDS ? 1000 : 1;
    return wrong("%s: %s goes from %lld to %lld", quoted(word), key->word, key->least / scale, key->most / scale);
}

static bool read_amount(const char *text, const struct key *key, long long *value) {
    static const struct word nothing[] = {{"", 1}, {NULL, 0}};
    static const struct word thousands[] = {{"", 1000}, {"W", 1000}, {"J", 1000}, {NULL, 0}};
    const char *digits = text + (*text == '+' || *text == '-');
    if (key->kind == BYTES && strcmp(digits, "0") == 0) {
        *value = 0;
        return true;
    }
    const struct word *units = key->kind == BYTES ? byte_units : key->kind == THOUSANDS ? thousands : nothing;
    if (read_with_unit(text, units, value)) {
        return true;
    }
    static const char *const examples[] = {
        [WHOLE] = "a whole number", [THOUSANDS] = "a number, as 350 or 350.5", [BYTES] = "an amount of memory, as 512MiB",
    };
    return wrong("%s: %s takes %s", quoted(text), key->word, examples[key->kind]);
}

static bool read_words(const char *text, const struct key *key, long long *value) {
    *value = 0;
    for (const char *at = text;;) {
        size_t bytes = key->kind == WORDS ? strcspn(at, ",") : strlen(at);
        const struct word *word = key->words;
        while (word->word != NULL && (strlen(word->word) != bytes || strncmp(word->word, at, bytes) != 0)) {
            word++;
        }
        if (word->word == NULL) {
            char known[256] = "";
            for (word = key->words; word->word != NULL; word++) {
                size_t used = strlen(known);
                snprintf(known + used, sizeof known - used, "%s%s", used == 0 ? "" : ", ", word->word);
            }
            return wrong("%s: %s takes %s", quoted(text), key->word, known);
        }
        *value |= word->value;
        at += bytes;
        if (*at == '\0') {
            return true;
        }
        at++;
    }
}

static bool read_switch(const char *text, const struct key *key, long long *value) {
    *value = strcmp(text, "on") == 0 || strcmp(text, "yes") == 0;
    bool off = strcmp(text, "off") == 0 || strcmp(text, "no") == 0;
    return *value == 1 || off || wrong("%s: %s takes on or off, yes or no", quoted(text), key->word);
}

static bool is_number(const struct key *key) {
    return key->kind == WHOLE || key->kind == THOUSANDS || key->kind == BYTES;
}

static bool read_value(const char *text, const struct key *key, long long *value) {
    if (is_number(key)) {
        return read_amount(text, key, value) && in_range(text, key, *value);
    }
    return key->kind == SWITCH ? read_switch(text, key, value) : read_words(text, key, value);
}

/* `40..95 over 60s` */
static bool parse_ramp(const struct line *line, int first, const struct key *key, struct change *change) {
    char from[64];
    const char *word = line->words[first], *dots = strstr(word, "..");
    if (dots == NULL || dots - word >= (long)sizeof from || !is_number(key)) {
        return wrong("%s: a ramp of a number is written as 40..95 over 60s", quoted(word));
    }
    snprintf(from, sizeof from, "%.*s", (int)(dots - word), word);
    change->kind = RAMP;
    return read_value(from, key, &change->from) && read_value(dots + 2, key, &change->value)
        && parse_duration(line->words[first + 2], &change->span);
}

bool parse_change(const struct line *line, int first, const struct key *key, struct change *change) {
    int count = line->count - first;
    const char *word = count > 0 ? line->words[first] : "";
    *change = (struct change){.kind = SET};
    if (count == 0) {
        return wrong("a value is missing after %s", quoted(line->words[line->count - 1]));
    }
    if (count == 3 && strcmp(line->words[first + 1], "over") == 0) {
        return parse_ramp(line, first, key, change);
    }
    if (count == 2 && strcmp(word, "code") == 0) {
        long long code;
        change->kind = ANSWER;
        bool good = parse_whole(line->words[first + 1], 1, 999, &code);
        change->answer = good ? (nvmlReturn_t)code : NVML_SUCCESS;
        return good;
    }
    if (count > 1) {
        return wrong("%s is too much after %s", quoted(line->words[first + 1]), quoted(word));
    }
    if (strcmp(word, "unsupported") == 0) {
        *change = (struct change){.kind = ANSWER, .answer = NVML_ERROR_NOT_SUPPORTED};
        return true;
    }
    bool signed_key = key->least < 0 && *word == '-'; /* such a key has negative values: -3 is one, +3 is relative */
    if (is_number(key) && (*word == '+' || (*word == '-' && !signed_key))) {
        change->kind = ADD;
        return read_amount(word, key, &change->value);
    }
    return read_value(word, key, &change->value);
}

bool apply_change(struct reading *reading, const struct key *key, const struct change *change, nvmlReturn_t now_answer, long long now_value) {
    struct reading changed = reading_of(change->value);
    switch (change->kind) {
        case SET: break;
        case ANSWER: changed.answer = change->answer; break;
        case RAMP:
            changed.ramp_from = change->from;
            changed.ramp_start = monotonic_nanoseconds();
            changed.ramp_span = change->span;
            break;
        case ADD:
            if (now_answer != NVML_SUCCESS) {
                return wrong("%s has no value to change: it answers code %d", key->word, (int)now_answer);
            }
            if (__builtin_add_overflow(now_value, change->value, &changed.value)) {
                changed.value = change->value < 0 ? key->least : key->most;
            }
            changed.value = changed.value < key->least ? key->least : changed.value > key->most ? key->most : changed.value;
            break;
    }
    *reading = changed;
    return true;
}
