/* NVLink: the state and the error counters of each link. */
#include "machine.h"

/* Opens a call about one link: 3 without NVLink, 2 for a link that there is not. */
static nvmlReturn_t enter_link(enum function function, nvmlDevice_t device, unsigned int link, const void *out, struct gpu **gpu) {
    long long links;
    nvmlReturn_t answer = enter_gpu(function, device, gpu);
    if (answer != NVML_SUCCESS) {
        return answer;
    }
    if (out == NULL) {
        return NVML_ERROR_INVALID_ARGUMENT;
    }
    answer = read_gpu(*gpu, LINKS, &links);
    if (answer != NVML_SUCCESS) {
        return answer;
    }
    return links == 0 ? NVML_ERROR_NOT_SUPPORTED : link >= links ? NVML_ERROR_INVALID_ARGUMENT : NVML_SUCCESS;
}

EXPORT nvmlReturn_t nvmlDeviceGetNvLinkState(nvmlDevice_t device, unsigned int link, unsigned int *active) {
    struct gpu *gpu;
    long long up;
    nvmlReturn_t answer = enter_link(CALL_nvmlDeviceGetNvLinkState, device, link, active, &gpu);
    if (answer == NVML_SUCCESS) {
        answer = reading_now(&gpu->links[link].up, &up);
    }
    if (answer == NVML_SUCCESS) {
        *active = (unsigned int)up;
    }
    return leave(answer);
}

EXPORT nvmlReturn_t nvmlDeviceGetNvLinkErrorCounter(nvmlDevice_t device, unsigned int link, unsigned int counter,
    unsigned long long *count) {
    struct gpu *gpu;
    long long value;
    nvmlReturn_t answer = enter_link(CALL_nvmlDeviceGetNvLinkErrorCounter, device, link, count, &gpu);
    if (answer == NVML_SUCCESS && counter >= NVML_NVLINK_ERROR_COUNT) {
        answer = NVML_ERROR_INVALID_ARGUMENT;
    }
    if (answer == NVML_SUCCESS) {
        answer = reading_now(&gpu->links[link].errors[counter], &value);
    }
    if (answer == NVML_SUCCESS) {
        *count = (unsigned long long)value;
    }
    return leave(answer);
}
