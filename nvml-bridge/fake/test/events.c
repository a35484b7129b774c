/* Stories of events, of the driver, and of the machine file itself. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"

static nvmlEventSet_t new_set(unsigned int gpus, unsigned long long types) {
    nvmlEventSet_t set = NULL;
    CHECK_EQUAL(0, CALL(nvmlEventSetCreate)(&set));
    for (unsigned int gpu = 0; gpu < gpus; gpu++) {
        CHECK_EQUAL(0, CALL(nvmlDeviceRegisterEvents)(gpu_at(gpu), types, set));
    }
    return set;
}

static void expect_event(nvmlEventSet_t set, nvmlDevice_t gpu, unsigned long long type, unsigned long long data) {
    nvmlEventData_t event;
    memset(&event, 0x55, sizeof event);
    CHECK_EQUAL(0, CALL(nvmlEventSetWait_v2)(set, &event, 2000));
    CHECK(event.device == gpu);
    CHECK_EQUAL(type, event.eventType);
    CHECK_EQUAL(data, event.eventData);
}

static void types_and_sets(void) {
    unsigned long long types;
    nvmlEventData_t event;
    nvmlDevice_t gpu = gpu_at(1);
    CHECK_EQUAL(0, CALL(nvmlDeviceGetSupportedEventTypes)(gpu, &types));
    CHECK_EQUAL(0xFF9F, types);
    nvmlEventSet_t all = new_set(2, 0xFF9F), xids = new_set(1, 8);
    CHECK_EQUAL(3, CALL(nvmlDeviceRegisterEvents)(gpu, 0x18000ULL, xids));
    CHECK_EQUAL(2, ASK(heal_fake_event_sets));
    append("gpu 1 xid 79 gi 1 ci 0\n");
    CHECK_EQUAL(0, CALL(nvmlEventSetWait_v2)(all, &event, 2000));
    CHECK(event.device == gpu && event.eventType == 8 && event.eventData == 79 && event.gpuInstanceId == 1 && event.computeInstanceId == 0);
    CHECK_EQUAL(10, CALL(nvmlEventSetWait_v2)(xids, &event, 0));
    append("gpu 0 xid 48\n");
    expect_event(xids, gpu_at(0), 8, 48);
    memset(&event, 0x55, sizeof event);
    CHECK_EQUAL(0, CALL(nvmlEventSetWait)(all, &event, 100));
    CHECK_EQUAL(0x55555555, event.gpuInstanceId); /* version 1 ends before it */
    append("gpu 1 event single_bit_ecc\ngpu 1 event fatal_poison 7\ngpu 1 recovery_action reset\ngpu 1 lost on\ngpu 0 xid 13\n");
    expect_event(all, gpu, 1, 0);
    expect_event(all, gpu, 0x2000, 7);
    expect_event(all, gpu, 0x8000, 1);
    expect_event(all, gpu, 0x4000, 0);
    expect_event(all, gpu_at(0), 8, 13);
    append("gpu 1 lost off\n");
    double before = seconds();
    CHECK_EQUAL(10, CALL(nvmlEventSetWait_v2)(all, &event, 50));
    CHECK(seconds() - before > 0.049);
    CHECK_EQUAL(0, CALL(nvmlEventSetFree)(all));
    CHECK_EQUAL(2, CALL(nvmlEventSetFree)(all));
    CHECK_EQUAL(2, CALL(nvmlEventSetWait_v2)(all, &event, 50));
    CHECK_EQUAL(0, CALL(nvmlEventSetFree)(xids));
    CHECK_EQUAL(0, ASK(heal_fake_event_sets));
}

