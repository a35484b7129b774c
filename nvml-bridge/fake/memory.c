/* Memory: its use, its errors, and what was retired or remapped for them. */
#include "machine.h"

static unsigned long long all_but(unsigned long long total, unsigned long long taken) {
    return total > taken ? total - taken : 0;
}

/* Writes version 2; a MIG device has memory of its own, of which the processes on it use some. */
static nvmlReturn_t read_memory(const struct gpu *gpu, const struct instance *instance, nvmlMemory_v2_t *memory) {
    long long total, reserved = 0, used = 0;
    nvmlReturn_t answer = NVML_SUCCESS;
    if (instance != NULL) {
        total = (long long)instance->memory;
        for (int number = 0; number < gpu->process_count; number++) {
            const struct process *process = &gpu->processes[number];
            if (process->gpu_instance == instance->gpu_instance && process->compute_instance == instance->compute_instance) {
                used += (long long)process->memory;
            }
        }
    } else if ((answer = read_gpu(gpu, MEMORY_TOTAL, &total)) != NVML_SUCCESS
        || (answer = read_gpu(gpu, MEMORY_RESERVED, &reserved)) != NVML_SUCCESS
        || (answer = read_gpu(gpu, MEMORY_USED, &used)) != NVML_SUCCESS) {
        return answer;
    }
    memory->total = (unsigned long long)total;
    memory->reserved = (unsigned long long)reserved;
    memory->used = (unsigned long long)used;
    memory->free = all_but(memory->total, memory->reserved + memory->used);
    return NVML_SUCCESS;
}

/* Version 1 counts what is reserved as used. */
EXPORT nvmlReturn_t nvmlDeviceGetMemoryInfo(nvmlDevice_t device, nvmlMemory_t *memory) {
    struct gpu *gpu;
    struct instance *instance;
    nvmlMemory_v2_t whole;
    nvmlReturn_t answer = enter_device(CALL_nvmlDeviceGetMemoryInfo, device, &gpu, &instance);
    if (answer == NVML_SUCCESS) {
        answer = memory == NULL ? NVML_ERROR_INVALID_ARGUMENT : read_memory(gpu, instance, &whole);
    }
    if (answer == NVML_SUCCESS) {
        *memory = (nvmlMemory_t){.total = whole.total, .free = whole.free, .used = whole.used + whole.reserved};
    }
    return leave(answer);
}

#ifndef OLD_DRIVER
EXPORT nvmlReturn_t nvmlDeviceGetMemoryInfo_v2(nvmlDevice_t device, nvmlMemory_v2_t *memory) {
    struct gpu *gpu;
    struct instance *instance;
    nvmlReturn_t answer = enter_device(CALL_nvmlDeviceGetMemoryInfo_v2, device, &gpu, &instance);
    if (answer == NVML_SUCCESS && memory == NULL) {
        answer = NVML_ERROR_INVALID_ARGUMENT;
    } else if (answer == NVML_SUCCESS && memory->version != VERSION_WORD(*memory, 2)) {
        answer = NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
    } else if (answer == NVML_SUCCESS) {
        answer = read_memory(gpu, instance, memory);
    }
    return leave(answer);
}
#endif

/* --- ECC errors --- */

/* Opens a call about ECC errors: where ECC is off, none are counted. */
static nvmlReturn_t enter_ecc(enum function function, nvmlDevice_t device, unsigned int type, unsigned int counter,
    const unsigned long long *count, struct gpu **gpu) {
    long long on;
    nvmlReturn_t answer = enter_gpu(function, device, gpu);
    if (answer != NVML_SUCCESS) {
        return answer;
    }
    if (type >= NVML_MEMORY_ERROR_TYPE_COUNT || counter >= NVML_ECC_COUNTER_TYPE_COUNT || count == NULL) {
        return NVML_ERROR_INVALID_ARGUMENT;
    }
    answer = read_gpu(*gpu, ECC_MODE, &on);
    return answer == NVML_SUCCESS && on == 0 ? NVML_ERROR_NOT_SUPPORTED : answer;
}

EXPORT nvmlReturn_t nvmlDeviceGetTotalEccErrors(nvmlDevice_t device, unsigned int type, unsigned int counter, unsigned long long *count) {
    struct gpu *gpu;
    long long value;
    nvmlReturn_t answer = enter_ecc(CALL_nvmlDeviceGetTotalEccErrors, device, type, counter, count, &gpu);
    if (answer == NVML_SUCCESS) {
        answer = read_ecc_total(gpu, (int)type, (int)counter, &value);
    }
    if (answer == NVML_SUCCESS) {
        *count = (unsigned long long)value;
    }
    return leave(answer);
}

