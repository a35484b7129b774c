/* The commands of the machine file that are about one GPU. words[2] of a line `gpu N ...` says which. */
#include <stdio.h>
#include <string.h>

#include "commands.h"

bool word_is(const struct line *line, int number, const char *word) {
    return number < line->count && strcmp(line->words[number], word) == 0;
}

/* --- values --- */

static bool change_reading(struct gpu *gpu, enum reading_key key, const struct line *line) {
    struct change change;
    long long now = 0;
    struct reading *reading = &gpu->readings[key];
    if (key == FAN && line->count == 4 && word_is(line, 3, "none")) {
        *reading = reading_of(ABSENT);
        return true;
    }
    if (!parse_change(line, 3, &reading_keys[key], &change)) {
        return false;
    }
    /* Relative to what the line set before, not to what a cap or a lock makes of it. */
    nvmlReturn_t answer = reading->follows ? read_gpu(gpu, key, &now) : reading_now(reading, &now);
    if (!apply_change(reading, &reading_keys[key], &change, answer, now)) {
        return false;
    }
    if (key == RECOVERY_ACTION && change.kind == SET) {
        emit_event(slot_of(gpu), nvmlEventTypeGpuRecoveryAction, (unsigned long long)change.value, NO_INSTANCE, NO_INSTANCE);
    }
    if (key == MIG && !(change.kind == SET && change.value == 1)) {
        for (int index = 0; index < MAX_INSTANCES; index++) {
            remove_instance(gpu, index);
        }
    }
    return true;
}

bool parse_pci(const char *text, unsigned int *domain, unsigned int *bus, unsigned int *device) {
    unsigned int function = 0;
    int end = 0;
    if (strspn(text, "0123456789abcdefABCDEF:.") != strlen(text)
        || sscanf(text, "%8x:%2x:%2x%n", domain, bus, device, &end) != 3 || *device > 31) {
        return false;
    }
    if (text[end] == '.') {
        int more = 0;
        return sscanf(text + end, ".%1x%n", &function, &more) == 1 && text[end + more] == '\0';
    }
    return text[end] == '\0';
}

static bool change_text(struct gpu *gpu, enum text_key key, const struct line *line) {
    struct text *text = &gpu->texts[key];
    char value[TEXT_BYTES];
    unsigned int domain, bus, device;
    if (line->count == 4 && word_is(line, 3, "unsupported")) {
        text->answer = NVML_ERROR_NOT_SUPPORTED;
        return true;
    }
    if (line->count == 5 && word_is(line, 3, "code")) {
        long long code;
        bool good = parse_whole(line->words[4], 1, 999, &code);
        text->answer = good ? (nvmlReturn_t)code : text->answer;
        return good;
    }
    if (!rest_of(line, 3, value, sizeof value)) {
        return false;
    }
    if (key != NAME && line->count != 4) {
        return wrong("%s takes one word", text_keys[key]);
    }
    if (key == PCI && !parse_pci(value, &domain, &bus, &device)) {
        return wrong("%s must be a PCI address, as 0000:1B:00.0", quoted(value));
    }
    text->answer = NVML_SUCCESS;
    memcpy(text->value, value, sizeof value);
    return true;
}

/* `remap_histogram max,high,partial,low,none`, or the one answer for all five */
static bool change_histogram(struct gpu *gpu, const struct line *line) {
    enum { BANKS = REMAP_BANKS_NONE - REMAP_BANKS_MAX + 1 };
    const struct key *key = &reading_keys[REMAP_BANKS_MAX];
    struct reading changed[BANKS];
    long long counts[BANKS];
    int end = 0;
    const char *word = line->count == 4 ? line->words[3] : "";
    int read = sscanf(word, "%lld,%lld,%lld,%lld,%lld%n", &counts[0], &counts[1], &counts[2], &counts[3], &counts[4], &end);
    if (read == BANKS && word[end] == '\0') {
        for (int bank = 0; bank < BANKS; bank++) {
            if (counts[bank] < key->least || counts[bank] > key->most) {
                return wrong("%s: each goes from %lld to %lld", quoted(line->words[3]), key->least, key->most);
            }
            changed[bank] = reading_of(counts[bank]);
        }
    } else {
        struct change change;
        if (!word_is(line, 3, "unsupported") && !word_is(line, 3, "code")) {
            return wrong("write `remap_histogram MAX,HIGH,PARTIAL,LOW,NONE`, five numbers of banks");
        }
        if (!parse_change(line, 3, key, &change)) {
            return false;
        }
        for (int bank = 0; bank < BANKS; bank++) {
            apply_change(&changed[bank], key, &change, NVML_SUCCESS, 0);
        }
    }
    memcpy(&gpu->readings[REMAP_BANKS_MAX], changed, sizeof changed);
    return true;
}