/* Each of a thousand Xids comes out, in order. */
static void flood(void) {
    nvmlEventSet_t set = new_set(2, 8);
    nvmlEventData_t event;
    static char lines[64 * 1000];
    int length = 0;
    for (int xid = 0; xid < 1000; xid++) {
        length += sprintf(lines + length, "gpu 0 xid %d\n", xid);
    }
    append(lines);
    for (int xid = 0; xid < 1000; xid++) {
        CHECK_EQUAL(0, CALL(nvmlEventSetWait_v2)(set, &event, 1000));
        CHECK_EQUAL(xid, event.eventData);
    }
    CHECK_EQUAL(0, CALL(nvmlEventSetFree)(set));
}

struct waiter {
    nvmlEventSet_t set;
    nvmlReturn_t answer;
    double came;
};

static void *wait_long(void *argument) {
    struct waiter *waiter = argument;
    nvmlEventData_t event;
    waiter->answer = CALL(nvmlEventSetWait_v2)(waiter->set, &event, 60000);
    waiter->came = seconds();
    return NULL;
}

static nvmlReturn_t answer_after(const char *line) {
    pthread_t thread;
    struct waiter waiter = {.set = new_set(2, 8)};
    pthread_create(&thread, NULL, wait_long, &waiter);
    sleep_milliseconds(50);
    if (line == NULL) {
        CHECK_EQUAL(0, CALL(nvmlEventSetFree)(waiter.set));
    } else {
        append(line);
    }
    pthread_join(thread, NULL);
    return waiter.answer;
}

static void waiting(void) {
    double slowest = 0;
    for (int round = 0; round < 20; round++) {
        pthread_t thread;
        struct waiter waiter = {.set = new_set(2, 8)};
        pthread_create(&thread, NULL, wait_long, &waiter);
        sleep_milliseconds(10);
        double before = seconds();
        append_only("gpu 0 xid 31\n");
        pthread_join(thread, NULL);
        CHECK_EQUAL(0, waiter.answer);
        slowest = waiter.came - before > slowest ? waiter.came - before : slowest;
        CHECK_EQUAL(0, CALL(nvmlEventSetFree)(waiter.set));
    }
    printf("from a line to its event: at most %.2f ms of 20\n", slowest * 1e3);
    CHECK_EQUAL(2, answer_after(NULL));
    CHECK_EQUAL(1, answer_after("driver unloaded\n"));
}

static void driver(void) {
    unsigned int count;
    CHECK_EQUAL(1, CALL(nvmlDeviceGetCount_v2)(&count));
    CHECK_EQUAL(0, ASK(heal_fake_event_sets));
    CHECK_EQUAL(0, ASK(heal_fake_open));
    CHECK_EQUAL(9, CALL(nvmlInit_v2)());
    append("driver mismatch\n");
    CHECK_EQUAL(18, CALL(nvmlInit_v2)());
    append("driver 560.1\n");
    CHECK_EQUAL(1, CALL(nvmlDeviceGetCount_v2)(&count));
    CHECK_EQUAL(0, CALL(nvmlInit_v2)());
    CHECK_EQUAL(0, CALL(nvmlDeviceGetCount_v2)(&count));
}

static unsigned int temperature_of_first(void) {
    unsigned int value = 0xDEAD;
    CHECK_EQUAL(0, CALL(nvmlDeviceGetTemperature)(gpu_at(0), 0, &value));
    return value;
}

static void file(void) {
    append("gpu 0 temperature 50\n");
    append_only("gpu 0 temperature 6");
    sleep_milliseconds(30);
    CHECK_EQUAL(50, temperature_of_first());
    append("1\n");
    CHECK_EQUAL(61, temperature_of_first());
    rewrite("gpus 1\n");
    CHECK_EQUAL(35, temperature_of_first());
    replace("gpus 3\ngpu * temperature 44\n");
    CHECK_EQUAL(44, temperature_of_first());
    append("gpu 0 temperature 45\n");
    CHECK_EQUAL(45, temperature_of_first());
    replace("gpus 3\ngpu * temperature 46\ngpu 0 temperature 47\n");
    append("gpu 0 temperature 48\n");
    CHECK_EQUAL(48, temperature_of_first());
    unlink(machine_path());
    sleep_milliseconds(30);
    CHECK_EQUAL(48, temperature_of_first());
    rewrite("gpus 1\ngpu 0 temperature 49\n");
    CHECK_EQUAL(49, temperature_of_first());
}

