/* What a call changes on a GPU. All of it needs root. */
#include "machine.h"

EXPORT nvmlReturn_t nvmlDeviceSetPowerManagementLimit(nvmlDevice_t device, unsigned int milliwatts) {
    struct gpu *gpu;
    long long limit, min, max;
    nvmlReturn_t answer = enter_as_root(CALL_nvmlDeviceSetPowerManagementLimit, device, &gpu);
    if (answer == NVML_SUCCESS) {
        answer = read_gpu(gpu, POWER_LIMIT, &limit);
    }
    if (answer == NVML_SUCCESS) {
        answer = read_gpu(gpu, POWER_MIN, &min);
    }
    if (answer == NVML_SUCCESS) {
        answer = read_gpu(gpu, POWER_MAX, &max);
    }
    if (answer == NVML_SUCCESS && (milliwatts < min || milliwatts > max)) {
        answer = NVML_ERROR_INVALID_ARGUMENT;
    }
    if (answer == NVML_SUCCESS) {
        gpu->readings[POWER_LIMIT] = reading_of(milliwatts);
    }
    return leave(answer);
}

static bool is_symbolic(unsigned int megahertz) {
    return megahertz == (unsigned int)NVML_CLOCK_LIMIT_ID_TDP || megahertz == (unsigned int)NVML_CLOCK_LIMIT_ID_UNLIMITED;
}

/* Locks a clock of a GPU. Where the clock cannot be read, it cannot be locked either, and for the same reason. */
static nvmlReturn_t lock_clock(const struct gpu *gpu, enum reading_key clock, struct clock_lock *lock, unsigned int min, unsigned int max) {
    long long now;
    nvmlReturn_t answer = read_gpu(gpu, clock, &now);
    if (answer != NVML_SUCCESS) {
        return answer;
    }
    if (is_symbolic(min) != is_symbolic(max) || (!is_symbolic(min) && min > max)) {
        return NVML_ERROR_INVALID_ARGUMENT;
    }
    /* A symbolic limit leaves the clock to the driver, as here its reading to the machine file. */
    *lock = (struct clock_lock){.locked = !is_symbolic(min), .min = min, .max = max};
    return NVML_SUCCESS;
}

EXPORT nvmlReturn_t nvmlDeviceSetGpuLockedClocks(nvmlDevice_t device, unsigned int min, unsigned int max) {
    struct gpu *gpu;
    nvmlReturn_t answer = enter_as_root(CALL_nvmlDeviceSetGpuLockedClocks, device, &gpu);
    return leave(answer != NVML_SUCCESS ? answer : lock_clock(gpu, CLOCK_GRAPHICS, &gpu->graphics_lock, min, max));
}

EXPORT nvmlReturn_t nvmlDeviceResetGpuLockedClocks(nvmlDevice_t device) {
    struct gpu *gpu;
    nvmlReturn_t answer = enter_as_root(CALL_nvmlDeviceResetGpuLockedClocks, device, &gpu);
    if (answer == NVML_SUCCESS) {
        gpu->graphics_lock.locked = false;
    }
    return leave(answer);
}

#ifndef OLD_DRIVER
EXPORT nvmlReturn_t nvmlDeviceSetMemoryLockedClocks(nvmlDevice_t device, unsigned int min, unsigned int max) {
    struct gpu *gpu;
    nvmlReturn_t answer = enter_as_root(CALL_nvmlDeviceSetMemoryLockedClocks, device, &gpu);
    return leave(answer != NVML_SUCCESS ? answer : lock_clock(gpu, CLOCK_MEMORY, &gpu->memory_lock, min, max));
}

EXPORT nvmlReturn_t nvmlDeviceResetMemoryLockedClocks(nvmlDevice_t device) {
    struct gpu *gpu;
    nvmlReturn_t answer = enter_as_root(CALL_nvmlDeviceResetMemoryLockedClocks, device, &gpu);
    if (answer == NVML_SUCCESS) {
        gpu->memory_lock.locked = false;
    }
    return leave(answer);
}
#endif
