/* The commands of the machine file that are about the machine, and the way to those about a GPU. */
#include <stdio.h>
#include <string.h>

#include "commands.h"

static bool expect_words(const struct line *line, int count, const char *form) {
    return line->count == count || wrong("write `%s`", form);
}

static bool set_version(const struct line *line, char *version) {
    if (line->count != 2 || strlen(line->words[1]) >= TEXT_BYTES) {
        return wrong("%s takes one word", quoted(line->words[0]));
    }
    snprintf(version, TEXT_BYTES, "%s", line->words[1]);
    return true;
}

static bool command_driver(const struct line *line) {
    if (line->count == 2 && strcmp(line->words[1], "unloaded") == 0) {
        unload_driver();
        return true;
    }
    if (line->count == 2 && strcmp(line->words[1], "mismatch") == 0) {
        machine.state.driver = DRIVER_MISMATCH;
        return true;
    }
    if (!set_version(line, machine.state.driver_version)) {
        return false;
    }
    machine.state.driver = DRIVER_LOADED;
    return true;
}

static bool command_nvml(const struct line *line) {
    return set_version(line, machine.state.nvml_version);
}

static bool command_cuda(const struct line *line) {
    long long version;
    if (!expect_words(line, 2, "cuda 12040") || !parse_whole(line->words[1], 0, 1000000, &version)) {
        return false;
    }
    machine.state.cuda_version = (int)version;
    return true;
}

static bool command_permission(const struct line *line) {
    bool denied = line->count == 2 && strcmp(line->words[1], "denied") == 0;
    if (!denied && (line->count != 2 || strcmp(line->words[1], "granted") != 0)) {
        return wrong("write `permission denied` or `permission granted`");
    }
    machine.state.permission_denied = denied;
    return true;
}

static bool command_gpus(const struct line *line) {
    long long count;
    if (!expect_words(line, 2, "gpus 8") || !parse_whole(line->words[1], 0, MAX_GPUS, &count)) {
        return false;
    }
    make_gpus((int)count);
    return true;
}

/* --- rules --- */

/* Reads `FUNCTION ... [gpu N]`: the rule, and the places in it that the line is about. */
static bool parse_rule(const struct line *line, const char *form, struct rule **rule, struct range *places) {
    enum function function;
    bool of_gpu;
    if (line->count != 3 && line->count != 5) {
        return wrong("write `%s`", form);
    }
    if (!parse_function(line->words[1], &function, &of_gpu)) {
        return false;
    }
    *rule = &machine.state.rules[function];
    *places = (struct range){MAX_GPUS, MAX_GPUS};
    if (line->count == 3) {
        return true;
    }
    if (strcmp(line->words[3], "gpu") != 0) {
        return wrong("write `%s`", form);
    }
    if (!of_gpu) {
        return wrong("%s is not about one GPU: leave out %s", quoted(line->words[1]), quoted("gpu"));
    }
    return parse_range(line->words[4], machine.state.gpu_count, "gpu", places);
}

static bool is_off(const struct line *line) {
    return line->count == 3 && strcmp(line->words[2], "off") == 0;
}

static bool command_slow(const struct line *line) {
    struct rule *rule;
    struct range places;
    long long span = 0;
    if (!parse_rule(line, "slow FUNCTION 2000ms [gpu N]", &rule, &places)) {
        return false;
    }
    if (is_off(line)) {
        memset(rule->slow, 0, sizeof rule->slow);
    } else if (!parse_duration(line->words[2], &span)) {
        return false;
    }
    for (int place = places.first; place <= places.last; place++) {
        rule->slow[place] = span;
    }
    pthread_cond_broadcast(&machine.changed);
    return true;
}

static bool command_fail(const struct line *line) {
    struct rule *rule;
    struct range places;
    long long code = 0;
    if (!parse_rule(line, "fail FUNCTION CODE [gpu N]", &rule, &places)) {
        return false;
    }
    if (is_off(line)) {
        memset(rule->fail, 0, sizeof rule->fail);
    } else if (!parse_whole(line->words[2], 1, 999, &code)) {
        return false;
    }
    for (int place = places.first; place <= places.last; place++) {
        rule->fail[place] = (int)code;
    }
    return true;
}

static bool command_missing(const struct line *line) {
    enum function function;
    bool of_gpu;
    if (line->count != 2 && !is_off(line)) {
        return wrong("write `missing FUNCTION` or `missing FUNCTION off`");
    }
    if (!parse_function(line->words[1], &function, &of_gpu)) {
        return false;
    }
    machine.state.rules[function].missing = !is_off(line);
    return true;
}

static bool command_gpu(const struct line *line) {
    struct range slots;
    if (line->count < 3) {
        return wrong("write `gpu N KEY VALUE`");
    }
    if (!parse_range(line->words[1], machine.state.gpu_count, "gpu", &slots)) {
        return false;
    }
    for (int slot = slots.first; slot <= slots.last; slot++) {
        if (!apply_to_gpu(&machine.state.gpus[slot], line)) {
            return false; /* what is wrong for one GPU of a range is as a rule wrong for the first already */
        }
    }
    return true;
}

static const struct {
    const char *word;
    bool (*apply)(const struct line *);
} commands[] = {
    {"gpu", command_gpu},
    {"gpus", command_gpus},
    {"driver", command_driver},
    {"nvml", command_nvml},
    {"cuda", command_cuda},
    {"permission", command_permission},
    {"slow", command_slow},
    {"fail", command_fail},
    {"missing", command_missing},
};

const char *apply_line(const char *text) {
    static struct line line;
    if (!split(text, &line)) {
        return what_is_wrong();
    }
    if (line.count == 0) {
        return NULL;
    }
    for (size_t number = 0; number < sizeof commands / sizeof *commands; number++) {
        if (strcmp(line.words[0], commands[number].word) == 0) {
            return commands[number].apply(&line) ? NULL : what_is_wrong();
        }
    }
    wrong("no command %s: there are gpu, gpus, driver, nvml, cuda, permission, slow, fail and missing", quoted(line.words[0]));
    return what_is_wrong();
}