static void mistakes(void) {
    static const char *const lines[] = {
        "gpu", "gpu 0", "gpu 0 temperature", "gpu 0 temperature hot", "gpu 0 temperature 1 2", "gpu 0 temperature 40..95", "gpu 0 temperature 999",
        "gpu 0 temperature 40..95 over soon", "gpu 0 temperature 40..hot over 1s", "gpu 0 temperature 99999999999999999999999", "gpu 9 temperature 4",
        "gpu x temperature 4", "gpu 1..0 temperature 4", "gpu -1 temperature 4", "gpus many", "gpus 33", "gpus", "turn left", "driver", "driver a b",
        "permission maybe", "slow", "slow nvmlNothing 1s", "slow nvmlInit_v2", "slow nvmlInit_v2 1s gpu 0", "slow nvmlDeviceGetName fast", "fail nvmlInit_v2 0",
        "fail nvmlInit_v2 1000", "fail nvmlDeviceGetName 4 gpu 7", "missing nvmlNothing", "missing nvmlInit_v2 please", "gpu 0 mood good", "gpu 0 mig perhaps",
        "gpu 0 throttle fast", "gpu 0 throttle gpu_idle,", "gpu 0 memory_used 12", "gpu 0 memory_used 12GB", "gpu 0 link 18 up", "gpu 0 link 1 sideways",
        "gpu 0 link 1", "gpu 0 process 0 1GiB", "gpu 0 process 5", "gpu 0 process 5 gone", "gpu 0 instance 1 0 1GiB", "gpu 0 remap_histogram 1,2,3",
        "gpu 0 ecc_corrected_volatile here 3", "gpu 0 xid", "gpu 0 xid many", "gpu 0 xid 79 gi 1", "gpu 0 event nothing", "gpu 0 pci nowhere", "gpu 0 lost",
        "gpu 0 uuid two words", "gpu 0 temperature code 0", "gpu 0 recovery_action pray", "gpu 0 recovery_action on..off over 1s", "cuda latest", "nvml",
        "a b c d e f g h i j k l m n o p q r s t u v w x y z",
    };
    enum { COUNT = sizeof lines / sizeof *lines };
    int before = ASK(heal_fake_errors);
    for (int number = 0; number < COUNT; number++) {
        char line[256];
        snprintf(line, sizeof line, "%s\n", lines[number]);
        append(line);
        CHECK_EQUAL(before + number + 1, ASK(heal_fake_errors));
        if (ASK(heal_fake_errors) != before + number + 1) {
            printf("  at: %s", line);
        }
    }
    append("\n   # nothing\n\tgpu 0\ttemperature  52 \r\n");
    CHECK_EQUAL(before + COUNT, ASK(heal_fake_errors));
    CHECK_EQUAL(52, temperature_of_first());
    char *line = malloc(200001);
    memset(line, 'x', 199999);
    strcpy(line + 199999, "\n");
    append(line);
    line[4096] = '\n';
    line[4097] = '\0';
    append(line);
    line[4096] = 'x';
    line[4097] = '\n';
    line[4098] = '\0';
    append(line);
    free(line);
    CHECK_EQUAL(before + COUNT + 3, ASK(heal_fake_errors));
    append("gpu 0 temperature 53\n");
    CHECK_EQUAL(53, temperature_of_first());
}

void tell_of_events(void) {
    rewrite("gpus 2\n");
    CHECK_EQUAL(0, CALL(nvmlInit_v2)());
    types_and_sets();
    flood();
    waiting();
    driver();
    file();
    mistakes();
    CHECK_EQUAL(0, CALL(nvmlShutdown)());
}
