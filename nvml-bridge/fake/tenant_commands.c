/* The commands of the machine file about what lives on a GPU and what happens to it: processes, MIG instances, events. */
#include <stdio.h>
#include <string.h>

#include "commands.h"

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
bool change_process(struct gpu *gpu, const struct line *line) {
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
    unsigned int parts[] = {
        (unsigned int)hash[0],
        (unsigned int)(hash[0] >> 32 & 0xFFFF),
        (unsigned int)(hash[0] >> 48 & 0xFFF),
        (unsigned int)(hash[1] >> 48 & 0x3FFF) | 0x8000,
    };
    unsigned long long node = hash[1] & 0xFFFFFFFFFFFF;
    snprintf(instance->uuid, TEXT_BYTES, "MIG-%08x-%04x-5%03x-%04x-%012llx", parts[0], parts[1], parts[2], parts[3], node);
}

/* `instance GI CI MEMORY`, `instance GI CI gone` */
bool change_instance(struct gpu *gpu, const struct line *line) {
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
bool raise_xid(struct gpu *gpu, const struct line *line) {
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
bool raise_event(struct gpu *gpu, const struct line *line) {
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
bool change_lost(struct gpu *gpu, const struct line *line) {
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
