/* The self test of the fake: main LIBRARY stories | shipped ERRORS-FREE-FOLDER | old-driver | cycles | storm SECONDS | garbage SEED */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"

void tell_stories(void);
void tell_of_events(void);

static int entries_in(const char *folder) {
    DIR *directory = opendir(folder);
    int count = 0;
    while (readdir(directory) != NULL) {
        count++;
    }
    closedir(directory);
    return count;
}

static long resident_pages(void) {
    long total = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (fscanf(file, "%ld %ld", &total, &resident) != 2) {
        resident = 0;
    }
    fclose(file);
    return resident;
}

/* Opens and closes the library over and over: nothing of it may stay. */
static void cycles(const char *path) {
    int files = 0, threads = 0;
    long pages = 0;
    for (int cycle = 0; cycle < 1000; cycle++) {
        if (cycle == 100) {
            files = entries_in("/proc/self/fd");
            threads = entries_in("/proc/self/task");
            pages = resident_pages();
        }
        load(path);
        CHECK_EQUAL(0, CALL(nvmlInit_v2)());
        nvmlEventSet_t set;
        CHECK_EQUAL(0, CALL(nvmlEventSetCreate)(&set)); /* and never freed */
        CHECK_EQUAL(0, CALL(nvmlDeviceRegisterEvents)(gpu_at(0), 8ULL, set));
        if (cycle % 2 == 0) {
            CHECK_EQUAL(0, CALL(nvmlShutdown)());
        }
        unload();
    }
    CHECK_EQUAL(files, entries_in("/proc/self/fd"));
    CHECK_EQUAL(threads, entries_in("/proc/self/task"));
    printf("pages that stayed of 900 cycles: %ld\n", resident_pages() - pages);
    CHECK(resident_pages() - pages < 200);
}

/* --- many threads at once --- */

static atomic_bool stop;
static _Atomic(nvmlEventSet_t) shared_set; /* others wait in sets that are freed meanwhile */

static void *call_everything(void *argument) {
    unsigned int seed = (unsigned int)(uintptr_t)argument, value;
    while (!stop) {
        nvmlDevice_t gpu = NULL;
        CALL(nvmlDeviceGetHandleByIndex_v2)(rand_r(&seed) % 5, &gpu);
        CALL(nvmlDeviceGetTemperature)(gpu, 0, &value);
        CALL(nvmlDeviceSetPowerManagementLimit)(gpu, 200000 + rand_r(&seed) % 500000);
        nvmlFieldValue_t fields[16];
        for (int field = 0; field < 16; field++) {
            fields[field] = (nvmlFieldValue_t){.fieldId = (unsigned int)rand_r(&seed) % 260, .scopeId = (unsigned int)rand_r(&seed) % 20};
        }
        CALL(nvmlDeviceGetFieldValues)(gpu, 16, fields);
        nvmlProcessInfo_v2_t processes[2];
        value = 2;
        CALL(nvmlDeviceGetComputeRunningProcesses_v2)(gpu, &value, processes);
        nvmlEventSet_t set = NULL;
        nvmlEventData_t event;
        if (CALL(nvmlEventSetCreate)(&set) == NVML_SUCCESS) {
            CALL(nvmlDeviceRegisterEvents)(gpu, 8ULL, set);
            CALL(nvmlEventSetWait)(set, &event, 1);
            shared_set = set;
            nvmlEventSet_t some = shared_set;
            CALL(nvmlEventSetWait)(some, &event, 2);
            CALL(nvmlEventSetFree)(set);
        }
        CALL(nvmlInit_v2)();
        CALL(nvmlShutdown)();
    }
    return NULL;
}

static void storm(int length) {
    static const char *const lines[] = {
        "gpu * xid 79\n", "gpu 1 lost on\n", "gpu 1 lost off\n", "gpu 2 removed\n", "gpu 2 added\n", "gpu * temperature 30..90 over 20ms\n",
        "slow nvmlDeviceGetTemperature 3ms gpu 1\n", "slow nvmlDeviceGetTemperature off\n", "gpu 0 process 77 1GiB\n", "gpu 0 process 77 gone\n",
        "gpu 3 mig on\n", "gpu 3 instance 1 0 1GiB\n", "gpu 3 mig off\n", "driver unloaded\n", "driver 1\n", "driver 2\n", "nonsense\n", "permission denied\n",
        "permission granted\n",
    };
    enum { THREADS = 6 };
    pthread_t threads[THREADS];
    rewrite("gpus 4\n");
    CHECK_EQUAL(0, CALL(nvmlInit_v2)());
    for (uintptr_t thread = 0; thread < THREADS; thread++) {
        pthread_create(&threads[thread], NULL, call_everything, (void *)(thread + 1));
    }
    unsigned int seed = 7;
    for (double end = seconds() + length; seconds() < end;) {
        if (rand_r(&seed) % 50 == 0) {
            replace("gpus 4\ngpu * power 600\n");
        } else {
            append(lines[(unsigned int)rand_r(&seed) % (sizeof lines / sizeof *lines)]);
        }
    }
    stop = true;
    append("slow nvmlDeviceGetTemperature off\n");
    for (int thread = 0; thread < THREADS; thread++) {
        pthread_join(threads[thread], NULL);
    }
}

/* --- files that are none --- */

