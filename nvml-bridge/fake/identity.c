/* Which GPUs there are, how each is found, and what it is called. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "commands.h"

EXPORT nvmlReturn_t nvmlDeviceGetCount_v2(unsigned int *count) {
    nvmlReturn_t answer = enter(CALL_nvmlDeviceGetCount_v2);
    if (answer == NVML_SUCCESS && count == NULL) {
        answer = NVML_ERROR_INVALID_ARGUMENT;
    }
    if (answer == NVML_SUCCESS) {
        *count = 0;
        while (slot_at_index(*count) >= 0) {
            (*count)++;
        }
    }
    return leave(answer);
}

/* --- handles --- */

typedef int find_slot(const void *sought, nvmlReturn_t *answer);

/*
 * Hands out the handle of the GPU that `find` finds. Rules that are about one GPU are obeyed once it is known which one;
 * as a `slow` one gives the lock back, it is looked for again afterwards.
 */
static nvmlReturn_t hand_out(enum function function, const void *sought, find_slot *find, nvmlDevice_t *device) {
    nvmlReturn_t answer = NVML_SUCCESS;
    count_call();
    start_following();
    pthread_mutex_lock(&machine.lock);
    int slot = sought == NULL ? -1 : find(sought, &answer);
    answer = obey_rules(function, slot);
    if (answer == NVML_SUCCESS && machine.open == 0) {
        answer = NVML_ERROR_UNINITIALIZED;
    }
    if (answer == NVML_SUCCESS && (sought == NULL || device == NULL)) {
        answer = NVML_ERROR_INVALID_ARGUMENT;
    }
    if (answer != NVML_SUCCESS) {
        return leave(answer);
    }
    slot = find(sought, &answer);
    if (slot >= 0 && machine.state.gpus[slot].lost) {
        answer = NVML_ERROR_GPU_IS_LOST;
    } else if (slot >= 0) {
        *device = handle_of_gpu(slot);
    }
    return leave(answer);
}

static int find_by_index(const void *sought, nvmlReturn_t *answer) {
    int slot = slot_at_index(*(const unsigned int *)sought);
    *answer = slot < 0 ? NVML_ERROR_INVALID_ARGUMENT : NVML_SUCCESS;
    return slot;
}

static int find_by_uuid(const void *sought, nvmlReturn_t *answer) {
    for (int slot = 0; slot < machine.state.gpu_count; slot++) {
        const struct gpu *gpu = &machine.state.gpus[slot];
        if (gpu->present && strcmp(gpu->texts[UUID].value, sought) == 0) {
            *answer = NVML_SUCCESS;
            return slot;
        }
    }
    *answer = NVML_ERROR_NOT_FOUND;
    return -1;
}

static int find_by_pci(const void *sought, nvmlReturn_t *answer) {
    unsigned int address[3], here[3];
    if (!parse_pci(sought, &address[0], &address[1], &address[2])) {
        *answer = NVML_ERROR_INVALID_ARGUMENT;
        return -1;
    }
    for (int slot = 0; slot < machine.state.gpu_count; slot++) {
        const struct gpu *gpu = &machine.state.gpus[slot];
        if (gpu->present && parse_pci(gpu->texts[PCI].value, &here[0], &here[1], &here[2]) && memcmp(address, here, sizeof here) == 0) {
            *answer = NVML_SUCCESS;
            return slot;
        }
    }
    *answer = NVML_ERROR_NOT_FOUND;
    return -1;
}

EXPORT nvmlReturn_t nvmlDeviceGetHandleByIndex_v2(unsigned int index, nvmlDevice_t *device) {
    return hand_out(CALL_nvmlDeviceGetHandleByIndex_v2, &index, find_by_index, device);
}

EXPORT nvmlReturn_t nvmlDeviceGetHandleByPciBusId_v2(const char *address, nvmlDevice_t *device) {
    return hand_out(CALL_nvmlDeviceGetHandleByPciBusId_v2, address, find_by_pci, device);
}

/* A MIG device of that UUID; answers 6 where there is none. */
static nvmlReturn_t hand_out_instance(const char *uuid, nvmlDevice_t *device) {
    for (int slot = 0; slot < machine.state.gpu_count; slot++) {
        const struct gpu *gpu = &machine.state.gpus[slot];
        for (int index = 0; index < MAX_INSTANCES; index++) {
            if (gpu->present && gpu->instances[index].exists && strcmp(gpu->instances[index].uuid, uuid) == 0) {
                *device = handle_of_instance(slot, index);
                return gpu->lost ? NVML_ERROR_GPU_IS_LOST : NVML_SUCCESS;
            }
        }
    }
    return NVML_ERROR_NOT_FOUND;
}