/* `ecc_uncorrected_volatile [LOCATION] VALUE` */
static bool change_ecc(struct gpu *gpu, int type, int counter, const struct line *line) {
    static const char *const locations[NVML_MEMORY_LOCATION_COUNT] = {
        "l1_cache", "l2_cache", "dram", "register_file", "texture_memory", "texture_shm", "cbu", "sram",
    };
    struct ecc_counter *errors = &gpu->ecc[type][counter];
    struct change change;
    long long now = 0;
    int location = 0;
    while (location < NVML_MEMORY_LOCATION_COUNT && !word_is(line, 3, locations[location])) {
        location++;
    }
    bool here = location < NVML_MEMORY_LOCATION_COUNT;
    if (!parse_change(line, here ? 4 : 3, &counter_key, &change)) {
        return false;
    }
    struct reading *reading = here ? &errors->location[location] : &errors->total;
    nvmlReturn_t answer = here ? reading_now(reading, &now) : read_ecc_total(gpu, type, counter, &now);
    if (!apply_change(reading, &counter_key, &change, answer, now)) {
        return false;
    }
    if (!here || change.kind != ANSWER) {
        errors->by_location = here; /* a location that cannot be read says nothing about the total */
    }
    return true;
}

/* `link K up|down`, `link K COUNTER VALUE` */
static bool change_link(struct gpu *gpu, const struct line *line) {
    static const char *const counters[NVML_NVLINK_ERROR_COUNT] = {"replay", "recovery", "crc_flit", "crc_data", "ecc_data"};
    struct range links;
    long long count = 0;
    reading_now(&gpu->readings[LINKS], &count);
    if (line->count < 5) {
        return wrong("write `link K up`, `link K down` or `link K COUNTER VALUE`");
    }
    if (!parse_range(line->words[3], (int)count, "link", &links)) {
        return false;
    }
    int counter = 0;
    while (counter < NVML_NVLINK_ERROR_COUNT && !word_is(line, 4, counters[counter])) {
        counter++;
    }
    bool counts = counter < NVML_NVLINK_ERROR_COUNT;
    const struct key *key = counts ? &counter_key : &link_up_key;
    struct change change;
    if (!parse_change(line, counts ? 5 : 4, key, &change)) {
        return false;
    }
    for (int link = links.first; link <= links.last; link++) {
        struct reading *reading = counts ? &gpu->links[link].errors[counter] : &gpu->links[link].up;
        long long now = 0;
        nvmlReturn_t answer = reading_now(reading, &now);
        if (!apply_change(reading, key, &change, answer, now)) {
            return false;
        }
    }
    return true;
}

bool apply_to_gpu(struct gpu *gpu, const struct line *line) {
    static const char *const types[] = {"corrected", "uncorrected"}, *const spans[] = {"volatile", "aggregate"};
    const char *word = line->words[2];
    if (line->count == 3 && strcmp(word, "removed") == 0) {
        remove_gpu(gpu);
        return true;
    }
    if (line->count == 3 && strcmp(word, "added") == 0) {
        gpu->present = true;
        return true;
    }
    static const struct {
        const char *word;
        bool (*apply)(struct gpu *, const struct line *);
    } commands[] = {
        {"lost", change_lost}, {"xid", raise_xid}, {"event", raise_event}, {"link", change_link},
        {"process", change_process}, {"instance", change_instance}, {"remap_histogram", change_histogram},
    };
    for (size_t number = 0; number < sizeof commands / sizeof *commands; number++) {
        if (strcmp(word, commands[number].word) == 0) {
            return commands[number].apply(gpu, line);
        }
    }
    for (int key = 0; key < READING_COUNT; key++) {
        if (strcmp(word, reading_keys[key].word) == 0) {
            return change_reading(gpu, (enum reading_key)key, line);
        }
    }
    for (int key = 0; key < TEXT_COUNT; key++) {
        if (strcmp(word, text_keys[key]) == 0) {
            return change_text(gpu, (enum text_key)key, line);
        }
    }
    for (int type = 0; type < NVML_MEMORY_ERROR_TYPE_COUNT; type++) {
        for (int counter = 0; counter < NVML_ECC_COUNTER_TYPE_COUNT; counter++) {
            char name[64];
            snprintf(name, sizeof name, "ecc_%s_%s", types[type], spans[counter]);
            if (strcmp(word, name) == 0) {
                return change_ecc(gpu, type, counter, line);
            }
        }
    }
    return wrong("no key %s: see the table in README.md", quoted(word));
}