EXPORT nvmlReturn_t nvmlDeviceGetMemoryErrorCounter(nvmlDevice_t device, unsigned int type, unsigned int counter, unsigned int location,
    unsigned long long *count) {
    struct gpu *gpu;
    long long value;
    nvmlReturn_t answer = enter_ecc(CALL_nvmlDeviceGetMemoryErrorCounter, device, type, counter, count, &gpu);
    if (answer == NVML_SUCCESS && location >= NVML_MEMORY_LOCATION_COUNT) {
        answer = NVML_ERROR_INVALID_ARGUMENT;
    }
    if (answer == NVML_SUCCESS) {
        answer = reading_now(&gpu->ecc[type][counter].location[location], &value);
    }
    if (answer == NVML_SUCCESS) {
        *count = (unsigned long long)value;
    }
    return leave(answer);
}

/* --- retired pages and remapped rows --- */

EXPORT nvmlReturn_t nvmlDeviceGetRetiredPages(nvmlDevice_t device, unsigned int cause, unsigned int *count, unsigned long long *addresses) {
    struct gpu *gpu;
    long long pages;
    nvmlReturn_t answer = enter_gpu(CALL_nvmlDeviceGetRetiredPages, device, &gpu);
    if (answer == NVML_SUCCESS && (cause >= NVML_PAGE_RETIREMENT_CAUSE_COUNT || count == NULL || (*count > 0 && addresses == NULL))) {
        answer = NVML_ERROR_INVALID_ARGUMENT;
    } else if (answer == NVML_SUCCESS) {
        answer = read_gpu(gpu, cause == NVML_PAGE_RETIREMENT_CAUSE_DOUBLE_BIT_ECC_ERROR ? RETIRED_DBE : RETIRED_SBE, &pages);
    }
    if (answer != NVML_SUCCESS) {
        return leave(answer);
    }
    bool fits = *count >= (unsigned int)pages;
    for (long long page = 0; fits && page < pages; page++) {
        addresses[page] = 0x100000ULL * (cause + 1) + (unsigned long long)page * 0x1000; /* made up, and always the same */
    }
    *count = (unsigned int)pages;
    return leave(fits ? NVML_SUCCESS : NVML_ERROR_INSUFFICIENT_SIZE);
}

#ifndef OLD_DRIVER
/* Reads that many keys in a row; the first that does not answer decides. */
static nvmlReturn_t read_row(const struct gpu *gpu, enum reading_key first, int count, unsigned int *values) {
    for (int number = 0; number < count; number++) {
        long long value;
        nvmlReturn_t answer = read_gpu(gpu, (enum reading_key)(first + number), &value);
        if (answer != NVML_SUCCESS) {
            return answer;
        }
        values[number] = (unsigned int)value;
    }
    return NVML_SUCCESS;
}

EXPORT nvmlReturn_t nvmlDeviceGetRemappedRows(nvmlDevice_t device, unsigned int *corrected, unsigned int *uncorrected,
    unsigned int *pending, unsigned int *failed) {
    struct gpu *gpu;
    unsigned int values[4];
    nvmlReturn_t answer = enter_gpu(CALL_nvmlDeviceGetRemappedRows, device, &gpu);
    if (answer == NVML_SUCCESS) {
        bool whole = corrected != NULL && uncorrected != NULL && pending != NULL && failed != NULL;
        answer = whole ? read_row(gpu, REMAPPED_CORRECTED, 4, values) : NVML_ERROR_INVALID_ARGUMENT;
    }
    if (answer == NVML_SUCCESS) {
        *corrected = values[0];
        *uncorrected = values[1];
        *pending = values[2];
        *failed = values[3];
    }
    return leave(answer);
}

EXPORT nvmlReturn_t nvmlDeviceGetRowRemapperHistogram(nvmlDevice_t device, nvmlRowRemapperHistogramValues_t *histogram) {
    struct gpu *gpu;
    unsigned int banks[5];
    nvmlReturn_t answer = enter_gpu(CALL_nvmlDeviceGetRowRemapperHistogram, device, &gpu);
    if (answer == NVML_SUCCESS) {
        answer = histogram == NULL ? NVML_ERROR_INVALID_ARGUMENT : read_row(gpu, REMAP_BANKS_MAX, 5, banks);
    }
    if (answer == NVML_SUCCESS) {
        *histogram = (nvmlRowRemapperHistogramValues_t){banks[0], banks[1], banks[2], banks[3], banks[4]};
    }
    return leave(answer);
}
#endif