EXPORT nvmlReturn_t nvmlDeviceGetHandleByUUID(const char *uuid, nvmlDevice_t *device) {
    if (uuid == NULL || device == NULL || strncmp(uuid, "MIG-", 4) != 0) {
        return hand_out(CALL_nvmlDeviceGetHandleByUUID, uuid, find_by_uuid, device);
    }
    nvmlReturn_t answer = enter(CALL_nvmlDeviceGetHandleByUUID);
    return leave(answer != NVML_SUCCESS ? answer : hand_out_instance(uuid, device));
}

/* --- names --- */

static nvmlReturn_t text_of(const struct gpu *gpu, enum text_key key, char *out, unsigned int length) {
    const struct text *text = &gpu->texts[key];
    return text->answer != NVML_SUCCESS ? text->answer : copy_text(text->value, out, length);
}

EXPORT nvmlReturn_t nvmlDeviceGetUUID(nvmlDevice_t device, char *uuid, unsigned int length) {
    struct gpu *gpu;
    struct instance *instance;
    nvmlReturn_t answer = enter_device(CALL_nvmlDeviceGetUUID, device, &gpu, &instance);
    if (answer == NVML_SUCCESS) {
        answer = instance != NULL ? copy_text(instance->uuid, uuid, length) : text_of(gpu, UUID, uuid, length);
    }
    return leave(answer);
}

EXPORT nvmlReturn_t nvmlDeviceGetName(nvmlDevice_t device, char *name, unsigned int length) {
    struct gpu *gpu;
    struct instance *instance; /* a MIG device has the name of its GPU */
    nvmlReturn_t answer = enter_device(CALL_nvmlDeviceGetName, device, &gpu, &instance);
    return leave(answer != NVML_SUCCESS ? answer : text_of(gpu, NAME, name, length));
}

EXPORT nvmlReturn_t nvmlDeviceGetSerial(nvmlDevice_t device, char *serial, unsigned int length) {
    struct gpu *gpu;
    nvmlReturn_t answer = enter_gpu(CALL_nvmlDeviceGetSerial, device, &gpu);
    return leave(answer != NVML_SUCCESS ? answer : text_of(gpu, SERIAL, serial, length));
}

EXPORT nvmlReturn_t nvmlDeviceGetIndex(nvmlDevice_t device, unsigned int *index) {
    struct gpu *gpu;
    nvmlReturn_t answer = enter_gpu(CALL_nvmlDeviceGetIndex, device, &gpu);
    if (answer == NVML_SUCCESS && index == NULL) {
        answer = NVML_ERROR_INVALID_ARGUMENT;
    }
    if (answer == NVML_SUCCESS) {
        *index = 0;
        while (slot_at_index(*index) != slot_of(gpu)) {
            (*index)++;
        }
    }
    return leave(answer);
}

EXPORT nvmlReturn_t nvmlDeviceGetPciInfo_v3(nvmlDevice_t device, nvmlPciInfo_t *pci) {
    struct gpu *gpu;
    nvmlReturn_t answer = enter_gpu(CALL_nvmlDeviceGetPciInfo_v3, device, &gpu);
    long long ids, subsystem;
    if (answer == NVML_SUCCESS && pci == NULL) {
        answer = NVML_ERROR_INVALID_ARGUMENT;
    }
    if (answer == NVML_SUCCESS) {
        answer = gpu->texts[PCI].answer;
    }
    if (answer == NVML_SUCCESS) {
        answer = read_gpu(gpu, PCI_DEVICE_ID, &ids);
    }
    if (answer == NVML_SUCCESS) {
        answer = read_gpu(gpu, PCI_SUBSYSTEM_ID, &subsystem);
    }
    if (answer != NVML_SUCCESS) {
        return leave(answer);
    }
    memset(pci, 0, sizeof *pci);
    parse_pci(gpu->texts[PCI].value, &pci->domain, &pci->bus, &pci->device);
    pci->pciDeviceId = (unsigned int)ids;
    pci->pciSubSystemId = (unsigned int)subsystem;
    snprintf(pci->busId, sizeof pci->busId, "%08X:%02X:%02X.0", pci->domain, pci->bus, pci->device);
    snprintf(pci->busIdLegacy, sizeof pci->busIdLegacy, "%04X:%02X:%02X.0", pci->domain & 0xFFFF, pci->bus, pci->device);
    return leave(NVML_SUCCESS);
}
