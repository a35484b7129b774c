/*
 * The state of the faked machine, what guards it, and how a call of NVML gets at it.
 *
 * One lock guards everything. Nobody keeps it while waiting: a `slow` call and a wait for an event sleep on `changed`, which
 * gives the lock back. Nothing that outlives a wait is kept by address: after it, a GPU or an event set is looked up anew.
 */
#ifndef HEAL_FAKE_MACHINE_H
#define HEAL_FAKE_MACHINE_H

#include <pthread.h>
#include <stdbool.h>

#include "abi.h"
#include "functions.h"
#include "keys.h"

enum {
    MAX_GPUS = 32,
    MAX_INSTANCES = 7,   /* MIG devices of one GPU: what A100 and H100 allow */
    MAX_PROCESSES = 128, /* of one GPU */
    TEXT_BYTES = 96,
};

/* One number that a call can read: constant, on a ramp, or not readable at all. Its unit is the key's. */
struct reading {
    nvmlReturn_t answer; /* NVML_SUCCESS, or what reading it answers */
    bool follows;        /* computed from other readings as long as nobody sets it */
    long long value;     /* the value, or where a ramp ends */
    long long ramp_from;
    long long ramp_start; /* nanoseconds of the monotonic clock */
    long long ramp_span;  /* nanoseconds; 0: no ramp */
};

struct text {
    nvmlReturn_t answer;
    char value[TEXT_BYTES];
};

/* The counter of one kind of ECC error: a total of its own, or the sum of the locations where those were set last. */
struct ecc_counter {
    struct reading total;
    struct reading location[NVML_MEMORY_LOCATION_COUNT];
    bool by_location;
};

struct link {
    struct reading up;
    struct reading errors[NVML_NVLINK_ERROR_COUNT];
};

struct process {
    unsigned int pid;
    unsigned long long memory; /* bytes */
    unsigned int gpu_instance, compute_instance; /* NO_INSTANCE without MIG */
};

struct instance {
    bool exists;
    unsigned int gpu_instance, compute_instance;
    unsigned long long memory; /* bytes */
    char uuid[TEXT_BYTES];
};

/* Clocks locked by a call, in MHz. */
struct clock_lock {
    bool locked;
    unsigned int min, max;
};

struct gpu {
    bool present; /* false: removed, or never made */
    bool lost;
    struct text texts[TEXT_COUNT];
    struct reading readings[READING_COUNT];
    struct ecc_counter ecc[NVML_MEMORY_ERROR_TYPE_COUNT][NVML_ECC_COUNTER_TYPE_COUNT];
    struct link links[NVML_NVLINK_MAX_LINKS];
    struct process processes[MAX_PROCESSES];
    int process_count;
    struct instance instances[MAX_INSTANCES];
    struct clock_lock graphics_lock, memory_lock;
};

/* What the machine file makes of one function. Index MAX_GPUS holds the rule for every GPU. */
struct rule {
    bool missing;
    int fail[MAX_GPUS + 1];           /* return code; 0: none */
    long long slow[MAX_GPUS + 1]; /* nanoseconds; 0: none */
};

enum driver { DRIVER_LOADED, DRIVER_UNLOADED, DRIVER_MISMATCH };

/* All that a truncated or replaced machine file sets back. */
struct state {
    enum driver driver;
    char driver_version[TEXT_BYTES], nvml_version[TEXT_BYTES];
    int cuda_version;
    bool permission_denied;
    int gpu_count; /* slots made by `gpus`, removed ones included */
    struct gpu gpus[MAX_GPUS];
    struct rule rules[FUNCTION_COUNT];
    int lines_applied, lines_wrong;
};

struct machine {
    pthread_mutex_t lock;
    pthread_cond_t changed; /* on the monotonic clock: an event came, a set was freed, a rule or the driver changed */
    int open;               /* nvmlInit calls without their nvmlShutdown */
    /* Raised when what a handle names goes away, so that the old handle is told from a new one. Outlive a reset. */
    unsigned short gpu_generation[MAX_GPUS];
    unsigned short instance_generation[MAX_GPUS][MAX_INSTANCES];
    struct state state;
};

extern struct machine machine;

/* --- time and the lock --- */

long long monotonic_nanoseconds(void);
/* Waits for `changed`, at most until the deadline. The lock must be held, and is held afterwards. */
void wait_for_change(long long deadline);

/* --- opening and closing a call: each enter leaves the machine locked, whatever it answers --- */

/* Sleeps as a `slow` rule says, then answers what `missing` and `fail` rules say. The lock must be held. */
nvmlReturn_t obey_rules(enum function function, int slot);
/* Locks, obeys the rules, and asks that NVML is initialised. */
nvmlReturn_t enter(enum function function);
/* The same for a call about a GPU; answers 2 for what is no handle of a GPU, 15 for one that is lost or removed. */
nvmlReturn_t enter_gpu(enum function function, nvmlDevice_t device, struct gpu **gpu);
/* The same for a call that also takes a MIG device; *instance is NULL where the handle is that of a GPU. */
nvmlReturn_t enter_device(enum function function, nvmlDevice_t device, struct gpu **gpu, struct instance **instance);
/* The same for a call that changes the GPU and so needs root. */
nvmlReturn_t enter_as_root(enum function function, nvmlDevice_t device, struct gpu **gpu);
/* Unlocks and hands the answer through. */
nvmlReturn_t leave(nvmlReturn_t answer);
/* Counts a call of a function that no rule can name. */
void count_call(void);
int calls_made(void);

/* --- handles --- */

int slot_of(const struct gpu *gpu);
nvmlDevice_t handle_of_gpu(int slot);
nvmlDevice_t handle_of_instance(int slot, int instance);
/* The slot at an index of NVML, which leaves out removed GPUs; -1: none. */
int slot_at_index(unsigned int index);

/* --- readings --- */

struct reading reading_of(long long value);
nvmlReturn_t reading_now(const struct reading *reading, long long *value);
/* A reading of the GPU as NVML shows it: with locked clocks, the power cap, and what follows from other readings. */
nvmlReturn_t read_gpu(const struct gpu *gpu, enum reading_key key, long long *value);
nvmlReturn_t read_ecc_total(const struct gpu *gpu, int type, int counter, long long *value);
nvmlReturn_t copy_text(const char *text, char *out, unsigned int length);

/* --- changes; the lock must be held --- */

void reset_state(void);
void make_gpus(int count);
void remove_gpu(struct gpu *gpu);
void remove_instance(struct gpu *gpu, int index);
void unload_driver(void);
/* Hands an event to the sets that registered its type for the GPU. */
void emit_event(int slot, unsigned long long type, unsigned long long data, unsigned int gpu_instance, unsigned int compute_instance);
void drop_event_sets(void);

/* --- the machine file --- */

/* Reads the machine file on first use, and follows it from then on. */
void start_following(void);
/* Applies one line; NULL, or what is wrong with it (in a static buffer that the lock guards). */
const char *apply_line(const char *line);

#endif
