/* The commands of the machine file that are about one GPU. words[2] of a line `gpu N ...` says which. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"

static bool word_is(const struct line *line, int number, const char *word) {
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
    if (!apply_change(reading, &reading_keys[key], now, answer, &change)) {
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
    if (line->count == 4 && sscanf(line->words[3], "%lld,%lld,%lld,%lld,%lld%n", &counts[0], &counts[1], &counts[2], &counts[3], &counts[4], &end) == BANKS
        && line->words[3][end] == '\0') {
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
            apply_change(&changed[bank], key, 0, NVML_SUCCESS, &change);
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
    if (!apply_change(reading, &counter_key, now, answer, &change)) {
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
        if (!apply_change(reading, key, now, answer, &change)) {
            return false;
        }
    }
    return true;
}

/* --- what lives on a GPU --- */

/* Reads `[gi G ci C]` at the end of a line. */
static bool parse_instance(const struct line *line, int first, unsigned int *gpu_instance, unsigned int *compute_instance) {
    long long gi, ci;
    *gpu_instance = *compute_instance = NO_INSTANCE;
    if (first == line->count) {
        return true;
    }
    if (line->count != first + 4 || !word_is(line, first, "gi") || !word_is(line, first + 2, "ci")) {
        return wrong("%s: only `gi G ci C` may follow", quoted(line->words[first]));
    }
    if (!parse_whole(line->words[first + 1], 0, 255, &gi) || !parse_whole(line->words[first + 3], 0, 255, &ci)) {
        return false;
    }
    *gpu_instance = (unsigned int)gi;
    *compute_instance = (unsigned int)ci;
    return true;
}

/* `process PID MEMORY [gi G ci C]`, `process PID gone` */
static bool change_process(struct gpu *gpu, const struct line *line) {
    long long pid;
    struct process process;
    if (line->count < 5) {
        return wrong("write `process PID MEMORY` or `process PID gone`");
    }
    if (!parse_whole(line->words[3], 1, 0x7FFFFFFF, &pid)) {
        return false;
    }
    int place = 0;
    while (place < gpu->process_count && gpu->processes[place].pid != pid) {
        place++;
    }
    if (line->count == 5 && word_is(line, 4, "gone")) {
        if (place == gpu->process_count) {
            return wrong("no process %s on gpu %d", quoted(line->words[3]), slot_of(gpu));
        }
        gpu->process_count--;
        memmove(&gpu->processes[place], &gpu->processes[place + 1], (size_t)(gpu->process_count - place) * sizeof process);
        return true;
    }
    process.pid = (unsigned int)pid;
    if (!parse_bytes(line->words[4], &process.memory) || !parse_instance(line, 5, &process.gpu_instance, &process.compute_instance)) {
        return false;
    }
    if (place == MAX_PROCESSES) {
        return wrong("more than %d processes on gpu %d", MAX_PROCESSES, slot_of(gpu));
    }
    gpu->processes[place] = process;
    gpu->process_count += place == gpu->process_count;
    return true;
}

/* A UUID of the GPU's and the instance's identity, the same in every run. */
static void name_instance(const struct gpu *gpu, struct instance *instance) {
    uint64_t hash[2] = {14695981039346656037u, 1099511628211u};
    char identity[TEXT_BYTES + 32];
    snprintf(identity, sizeof identity, "%s/%u/%u", gpu->texts[UUID].value, instance->gpu_instance, instance->compute_instance);
    for (const char *at = identity; *at != '\0'; at++) {
        hash[0] = (hash[0] ^ (unsigned char)*at) * 1099511628211u;
        hash[1] = hash[1] * 31 + hash[0];
    }
    snprintf(instance->uuid, TEXT_BYTES, "MIG-%08x-%04x-5%03x-%04x-%012llx", (unsigned int)hash[0], (unsigned int)(hash[0] >> 32 & 0xFFFF),
        (unsigned int)(hash[0] >> 48 & 0xFFF), (unsigned int)(hash[1] >> 48 & 0x3FFF) | 0x8000, (unsigned long long)(hash[1] & 0xFFFFFFFFFFFF));
}

