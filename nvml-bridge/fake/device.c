/* The readings of a GPU that are one number, and the few that are two. */
#include "machine.h"

static nvmlReturn_t read_number(enum function function, nvmlDevice_t device, enum reading_key key, unsigned int *out) {
    struct gpu *gpu;
    long long value;
    nvmlReturn_t answer = enter_gpu(function, device, &gpu);
    if (answer == NVML_SUCCESS) {
        answer = out == NULL ? NVML_ERROR_INVALID_ARGUMENT : read_gpu(gpu, key, &value);
    }
    if (answer == NVML_SUCCESS) {
        *out = (unsigned int)value;
    }
    return leave(answer);
}

static nvmlReturn_t read_pair(enum function function, nvmlDevice_t device, enum reading_key first_key, unsigned int *first,
    enum reading_key second_key, unsigned int *second) {
    struct gpu *gpu;
    long long values[2];
    nvmlReturn_t answer = enter_gpu(function, device, &gpu);
    if (answer == NVML_SUCCESS) {
        answer = first == NULL || second == NULL ? NVML_ERROR_INVALID_ARGUMENT : read_gpu(gpu, first_key, &values[0]);
    }
    if (answer == NVML_SUCCESS) {
        answer = read_gpu(gpu, second_key, &values[1]);
    }
    if (answer == NVML_SUCCESS) {
        *first = (unsigned int)values[0];
        *second = (unsigned int)values[1];
    }
    return leave(answer);
}

