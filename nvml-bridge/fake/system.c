/* The library itself: opening and closing it, versions, texts of return codes, and what a test may ask the fake. */
#include "machine.h"

static nvmlReturn_t open_library(enum function function) {
    count_call();
    start_following();
    pthread_mutex_lock(&machine.lock);
    nvmlReturn_t answer = obey_rules(function, -1);
    if (answer == NVML_SUCCESS) {
        switch (machine.state.driver) {
            case DRIVER_UNLOADED: answer = NVML_ERROR_DRIVER_NOT_LOADED; break;
            case DRIVER_MISMATCH: answer = NVML_ERROR_LIB_RM_VERSION_MISMATCH; break;
            case DRIVER_LOADED: machine.open++; break;
        }
    }
    return leave(answer);
}

EXPORT nvmlReturn_t nvmlInit_v2(void) {
    return open_library(CALL_nvmlInit_v2);
}

EXPORT nvmlReturn_t nvmlInitWithFlags(unsigned int flags) {
    (void)flags; /* not to fail without GPUs, not to attach any: this fake never does */
    return open_library(CALL_nvmlInitWithFlags);
}

EXPORT nvmlReturn_t nvmlShutdown(void) {
    nvmlReturn_t answer = enter(CALL_nvmlShutdown);
    if (answer == NVML_SUCCESS && --machine.open == 0) {
        pthread_cond_broadcast(&machine.changed);
    }
    return leave(answer);
}

EXPORT const char *nvmlErrorString(nvmlReturn_t result) {
    count_call();
    switch ((int)result) {
        case 0: return "Success";
        case 1: return "Uninitialized";
        case 2: return "Invalid Argument";
        case 3: return "Not Supported";
        case 4: return "Insufficient Permissions";
        case 5: return "Already Initialized";
        case 6: return "Not Found";
        case 7: return "Insufficient Size";
        case 8: return "Insufficient External Power";
        case 9: return "Driver Not Loaded";
        case 10: return "Timeout";
        case 11: return "Interrupt Request Issue";
        case 12: return "NVML Shared Library Not Found";
        case 13: return "Function Not Found";
        case 14: return "Corrupted infoROM";
        case 15: return "GPU is lost";
        case 16: return "GPU requires reset";
        case 17: return "Blocked by the operating system";
        case 18: return "Driver/library version mismatch";
        case 19: return "In use";
        case 20: return "Insufficient memory";
        case 21: return "No data";
        case 22: return "ECC is not supported with vGPU";
        case 23: return "Insufficient resources";
        case 24: return "Frequency not supported";
        case 25: return "Argument version mismatch";
        case 26: return "Deprecated";
        case 27: return "Not ready";
        case 28: return "GPU not found";
        case 29: return "Invalid state";
        default: return "Unknown Error";
    }
}

EXPORT nvmlReturn_t nvmlSystemGetDriverVersion(char *version, unsigned int length) {
    nvmlReturn_t answer = enter(CALL_nvmlSystemGetDriverVersion);
    return leave(answer != NVML_SUCCESS ? answer : copy_text(machine.state.driver_version, version, length));
}

EXPORT nvmlReturn_t nvmlSystemGetNVMLVersion(char *version, unsigned int length) {
    nvmlReturn_t answer = enter(CALL_nvmlSystemGetNVMLVersion);
    return leave(answer != NVML_SUCCESS ? answer : copy_text(machine.state.nvml_version, version, length));
}

EXPORT nvmlReturn_t nvmlSystemGetCudaDriverVersion_v2(int *version) {
    nvmlReturn_t answer = enter(CALL_nvmlSystemGetCudaDriverVersion_v2);
    if (answer == NVML_SUCCESS && version == NULL) {
        answer = NVML_ERROR_INVALID_ARGUMENT;
    }
    if (answer == NVML_SUCCESS) {
        *version = machine.state.cuda_version;
    }
    return leave(answer);
}

/* --- what a test asks the fake --- */

EXPORT int heal_fake_applied(void) {
    start_following();
    pthread_mutex_lock(&machine.lock);
    int applied = machine.state.lines_applied;
    pthread_mutex_unlock(&machine.lock);
    return applied;
}

EXPORT int heal_fake_errors(void) {
    start_following();
    pthread_mutex_lock(&machine.lock);
    int wrong = machine.state.lines_wrong;
    pthread_mutex_unlock(&machine.lock);
    return wrong;
}

EXPORT int heal_fake_open(void) {
    pthread_mutex_lock(&machine.lock);
    int open = machine.open;
    pthread_mutex_unlock(&machine.lock);
    return open;
}

EXPORT int heal_fake_calls(void) {
    return calls_made();
}
