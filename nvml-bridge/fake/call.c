/* How a call of NVML comes in: counting, the rules of the machine file, initialisation, and what its handle names. */
#include <stdatomic.h>

#include "machine.h"

/*
 * A handle is a word, never an address, so that a wrong one can be told without reading through it:
 * a mark, the kind, the generation, the instance of a MIG device, the slot of the GPU.
 */
enum { HANDLE_MARK = 0x48, GPU_HANDLE = 1, INSTANCE_HANDLE = 2 };

struct handle {
    int kind; /* 0: no handle of a device */
    unsigned short generation;
    unsigned int instance, slot;
};

static atomic_int calls;

void count_call(void) {
    atomic_fetch_add_explicit(&calls, 1, memory_order_relaxed);
}

int calls_made(void) {
    return atomic_load_explicit(&calls, memory_order_relaxed);
}

static nvmlDevice_t handle_of(int kind, unsigned short generation, int instance, int slot) {
    uint64_t word = (uint64_t)HANDLE_MARK << 56 | (uint64_t)kind << 48 | (uint64_t)generation << 32
        | (uint64_t)instance << 16 | (uint64_t)slot;
    return (nvmlDevice_t)(uintptr_t)word;
}

nvmlDevice_t handle_of_gpu(int slot) {
    return handle_of(GPU_HANDLE, machine.gpu_generation[slot], 0, slot);
}

nvmlDevice_t handle_of_instance(int slot, int instance) {
    return handle_of(INSTANCE_HANDLE, machine.instance_generation[slot][instance], instance, slot);
}

static struct handle read_handle(nvmlDevice_t device) {
    uint64_t word = (uint64_t)(uintptr_t)device;
    struct handle handle = {
        .kind = (int)(word >> 48 & 0xFF),
        .generation = (unsigned short)(word >> 32),
        .instance = (unsigned int)(word >> 16 & 0xFFFF),
        .slot = (unsigned int)(word & 0xFFFF),
    };
    bool known = handle.kind == GPU_HANDLE ? handle.instance == 0 : handle.kind == INSTANCE_HANDLE;
    if (word >> 56 != HANDLE_MARK || !known || handle.slot >= MAX_GPUS || handle.instance >= MAX_INSTANCES) {
        return (struct handle){.kind = 0};
    }
    return handle;
}

/* --- rules --- */

static bool has_slot(int slot) {
    return slot >= 0 && slot < MAX_GPUS;
}

static long long slowness(enum function function, int slot) {
    const struct rule *rule = &machine.state.rules[function];
    return has_slot(slot) && rule->slow[slot] != 0 ? rule->slow[slot] : rule->slow[MAX_GPUS];
}

nvmlReturn_t obey_rules(enum function function, int slot) {
    long long entered = monotonic_nanoseconds(), slow;
    while ((slow = slowness(function, slot)) != 0 && monotonic_nanoseconds() - entered < slow) {
        wait_for_change(entered + slow);
    }
    const struct rule *rule = &machine.state.rules[function];
    if (rule->missing) {
        return NVML_ERROR_FUNCTION_NOT_FOUND;
    }
    int code = has_slot(slot) && rule->fail[slot] != 0 ? rule->fail[slot] : rule->fail[MAX_GPUS];
    return (nvmlReturn_t)code;
}

static nvmlReturn_t admit(enum function function, int slot) {
    count_call();
    start_following();
    pthread_mutex_lock(&machine.lock);
    nvmlReturn_t answer = obey_rules(function, slot);
    if (answer == NVML_SUCCESS && machine.open == 0) {
        answer = NVML_ERROR_UNINITIALIZED;
    }
    return answer;
}

nvmlReturn_t enter(enum function function) {
    return admit(function, -1);
}

nvmlReturn_t leave(nvmlReturn_t answer) {
    pthread_mutex_unlock(&machine.lock);
    return answer;
}

/* --- devices --- */

static nvmlReturn_t look_up(const struct handle *handle, struct gpu **gpu, struct instance **instance) {
    if (handle->kind == 0) {
        return NVML_ERROR_INVALID_ARGUMENT;
    }
    struct gpu *found = &machine.state.gpus[handle->slot];
    *gpu = found;
    if (handle->kind == INSTANCE_HANDLE) {
        *instance = &found->instances[handle->instance];
        if (!(*instance)->exists || handle->generation != machine.instance_generation[handle->slot][handle->instance]) {
            return NVML_ERROR_INVALID_ARGUMENT;
        }
    } else if ((short)(handle->generation - machine.gpu_generation[handle->slot]) > 0) {
        return NVML_ERROR_INVALID_ARGUMENT; /* of a generation that was never handed out */
    } else if (handle->generation != machine.gpu_generation[handle->slot]) {
        return NVML_ERROR_GPU_IS_LOST;
    }
    return found->present && !found->lost ? NVML_SUCCESS : NVML_ERROR_GPU_IS_LOST;
}

nvmlReturn_t enter_device(enum function function, nvmlDevice_t device, struct gpu **gpu, struct instance **instance) {
    struct handle handle = read_handle(device);
    *instance = NULL;
    nvmlReturn_t answer = admit(function, handle.kind == 0 ? -1 : (int)handle.slot);
    return answer != NVML_SUCCESS ? answer : look_up(&handle, gpu, instance);
}

nvmlReturn_t enter_gpu(enum function function, nvmlDevice_t device, struct gpu **gpu) {
    struct instance *instance;
    nvmlReturn_t answer = enter_device(function, device, gpu, &instance);
    return answer == NVML_SUCCESS && instance != NULL ? NVML_ERROR_INVALID_ARGUMENT : answer;
}

nvmlReturn_t enter_as_root(enum function function, nvmlDevice_t device, struct gpu **gpu) {
    nvmlReturn_t answer = enter_gpu(function, device, gpu);
    return answer == NVML_SUCCESS && machine.state.permission_denied ? NVML_ERROR_NO_PERMISSION : answer;
}