/* A function whose answer is one reading. */
#define ANSWERS(name, key) \
    EXPORT nvmlReturn_t name(nvmlDevice_t device, unsigned int *value) { \
        return read_number(CALL_##name, device, key, value); \
    }

ANSWERS(nvmlDeviceGetMinorNumber, MINOR_NUMBER)
ANSWERS(nvmlDeviceGetPowerUsage, POWER)
ANSWERS(nvmlDeviceGetPowerManagementLimit, POWER_LIMIT)
ANSWERS(nvmlDeviceGetEnforcedPowerLimit, POWER_LIMIT)
ANSWERS(nvmlDeviceGetPowerManagementDefaultLimit, POWER_DEFAULT)
ANSWERS(nvmlDeviceGetRetiredPagesPendingStatus, RETIRED_PENDING)
ANSWERS(nvmlDeviceGetPcieReplayCounter, PCIE_REPLAYS)
ANSWERS(nvmlDeviceGetCurrPcieLinkGeneration, PCIE_GENERATION)
ANSWERS(nvmlDeviceGetCurrPcieLinkWidth, PCIE_WIDTH)
ANSWERS(nvmlDeviceGetMaxPcieLinkGeneration, PCIE_GENERATION_MAX)
ANSWERS(nvmlDeviceGetMaxPcieLinkWidth, PCIE_WIDTH_MAX)
ANSWERS(nvmlDeviceGetFanSpeed, FAN)
ANSWERS(nvmlDeviceGetPerformanceState, PERFORMANCE_STATE)
ANSWERS(nvmlDeviceGetPersistenceMode, PERSISTENCE)
ANSWERS(nvmlDeviceGetComputeMode, COMPUTE_MODE)
#ifndef OLD_DRIVER
ANSWERS(nvmlDeviceGetNumFans, FANS)
#endif

EXPORT nvmlReturn_t nvmlDeviceGetPowerManagementLimitConstraints(nvmlDevice_t device, unsigned int *min, unsigned int *max) {
    return read_pair(CALL_nvmlDeviceGetPowerManagementLimitConstraints, device, POWER_MIN, min, POWER_MAX, max);
}

EXPORT nvmlReturn_t nvmlDeviceGetEccMode(nvmlDevice_t device, unsigned int *current, unsigned int *pending) {
    return read_pair(CALL_nvmlDeviceGetEccMode, device, ECC_MODE, current, ECC_MODE_PENDING, pending);
}

EXPORT nvmlReturn_t nvmlDeviceGetMigMode(nvmlDevice_t device, unsigned int *current, unsigned int *pending) {
    return read_pair(CALL_nvmlDeviceGetMigMode, device, MIG, current, MIG_PENDING, pending);
}

/* A reading that the caller chooses from a list; outside of the list it answers 2. */
static nvmlReturn_t read_choice(enum function function, nvmlDevice_t device, unsigned int choice, unsigned int count,
    const enum reading_key *keys, unsigned int *value) {
    return read_number(function, device, choice < count ? keys[choice] : TEMPERATURE, choice < count ? value : NULL);
}

EXPORT nvmlReturn_t nvmlDeviceGetTemperature(nvmlDevice_t device, unsigned int sensor, unsigned int *celsius) {
    static const enum reading_key sensors[] = {TEMPERATURE};
    return read_choice(CALL_nvmlDeviceGetTemperature, device, sensor, 1, sensors, celsius);
}

EXPORT nvmlReturn_t nvmlDeviceGetClockInfo(nvmlDevice_t device, unsigned int clock, unsigned int *megahertz) {
    static const enum reading_key clocks[NVML_CLOCK_COUNT] = {CLOCK_GRAPHICS, CLOCK_SM, CLOCK_MEMORY, CLOCK_VIDEO};
    return read_choice(CALL_nvmlDeviceGetClockInfo, device, clock, NVML_CLOCK_COUNT, clocks, megahertz);
}

EXPORT nvmlReturn_t nvmlDeviceGetMaxClockInfo(nvmlDevice_t device, unsigned int clock, unsigned int *megahertz) {
    static const enum reading_key clocks[NVML_CLOCK_COUNT] = {CLOCK_MAX_GRAPHICS, CLOCK_MAX_SM, CLOCK_MAX_MEMORY, CLOCK_MAX_VIDEO};
    return read_choice(CALL_nvmlDeviceGetMaxClockInfo, device, clock, NVML_CLOCK_COUNT, clocks, megahertz);
}

EXPORT nvmlReturn_t nvmlDeviceGetTemperatureThreshold(nvmlDevice_t device, unsigned int threshold, unsigned int *celsius) {
    static const enum reading_key thresholds[] = {THRESHOLD_SHUTDOWN, THRESHOLD_SLOWDOWN, THRESHOLD_MEMORY_MAX, THRESHOLD_GPU_MAX};
    if (threshold <= NVML_TEMPERATURE_THRESHOLD_GPU_MAX || threshold >= NVML_TEMPERATURE_THRESHOLD_END) {
        unsigned int count = NVML_TEMPERATURE_THRESHOLD_GPU_MAX + 1;
        return read_choice(CALL_nvmlDeviceGetTemperatureThreshold, device, threshold, count, thresholds, celsius);
    }
    struct gpu *gpu; /* a threshold that NVML knows, and that a GPU of a server does not have */
    nvmlReturn_t answer = enter_gpu(CALL_nvmlDeviceGetTemperatureThreshold, device, &gpu);
    return leave(answer != NVML_SUCCESS ? answer : celsius == NULL ? NVML_ERROR_INVALID_ARGUMENT : NVML_ERROR_NOT_SUPPORTED);
}

static nvmlReturn_t read_throttle(enum function function, nvmlDevice_t device, unsigned long long *reasons) {
    unsigned int bits;
    nvmlReturn_t answer = read_number(function, device, THROTTLE, reasons == NULL ? NULL : &bits);
    if (answer == NVML_SUCCESS) {
        *reasons = bits;
    }
    return answer;
}

EXPORT nvmlReturn_t nvmlDeviceGetCurrentClocksThrottleReasons(nvmlDevice_t device, unsigned long long *reasons) {
    return read_throttle(CALL_nvmlDeviceGetCurrentClocksThrottleReasons, device, reasons);
}

#ifndef OLD_DRIVER
EXPORT nvmlReturn_t nvmlDeviceGetCurrentClocksEventReasons(nvmlDevice_t device, unsigned long long *reasons) {
    return read_throttle(CALL_nvmlDeviceGetCurrentClocksEventReasons, device, reasons);
}

EXPORT nvmlReturn_t nvmlDeviceGetMarginTemperature(nvmlDevice_t device, nvmlMarginTemperature_v1_t *margin) {
    struct gpu *gpu;
    long long celsius;
    nvmlReturn_t answer = enter_gpu(CALL_nvmlDeviceGetMarginTemperature, device, &gpu);
    if (answer == NVML_SUCCESS && margin == NULL) {
        answer = NVML_ERROR_INVALID_ARGUMENT;
    } else if (answer == NVML_SUCCESS && margin->version != VERSION_WORD(*margin, 1)) {
        answer = NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
    } else if (answer == NVML_SUCCESS) {
        answer = read_gpu(gpu, MARGIN, &celsius);
    }
    if (answer == NVML_SUCCESS) {
        margin->marginTemperature = (int)celsius;
    }
    return leave(answer);
}
#endif

EXPORT nvmlReturn_t nvmlDeviceGetUtilizationRates(nvmlDevice_t device, nvmlUtilization_t *utilization) {
    struct gpu *gpu;
    long long busy, memory, mig;
    nvmlReturn_t answer = enter_gpu(CALL_nvmlDeviceGetUtilizationRates, device, &gpu);
    if (answer == NVML_SUCCESS && utilization == NULL) {
        answer = NVML_ERROR_INVALID_ARGUMENT;
    } else if (answer == NVML_SUCCESS && read_gpu(gpu, MIG, &mig) == NVML_SUCCESS && mig == 1) {
        answer = NVML_ERROR_NOT_SUPPORTED;
    }
    if (answer == NVML_SUCCESS) {
        answer = read_gpu(gpu, UTILIZATION, &busy);
    }
    if (answer == NVML_SUCCESS) {
        answer = read_gpu(gpu, MEMORY_UTILIZATION, &memory);
    }
    if (answer == NVML_SUCCESS) {
        *utilization = (nvmlUtilization_t){(unsigned int)busy, (unsigned int)memory};
    }
    return leave(answer);
}