/* `instance GI CI MEMORY`, `instance GI CI gone` */
static bool change_instance(struct gpu *gpu, const struct line *line) {
    long long gi, ci, mig = 0;
    struct instance made = {.exists = true};
    if (line->count != 6) {
        return wrong("write `instance GI CI MEMORY` or `instance GI CI gone`");
    }
    if (!parse_whole(line->words[3], 0, 255, &gi) || !parse_whole(line->words[4], 0, 255, &ci)) {
        return false;
    }
    if (reading_now(&gpu->readings[MIG], &mig) != NVML_SUCCESS || mig == 0) {
        return wrong("MIG is off: write `gpu %d mig on` before it", slot_of(gpu));
    }
    made.gpu_instance = (unsigned int)gi;
    made.compute_instance = (unsigned int)ci;
    int free_place = -1;
    for (int index = MAX_INSTANCES - 1; index >= 0; index--) {
        const struct instance *here = &gpu->instances[index];
        if (!here->exists) {
            free_place = index;
        } else if (here->gpu_instance == made.gpu_instance && here->compute_instance == made.compute_instance) {
            if (!word_is(line, 5, "gone")) {
                return wrong("gpu %d has an instance %lld %lld already", slot_of(gpu), gi, ci);
            }
            remove_instance(gpu, index);
            return true;
        }
    }
    if (word_is(line, 5, "gone")) {
        return wrong("gpu %d has no instance %lld %lld", slot_of(gpu), gi, ci);
    }
    if (!parse_bytes(line->words[5], &made.memory)) {
        return false;
    }
    if (free_place < 0) {
        return wrong("more than %d instances on gpu %d", MAX_INSTANCES, slot_of(gpu));
    }
    name_instance(gpu, &made);
    gpu->instances[free_place] = made;
    return true;
}

/* --- events --- */

/* `xid CODE [gi G ci C]` */
static bool raise_xid(struct gpu *gpu, const struct line *line) {
    long long code;
    unsigned int gi, ci;
    if (line->count < 4) {
        return wrong("write `xid CODE` or `xid CODE gi G ci C`");
    }
    if (!parse_whole(line->words[3], 0, 0xFFFFFFFFLL, &code) || !parse_instance(line, 4, &gi, &ci)) {
        return false;
    }
    emit_event(slot_of(gpu), nvmlEventTypeXidCriticalError, (unsigned long long)code, gi, ci);
    return true;
}

static const struct word event_words[] = {
    {"single_bit_ecc", nvmlEventTypeSingleBitEccError},
    {"double_bit_ecc", nvmlEventTypeDoubleBitEccError},
    {"pstate", nvmlEventTypePState},
    {"clock", nvmlEventTypeClock},
    {"power_source", nvmlEventTypePowerSourceChange},
    {"mig_config", nvmlEventMigConfigChange},
    {"ecc_storm", nvmlEventTypeSingleBitEccErrorStorm},
    {"page_retired", nvmlEventTypeDramRetirementEvent},
    {"page_retirement_failed", nvmlEventTypeDramRetirementFailure},
    {"nonfatal_poison", nvmlEventTypeNonFatalPoisonError},
    {"fatal_poison", nvmlEventTypeFatalPoisonError},
    {"unavailable", nvmlEventTypeGpuUnavailableError},
    {"recovery_action", nvmlEventTypeGpuRecoveryAction},
    {NULL, 0},
};

/* `event TYPE [DATA]` */
static bool raise_event(struct gpu *gpu, const struct line *line) {
    long long data = 0;
    const struct word *event = event_words;
    while (event->word != NULL && !word_is(line, 3, event->word)) {
        event++;
    }
    if (event->word == NULL || line->count > 5) {
        return wrong("write `event TYPE [DATA]`, with a type as single_bit_ecc, clock or fatal_poison (see the table)");
    }
    if (line->count == 5 && !parse_whole(line->words[4], 0, 1LL << 62, &data)) {
        return false;
    }
    emit_event(slot_of(gpu), (unsigned long long)event->value, (unsigned long long)data, NO_INSTANCE, NO_INSTANCE);
    return true;
}

/* `lost on|off` */
static bool change_lost(struct gpu *gpu, const struct line *line) {
    bool lost = word_is(line, 3, "on");
    if (line->count != 4 || (!lost && !word_is(line, 3, "off"))) {
        return wrong("write `lost on` or `lost off`");
    }
    if (lost && !gpu->lost) {
        emit_event(slot_of(gpu), nvmlEventTypeGpuUnavailableError, 0, NO_INSTANCE, NO_INSTANCE);
    }
    gpu->lost = lost;
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
