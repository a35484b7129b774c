/* Event sets. A waiting thread holds nothing of its set: each time it wakes, it looks it up by its handle. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "machine.h"

enum {
    SET_MARK = 0x53,      /* the top byte of a set's handle; a device's has another one */
    QUEUE_LIMIT = 65536,  /* events that a set keeps; what comes after is lost */
};

struct event_set {
    struct event_set *next;
    uint64_t handle;
    unsigned long long registered[MAX_GPUS];
    nvmlEventData_t *queue; /* queue[first] up to queue[end - 1] wait to be fetched */
    size_t first, end, room;
};

static struct event_set *sets; /* guarded by the machine's lock, like the two below */
static uint64_t sets_made;
static int sets_open;

static struct event_set **find_set(nvmlEventSet_t handle) {
    struct event_set **place = &sets;
    while (*place != NULL && (*place)->handle != (uint64_t)(uintptr_t)handle) {
        place = &(*place)->next;
    }
    return place;
}

static void free_set(struct event_set **place) {
    struct event_set *set = *place;
    *place = set->next;
    free(set->queue);
    free(set);
    sets_open--;
}

void drop_event_sets(void) {
    while (sets != NULL) {
        free_set(&sets);
    }
    pthread_cond_broadcast(&machine.changed);
}

/* --- giving --- */

static bool make_room(struct event_set *set) {
    if (set->first == set->end) {
        set->first = set->end = 0;
    }
    if (set->end < set->room) {
        return true;
    }
    bool is_largest = set->room * 2 > QUEUE_LIMIT;
    if (set->first > (is_largest ? 0 : set->room / 2)) {
        memmove(set->queue, set->queue + set->first, (set->end - set->first) * sizeof *set->queue);
        set->end -= set->first;
        set->first = 0;
        return true;
    }
    size_t room = set->room == 0 ? 16 : set->room * 2;
    nvmlEventData_t *queue = is_largest ? NULL : realloc(set->queue, room * sizeof *queue);
    if (queue == NULL) {
        return false;
    }
    set->queue = queue;
    set->room = room;
    return true;
}

void emit_event(int slot, unsigned long long type, unsigned long long data, unsigned int gpu_instance, unsigned int compute_instance) {
    nvmlEventData_t event = {handle_of_gpu(slot), type, data, gpu_instance, compute_instance};
    for (struct event_set *set = sets; set != NULL; set = set->next) {
        if ((set->registered[slot] & type) != 0 && make_room(set)) {
            set->queue[set->end++] = event;
        }
    }
    pthread_cond_broadcast(&machine.changed);
}

/* --- the functions --- */

EXPORT nvmlReturn_t nvmlEventSetCreate(nvmlEventSet_t *set) {
    nvmlReturn_t answer = enter(CALL_nvmlEventSetCreate);
    if (answer != NVML_SUCCESS) {
        return leave(answer);
    }
    if (set == NULL) {
        return leave(NVML_ERROR_INVALID_ARGUMENT);
    }
    struct event_set *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return leave(NVML_ERROR_MEMORY);
    }
    made->handle = (uint64_t)SET_MARK << 56 | ++sets_made;
    made->next = sets;
    sets = made;
    sets_open++;
    *set = (nvmlEventSet_t)(uintptr_t)made->handle;
    return leave(NVML_SUCCESS);
}

EXPORT nvmlReturn_t nvmlEventSetFree(nvmlEventSet_t set) {
    nvmlReturn_t answer = enter(CALL_nvmlEventSetFree);
    if (answer == NVML_SUCCESS) {
        struct event_set **place = find_set(set);
        if (*place == NULL) {
            answer = NVML_ERROR_INVALID_ARGUMENT;
        } else {
            free_set(place);
            pthread_cond_broadcast(&machine.changed);
        }
    }
    return leave(answer);
}

EXPORT nvmlReturn_t nvmlDeviceGetSupportedEventTypes(nvmlDevice_t device, unsigned long long *types) {
    struct gpu *gpu;
    nvmlReturn_t answer = enter_gpu(CALL_nvmlDeviceGetSupportedEventTypes, device, &gpu);
    if (answer == NVML_SUCCESS) {
        long long supported;
        answer = types == NULL ? NVML_ERROR_INVALID_ARGUMENT : read_gpu(gpu, EVENT_TYPES, &supported);
        if (answer == NVML_SUCCESS) {
            *types = (unsigned long long)supported;
        }
    }
    return leave(answer);
}

EXPORT nvmlReturn_t nvmlDeviceRegisterEvents(nvmlDevice_t device, unsigned long long types, nvmlEventSet_t set) {
    struct gpu *gpu;
    nvmlReturn_t answer = enter_gpu(CALL_nvmlDeviceRegisterEvents, device, &gpu);
    if (answer != NVML_SUCCESS) {
        return leave(answer);
    }
    struct event_set *found = *find_set(set);
    long long supported;
    if (found == NULL) {
        answer = NVML_ERROR_INVALID_ARGUMENT;
    } else {
        answer = read_gpu(gpu, EVENT_TYPES, &supported);
    }
    if (answer == NVML_SUCCESS && (types & ~(unsigned long long)supported) != 0) {
        answer = NVML_ERROR_NOT_SUPPORTED; /* and none of the others is registered */
    }
    if (answer == NVML_SUCCESS) {
        found->registered[slot_of(gpu)] |= types;
    }
    return leave(answer);
}

/* Waits for an event and writes that many bytes of it. */
static nvmlReturn_t wait_for_event(enum function function, nvmlEventSet_t set, void *data, size_t bytes, unsigned int milliseconds) {
    nvmlReturn_t answer = enter(function);
    if (answer != NVML_SUCCESS) {
        return leave(answer);
    }
    if (data == NULL) {
        return leave(NVML_ERROR_INVALID_ARGUMENT);
    }
    long long deadline = monotonic_nanoseconds() + milliseconds * 1000000LL;
    for (;;) {
        struct event_set *found = *find_set(set);
        if (machine.open == 0) {
            return leave(NVML_ERROR_UNINITIALIZED);
        }
        if (found == NULL) {
            return leave(NVML_ERROR_INVALID_ARGUMENT);
        }
        if (found->first < found->end) {
            memcpy(data, &found->queue[found->first++], bytes);
            return leave(NVML_SUCCESS);
        }
        if (monotonic_nanoseconds() >= deadline) {
            return leave(NVML_ERROR_TIMEOUT);
        }
        wait_for_change(deadline);
    }
}

/* Of the time before MIG: its event ends before the instances, and an old caller has no room for more. */
EXPORT nvmlReturn_t nvmlEventSetWait(nvmlEventSet_t set, nvmlEventData_t *data, unsigned int milliseconds) {
    return wait_for_event(CALL_nvmlEventSetWait, set, data, offsetof(nvmlEventData_t, gpuInstanceId), milliseconds);
}

#ifndef OLD_DRIVER
EXPORT nvmlReturn_t nvmlEventSetWait_v2(nvmlEventSet_t set, nvmlEventData_t *data, unsigned int milliseconds) {
    return wait_for_event(CALL_nvmlEventSetWait_v2, set, data, sizeof *data, milliseconds);
}
#endif

EXPORT int heal_fake_event_sets(void) {
    pthread_mutex_lock(&machine.lock);
    int open = sets_open;
    pthread_mutex_unlock(&machine.lock);
    return open;
}
