/* What lives on a GPU: MIG devices and processes. */
#include "machine.h"

EXPORT nvmlReturn_t nvmlDeviceGetMaxMigDeviceCount(nvmlDevice_t device, unsigned int *count) {
    struct gpu *gpu;
    long long mig;
    nvmlReturn_t answer = enter_gpu(CALL_nvmlDeviceGetMaxMigDeviceCount, device, &gpu);
    if (answer == NVML_SUCCESS && count == NULL) {
        answer = NVML_ERROR_INVALID_ARGUMENT;
    }
    if (answer == NVML_SUCCESS) {
        *count = read_gpu(gpu, MIG, &mig) == NVML_SUCCESS && mig == 1 ? MAX_INSTANCES : 0;
    }
    return leave(answer);
}

EXPORT nvmlReturn_t nvmlDeviceGetMigDeviceHandleByIndex(nvmlDevice_t device, unsigned int index, nvmlDevice_t *found) {
    struct gpu *gpu;
    long long mig;
    nvmlReturn_t answer = enter_gpu(CALL_nvmlDeviceGetMigDeviceHandleByIndex, device, &gpu);
    if (answer == NVML_SUCCESS && (found == NULL || index >= MAX_INSTANCES)) {
        answer = NVML_ERROR_INVALID_ARGUMENT;
    } else if (answer == NVML_SUCCESS) {
        answer = read_gpu(gpu, MIG, &mig);
    }
    if (answer == NVML_SUCCESS && !gpu->instances[index].exists) {
        answer = NVML_ERROR_NOT_FOUND;
    }
    if (answer == NVML_SUCCESS) {
        *found = handle_of_instance(slot_of(gpu), (int)index);
    }
    return leave(answer);
}

static nvmlReturn_t read_instance_id(enum function function, nvmlDevice_t device, bool compute, unsigned int *id) {
    struct gpu *gpu;
    struct instance *instance;
    nvmlReturn_t answer = enter_device(function, device, &gpu, &instance);
    if (answer == NVML_SUCCESS && (instance == NULL || id == NULL)) {
        answer = NVML_ERROR_INVALID_ARGUMENT;
    }
    if (answer == NVML_SUCCESS) {
        *id = compute ? instance->compute_instance : instance->gpu_instance;
    }
    return leave(answer);
}

EXPORT nvmlReturn_t nvmlDeviceGetGpuInstanceId(nvmlDevice_t device, unsigned int *id) {
    return read_instance_id(CALL_nvmlDeviceGetGpuInstanceId, device, false, id);
}

EXPORT nvmlReturn_t nvmlDeviceGetComputeInstanceId(nvmlDevice_t device, unsigned int *id) {
    return read_instance_id(CALL_nvmlDeviceGetComputeInstanceId, device, true, id);
}

/* --- processes --- */

static bool runs_on(const struct process *process, const struct instance *instance) {
    return instance == NULL || (process->gpu_instance == instance->gpu_instance && process->compute_instance == instance->compute_instance);
}

/* Versions 2 and 3 have one layout. With MIG on, the processes of all instances are for root to see. */
static nvmlReturn_t list_processes(enum function function, nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_v2_t *processes) {
    struct gpu *gpu;
    struct instance *instance;
    long long mig;
    nvmlReturn_t answer = enter_device(function, device, &gpu, &instance);
    if (answer == NVML_SUCCESS && (count == NULL || (*count > 0 && processes == NULL))) {
        answer = NVML_ERROR_INVALID_ARGUMENT;
    } else if (answer == NVML_SUCCESS && instance == NULL && machine.state.permission_denied
        && read_gpu(gpu, MIG, &mig) == NVML_SUCCESS && mig == 1) {
        answer = NVML_ERROR_NO_PERMISSION;
    }
    if (answer != NVML_SUCCESS) {
        return leave(answer);
    }
    unsigned int room = *count;
    *count = 0;
    for (int number = 0; number < gpu->process_count; number++) {
        const struct process *process = &gpu->processes[number];
        if (!runs_on(process, instance)) {
            continue;
        }
        if (*count < room) {
            processes[*count] = (nvmlProcessInfo_v2_t){process->pid, process->memory, process->gpu_instance, process->compute_instance};
        }
        (*count)++;
    }
    return leave(*count > room ? NVML_ERROR_INSUFFICIENT_SIZE : NVML_SUCCESS);
}

EXPORT nvmlReturn_t nvmlDeviceGetComputeRunningProcesses_v2(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_v2_t *processes) {
    return list_processes(CALL_nvmlDeviceGetComputeRunningProcesses_v2, device, count, processes);
}

#ifndef OLD_DRIVER
EXPORT nvmlReturn_t nvmlDeviceGetComputeRunningProcesses_v3(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_v2_t *processes) {
    return list_processes(CALL_nvmlDeviceGetComputeRunningProcesses_v3, device, count, processes);
}
#endif