static void garbage(unsigned int seed) {
    static const char *const words[] = {"gpu", "gpus", "0", "*", "0..7", "9999999999999999999", "-1", "+5", "temperature", "power", "40..95", "over", "20ms", "..", "#",
        "mig", "on", "instance", "process", "link", "crc_flit", "code", "unsupported", "slow", "fail", "nvmlInit_v2", "1e9", "0x", "0xFFFFFFFFFFFFFFFFF", "1.5GiB",
        "remap_histogram", "1,2,3,4,5", "throttle", "gpu_idle,,", "xid", "gi", "ci", "name", "pci", "0000:1B:00.0", "ecc_corrected_volatile", "dram", "\t", "\r", "%s%n"};
    for (int round = 0; round < 200; round++) {
        static char text[20000];
        int length = 0;
        length += sprintf(text, "gpus %d\n", rand_r(&seed) % 34);
        for (int piece = 0; piece < 1500; piece++) {
            int kind = rand_r(&seed) % 40;
            if (kind == 0) {
                text[length++] = (char)(1 + rand_r(&seed) % 255); /* zero bytes: the next story */
            } else {
                length += sprintf(text + length, "%s%s", words[(unsigned int)rand_r(&seed) % (sizeof words / sizeof *words)], kind < 8 ? "\n" : " ");
            }
        }
        strcpy(text + length, "\ngpus 1\n");
        replace(text);
        unsigned int value;
        CALL(nvmlInit_v2)();
        CALL(nvmlDeviceGetTemperature)((nvmlDevice_t)0x4801000000000000, 0, &value);
    }
    int file = open(machine_path(), O_WRONLY | O_TRUNC);
    unsigned char bytes[65536];
    for (size_t number = 0; number < sizeof bytes; number++) {
        bytes[number] = (unsigned char)rand_r(&seed);
    }
    CHECK_EQUAL(sizeof bytes, write(file, bytes, sizeof bytes));
    close(file);
    sleep_milliseconds(50);
    CHECK(ASK(heal_fake_errors) > 100);
    rewrite("gpus 2\n");
    CHECK_EQUAL(0, ASK(heal_fake_errors));
}

/* --- the machines that are shipped --- */

static void shipped(unsigned int gpus) {
    unsigned int count = 0, value;
    CHECK_EQUAL(0, CALL(nvmlInit_v2)());
    CHECK_EQUAL(0, ASK(heal_fake_errors));
    CHECK_EQUAL(0, CALL(nvmlDeviceGetCount_v2)(&count));
    CHECK_EQUAL(gpus, count);
    for (unsigned int gpu = 0; gpu < count; gpu++) {
        CHECK_EQUAL(0, CALL(nvmlDeviceGetTemperature)(gpu_at(gpu), 0, &value));
        CHECK(value >= 30 && value <= 39);
    }
    CHECK_EQUAL(0, CALL(nvmlShutdown)());
}

static void old_driver(void) {
    static const char *const absent[] = {"nvmlDeviceGetMemoryInfo_v2", "nvmlDeviceGetComputeRunningProcesses_v3", "nvmlEventSetWait_v2",
        "nvmlDeviceGetMarginTemperature", "nvmlDeviceGetCurrentClocksEventReasons", "nvmlDeviceSetMemoryLockedClocks",
        "nvmlDeviceResetMemoryLockedClocks", "nvmlDeviceGetRemappedRows", "nvmlDeviceGetRowRemapperHistogram", "nvmlDeviceGetNumFans"};
    for (size_t number = 0; number < sizeof absent / sizeof *absent; number++) {
        CHECK(!has_function(absent[number]));
    }
    shipped(4);
    CHECK_EQUAL(0, CALL(nvmlInit_v2)());
    unsigned long long types, count;
    nvmlEventSet_t set;
    CHECK_EQUAL(0, CALL(nvmlDeviceGetSupportedEventTypes)(gpu_at(0), &types));
    CHECK_EQUAL(0x19F, types);
    CHECK_EQUAL(0, CALL(nvmlEventSetCreate)(&set));
    CHECK_EQUAL(3, CALL(nvmlDeviceRegisterEvents)(gpu_at(0), 0x8008ULL, set));
    CHECK_EQUAL(0, CALL(nvmlDeviceRegisterEvents)(gpu_at(0), 8ULL, set));
    CHECK_EQUAL(0, CALL(nvmlEventSetFree)(set));
    nvmlFieldValue_t fields[] = {{.fieldId = 161}, {.fieldId = 186}, {.fieldId = 30}, {.fieldId = 142}, {.fieldId = 160}};
    CHECK_EQUAL(0, CALL(nvmlDeviceGetFieldValues)(gpu_at(0), 5, fields));
    CHECK(fields[0].nvmlReturn == 3 && fields[1].nvmlReturn == 3 && fields[2].nvmlReturn == 0 && fields[3].nvmlReturn == 3 && fields[4].nvmlReturn == 0);
    CHECK_EQUAL(0, CALL(nvmlDeviceGetMemoryErrorCounter)(gpu_at(0), 1, 0, 2, &count));
    CHECK_EQUAL(3, CALL(nvmlDeviceGetMemoryErrorCounter)(gpu_at(0), 1, 0, 7, &count));
}

int main(int count, char **arguments) {
    const char *library = arguments[1], *what = count > 2 ? arguments[2] : "";
    int number = count > 3 ? atoi(arguments[3]) : 0;
    if (strcmp(what, "cycles") == 0) {
        cycles(library);
    } else {
        if (machine_path() != NULL) {
            rewrite("gpus 1\n"); /* before the library reads it */
        }
        load(library);
        if (strcmp(what, "stories") == 0) {
            tell_stories();
            tell_of_events();
        } else if (strcmp(what, "storm") == 0) {
            storm(number);
        } else if (strcmp(what, "garbage") == 0) {
            garbage((unsigned int)number);
        } else if (strcmp(what, "old-driver") == 0) {
            old_driver();
        } else {
            shipped((unsigned int)number);
        }
        unload();
    }
    printf("%s: %s\n", what, failures() == 0 ? "good" : "not good");
    return failures() != 0;
}
