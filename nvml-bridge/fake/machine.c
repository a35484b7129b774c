/* The state of the machine: its lock, its defaults, and its readings as NVML shows them. */
#define _GNU_SOURCE
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "machine.h"

struct machine machine = {.lock = PTHREAD_MUTEX_INITIALIZER};

enum { NANOSECONDS = 1000000000 };

__attribute__((constructor)) static void prepare(void) {
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&machine.changed, &attributes);
    pthread_condattr_destroy(&attributes);
    reset_state();
    machine.state.driver = DRIVER_UNLOADED; /* until a machine file says that there is one */
}

long long monotonic_nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * NANOSECONDS + now.tv_nsec;
}

void wait_for_change(long long deadline) {
    struct timespec until = {.tv_sec = deadline / NANOSECONDS, .tv_nsec = deadline % NANOSECONDS};
    pthread_cond_timedwait(&machine.changed, &machine.lock, &until);
}

int slot_of(const struct gpu *gpu) {
    return (int)(gpu - machine.state.gpus);
}

int slot_at_index(unsigned int index) {
    for (int slot = 0; slot < machine.state.gpu_count; slot++) {
        if (machine.state.gpus[slot].present && index-- == 0) {
            return slot;
        }
    }
    return -1;
}

/* --- defaults --- */

struct reading reading_of(long long value) {
    struct reading reading = {.answer = NVML_SUCCESS, .value = value};
    if (value == FOLLOWING) {
        reading.follows = true;
    } else if (value == ABSENT) {
        reading.answer = NVML_ERROR_NOT_SUPPORTED;
    }
    return reading;
}

static void make_gpu(int slot) {
    struct gpu *gpu = &machine.state.gpus[slot];
    memset(gpu, 0, sizeof *gpu);
    gpu->present = true;
    for (int key = 0; key < READING_COUNT; key++) {
        gpu->readings[key] = reading_of(reading_keys[key].first);
    }
    for (int link = 0; link < NVML_NVLINK_MAX_LINKS; link++) {
        gpu->links[link].up = reading_of(link_up_key.first);
    }
    snprintf(gpu->texts[NAME].value, TEXT_BYTES, "NVIDIA H100 80GB HBM3");
    snprintf(gpu->texts[UUID].value, TEXT_BYTES, "GPU-%08x-0000-4000-8000-%012x", slot, slot);
    snprintf(gpu->texts[SERIAL].value, TEXT_BYTES, "16500%08d", slot);
    snprintf(gpu->texts[PCI].value, TEXT_BYTES, "0000:%02X:00.0", 0x08 + slot * 7);
}

static void forget_instances(void) {
    for (int slot = 0; slot < MAX_GPUS; slot++) {
        for (int index = 0; index < MAX_INSTANCES; index++) {
            remove_instance(&machine.state.gpus[slot], index);
        }
    }
}

void make_gpus(int count) {
    forget_instances();
    memset(machine.state.gpus, 0, sizeof machine.state.gpus);
    machine.state.gpu_count = count;
    for (int slot = 0; slot < count; slot++) {
        make_gpu(slot);
    }
}

void reset_state(void) {
    forget_instances();
    memset(&machine.state, 0, sizeof machine.state);
    snprintf(machine.state.driver_version, TEXT_BYTES, "550.90.07");
    snprintf(machine.state.nvml_version, TEXT_BYTES, "12.550.90.07");
    machine.state.cuda_version = 12040;
    pthread_cond_broadcast(&machine.changed); /* whoever sleeps in a `slow` call has no such rule any more */
}

/* --- changes --- */

void remove_gpu(struct gpu *gpu) {
    if (gpu->present) {
        gpu->present = false;
        machine.gpu_generation[slot_of(gpu)]++;
    }
}

void remove_instance(struct gpu *gpu, int index) {
    if (gpu->instances[index].exists) {
        gpu->instances[index].exists = false;
        machine.instance_generation[slot_of(gpu)][index]++;
    }
}

void unload_driver(void) {
    machine.state.driver = DRIVER_UNLOADED;
    machine.open = 0;
    drop_event_sets();
    pthread_cond_broadcast(&machine.changed);
}

/* --- readings --- */

nvmlReturn_t reading_now(const struct reading *reading, long long *value) {
    if (reading->answer != NVML_SUCCESS) {
        return reading->answer;
    }
    long long gone = monotonic_nanoseconds() - reading->ramp_start;
    if (reading->ramp_span == 0 || gone >= reading->ramp_span) {
        *value = reading->value;
    } else {
        double part = (double)gone / (double)reading->ramp_span;
        *value = reading->ramp_from + (long long)(part * (double)(reading->value - reading->ramp_from));
    }
    return NVML_SUCCESS;
}

static nvmlReturn_t difference(const struct gpu *gpu, enum reading_key from, enum reading_key less, long long *value) {
    long long minuend, subtrahend;
    nvmlReturn_t answer = reading_now(&gpu->readings[from], &minuend);
    if (answer == NVML_SUCCESS) {
        answer = reading_now(&gpu->readings[less], &subtrahend);
    }
    if (answer == NVML_SUCCESS) {
        *value = minuend - subtrahend;
    }
    return answer;
}

/* What a key answers that nobody has set. */
static nvmlReturn_t followed(const struct gpu *gpu, enum reading_key key, long long *value) {
    switch (key) {
        case MARGIN: return difference(gpu, THRESHOLD_GPU_MAX, TEMPERATURE, value);
        case TLIMIT_SHUTDOWN: return difference(gpu, THRESHOLD_GPU_MAX, THRESHOLD_SHUTDOWN, value);
        case TLIMIT_SLOWDOWN: return difference(gpu, THRESHOLD_GPU_MAX, THRESHOLD_SLOWDOWN, value);
        case ECC_MODE_PENDING: return reading_now(&gpu->readings[ECC_MODE], value);
        case MIG_PENDING: return reading_now(&gpu->readings[MIG], value);
        case FANS: *value = gpu->readings[FAN].answer == NVML_ERROR_NOT_SUPPORTED ? 0 : 1; return NVML_SUCCESS;
        case MINOR_NUMBER: *value = slot_of(gpu); return NVML_SUCCESS;
        default: return NVML_ERROR_UNKNOWN;
    }
}

static bool power_is_capped(const struct gpu *gpu) {
    long long power, limit;
    return reading_now(&gpu->readings[POWER], &power) == NVML_SUCCESS
        && reading_now(&gpu->readings[POWER_LIMIT], &limit) == NVML_SUCCESS && power > limit;
}

static long long locked_clock(const struct clock_lock *lock, long long clock) {
    if (!lock->locked) {
        return clock;
    }
    return clock > lock->max ? lock->max : clock < lock->min ? lock->min : clock;
}

nvmlReturn_t read_gpu(const struct gpu *gpu, enum reading_key key, long long *value) {
    const struct reading *reading = &gpu->readings[key];
    nvmlReturn_t answer = reading->follows ? followed(gpu, key, value) : reading_now(reading, value);
    if (answer != NVML_SUCCESS) {
        return answer;
    }
    if (key == CLOCK_GRAPHICS || key == CLOCK_SM) {
        *value = locked_clock(&gpu->graphics_lock, *value);
    } else if (key == CLOCK_MEMORY) {
        *value = locked_clock(&gpu->memory_lock, *value);
    } else if (key == POWER && power_is_capped(gpu)) {
        reading_now(&gpu->readings[POWER_LIMIT], value);
    } else if (key == THROTTLE && power_is_capped(gpu)) {
        *value = (*value | nvmlClocksThrottleReasonSwPowerCap) & ~(long long)nvmlClocksThrottleReasonGpuIdle;
    }
    return NVML_SUCCESS;
}

nvmlReturn_t read_ecc_total(const struct gpu *gpu, int type, int counter, long long *value) {
    const struct ecc_counter *errors = &gpu->ecc[type][counter];
    if (!errors->by_location) {
        return reading_now(&errors->total, value);
    }
    *value = 0;
    for (int location = 0; location < NVML_MEMORY_LOCATION_COUNT; location++) {
        long long here;
        if (reading_now(&errors->location[location], &here) == NVML_SUCCESS) {
            *value += here;
        }
    }
    return NVML_SUCCESS;
}

nvmlReturn_t copy_text(const char *text, char *out, unsigned int length) {
    if (out == NULL) {
        return NVML_ERROR_INVALID_ARGUMENT;
    }
    size_t bytes = strlen(text) + 1;
    if (bytes > length) {
        return NVML_ERROR_INSUFFICIENT_SIZE;
    }
    memcpy(out, text, bytes);
    return NVML_SUCCESS;
}
