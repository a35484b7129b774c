/* Stories of a machine of two GPUs: what a line of the machine file makes of what a call answers. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "harness.h"

static const char start[] =
    "driver 550.90.07\n"
    "gpus 2\n"
    "gpu * temperature 40\n";

static unsigned int number_of(nvmlReturn_t (*function)(), nvmlDevice_t device) {
    unsigned int value = 0xDEAD;
    CHECK_EQUAL(0, function(device, &value));
    return value;
}

static unsigned int temperature_of(nvmlDevice_t device) {
    unsigned int value = 0xDEAD;
    CHECK_EQUAL(0, CALL(nvmlDeviceGetTemperature)(device, 0, &value));
    return value;
}

static void identity(void) {
    unsigned int count = 0, index = 9;
    char text[96], driver[80];
    nvmlPciInfo_t pci;
    nvmlDevice_t first = gpu_at(0), second = gpu_at(1), found = NULL;
    CHECK_EQUAL(0, CALL(nvmlDeviceGetCount_v2)(&count));
    CHECK_EQUAL(2, count);
    CHECK_EQUAL(0, CALL(nvmlDeviceGetUUID)(second, text, sizeof text));
    CHECK(strcmp(text, "GPU-00000001-0000-4000-8000-000000000001") == 0);
    CHECK_EQUAL(0, CALL(nvmlDeviceGetHandleByUUID)(text, &found));
    CHECK(found == second && found != first);
    CHECK_EQUAL(7, CALL(nvmlDeviceGetUUID)(second, text, (int)strlen(text)));
    CHECK_EQUAL(0, CALL(nvmlDeviceGetPciInfo_v3)(second, &pci));
    CHECK(strcmp(pci.busId, "00000000:0F:00.0") == 0 && strcmp(pci.busIdLegacy, "0000:0F:00.0") == 0 && pci.bus == 15);
    CHECK_EQUAL(0, CALL(nvmlDeviceGetHandleByPciBusId_v2)("0000:0f:00.0", &found));
    CHECK(found == second);
    CHECK_EQUAL(6, CALL(nvmlDeviceGetHandleByPciBusId_v2)("0000:FF:00.0", &found));
    CHECK_EQUAL(2, CALL(nvmlDeviceGetHandleByPciBusId_v2)("first", &found));
    CHECK_EQUAL(6, CALL(nvmlDeviceGetHandleByUUID)("GPU-none", &found));
    CHECK_EQUAL(2, CALL(nvmlDeviceGetHandleByIndex_v2)(2, &found));
    CHECK_EQUAL(0, CALL(nvmlDeviceGetIndex)(second, &index));
    CHECK_EQUAL(1, index);
    CHECK_EQUAL(0, CALL(nvmlSystemGetDriverVersion)(driver, 80));
    CHECK(strcmp(driver, "550.90.07") == 0);
}

static void readings(void) {
    nvmlDevice_t gpu = gpu_at(1);
    append("gpu 1 temperature 61 # a comment\n");
    CHECK_EQUAL(61, temperature_of(gpu));
    CHECK_EQUAL(40, temperature_of(gpu_at(0)));
    append("gpu * temperature +5\n");
    CHECK_EQUAL(66, temperature_of(gpu));
    append("gpu 0..1 temperature -6\n");
    CHECK_EQUAL(60, temperature_of(gpu));
    unsigned int value;
    append("gpu 1 temperature unsupported\n");
    CHECK_EQUAL(3, CALL(nvmlDeviceGetTemperature)(gpu, 0, &value));
    append("gpu 1 temperature code 999\n");
    CHECK_EQUAL(999, CALL(nvmlDeviceGetTemperature)(gpu, 0, &value));
    append("gpu 1 temperature 60\ngpu 1 power 123.45\n");
    CHECK_EQUAL(123450, number_of(CALL(nvmlDeviceGetPowerUsage), gpu));
    append("gpu 1 temperature 40..90 over 400ms\n");
    unsigned int early = temperature_of(gpu);
    sleep_milliseconds(200);
    unsigned int middle = temperature_of(gpu);
    sleep_milliseconds(300);
    CHECK(early < 60 && middle > early && middle < 90);
    CHECK_EQUAL(90, temperature_of(gpu));
    nvmlMarginTemperature_v1_t margin = {.version = 0x01000008};
    CHECK_EQUAL(0, CALL(nvmlDeviceGetMarginTemperature)(gpu, &margin));
    CHECK_EQUAL(-3, margin.marginTemperature);
    margin.version = 8;
    CHECK_EQUAL(25, CALL(nvmlDeviceGetMarginTemperature)(gpu, &margin));
    append("gpu 1 name NVIDIA  Odd Name\ngpu 1 throttle sw_thermal,hw_slowdown\n");
    char name[96];
    unsigned long long reasons;
    CHECK_EQUAL(0, CALL(nvmlDeviceGetName)(gpu, name, 96));
    CHECK(strcmp(name, "NVIDIA  Odd Name") == 0);
    CHECK_EQUAL(0, CALL(nvmlDeviceGetCurrentClocksThrottleReasons)(gpu, &reasons));
    CHECK_EQUAL(0x28, reasons);
}

static void memory(void) {
    nvmlDevice_t gpu = gpu_at(0);
    nvmlMemory_t first;
    nvmlMemory_v2_t second = {.version = 0x02000028};
    append("gpu 0 memory_total 80GiB\ngpu 0 memory_reserved 512MiB\ngpu 0 memory_used 1.5GiB\n");
    CHECK_EQUAL(0, CALL(nvmlDeviceGetMemoryInfo)(gpu, &first));
    CHECK_EQUAL(0, CALL(nvmlDeviceGetMemoryInfo_v2)(gpu, &second));
    CHECK_EQUAL(2LL << 30, first.used);
    CHECK_EQUAL(78LL << 30, first.free);
    CHECK_EQUAL(3LL << 29, second.used);
    CHECK_EQUAL(1LL << 29, second.reserved);
    CHECK_EQUAL(first.free, second.free);
    second.version = 2;
    CHECK_EQUAL(25, CALL(nvmlDeviceGetMemoryInfo_v2)(gpu, &second));

    unsigned long long count;
    append("gpu 0 ecc_uncorrected_volatile 7\n");
    CHECK_EQUAL(0, CALL(nvmlDeviceGetTotalEccErrors)(gpu, 1, 0, &count));
    CHECK_EQUAL(7, count);
    append("gpu 0 ecc_uncorrected_volatile dram 3\ngpu 0 ecc_uncorrected_volatile sram +2\n");
    CHECK_EQUAL(0, CALL(nvmlDeviceGetTotalEccErrors)(gpu, 1, 0, &count));
    CHECK_EQUAL(5, count);
    CHECK_EQUAL(0, CALL(nvmlDeviceGetMemoryErrorCounter)(gpu, 1, 0, 2, &count));
    CHECK_EQUAL(3, count);
    CHECK_EQUAL(2, CALL(nvmlDeviceGetMemoryErrorCounter)(gpu, 1, 0, 8, &count));
    append("gpu 0 ecc_mode off\n");
    CHECK_EQUAL(3, CALL(nvmlDeviceGetTotalEccErrors)(gpu, 1, 0, &count));
    append("gpu 0 ecc_mode on\n");

    unsigned int pages = 0, rows[4];
    unsigned long long addresses[4];
    append("gpu 0 retired_dbe 3\ngpu 0 remapped_uncorrected 2\ngpu 0 remap_pending yes\ngpu 0 remap_histogram 9,8,7,6,5\n");
    CHECK_EQUAL(7, CALL(nvmlDeviceGetRetiredPages)(gpu, 1, &pages, NULL));
    CHECK_EQUAL(3, pages);
    CHECK_EQUAL(0, CALL(nvmlDeviceGetRetiredPages)(gpu, 1, &pages, addresses));
    CHECK(addresses[0] != addresses[2]);
    CHECK_EQUAL(0, CALL(nvmlDeviceGetRemappedRows)(gpu, &rows[0], &rows[1], &rows[2], &rows[3]));
    CHECK(rows[0] == 0 && rows[1] == 2 && rows[2] == 1 && rows[3] == 0);
    nvmlRowRemapperHistogramValues_t banks;
    CHECK_EQUAL(0, CALL(nvmlDeviceGetRowRemapperHistogram)(gpu, &banks));
    CHECK(banks.max == 9 && banks.none == 5);
}

static void settings(void) {
    nvmlDevice_t gpu = gpu_at(0);
    unsigned int value;
    unsigned long long reasons;
    append("gpu 0 power 500\ngpu 0 clock_graphics 1900\ngpu 0 clock_sm 1900\ngpu 0 throttle gpu_idle\n");
    CHECK_EQUAL(2, CALL(nvmlDeviceSetPowerManagementLimit)(gpu, 100000));
    CHECK_EQUAL(0, CALL(nvmlDeviceSetPowerManagementLimit)(gpu, 300000));
    CHECK_EQUAL(300000, number_of(CALL(nvmlDeviceGetPowerManagementLimit), gpu));
    CHECK_EQUAL(300000, number_of(CALL(nvmlDeviceGetPowerUsage), gpu));
    CHECK_EQUAL(0, CALL(nvmlDeviceGetCurrentClocksEventReasons)(gpu, &reasons));
    CHECK_EQUAL(4, reasons);
    CHECK_EQUAL(0, CALL(nvmlDeviceSetPowerManagementLimit)(gpu, 700000));
    CHECK_EQUAL(500000, number_of(CALL(nvmlDeviceGetPowerUsage), gpu));
    CHECK_EQUAL(2, CALL(nvmlDeviceSetGpuLockedClocks)(gpu, 900, 800));
    CHECK_EQUAL(0, CALL(nvmlDeviceSetGpuLockedClocks)(gpu, 210, 1200));
    CHECK_EQUAL(0, CALL(nvmlDeviceGetClockInfo)(gpu, 0, &value));
    CHECK_EQUAL(1200, value);
    CHECK_EQUAL(0, CALL(nvmlDeviceResetGpuLockedClocks)(gpu));
    CHECK_EQUAL(0, CALL(nvmlDeviceGetClockInfo)(gpu, 1, &value));
    CHECK_EQUAL(1900, value);
    append("permission denied\n");
    CHECK_EQUAL(4, CALL(nvmlDeviceSetPowerManagementLimit)(gpu, 300000));
    CHECK_EQUAL(4, CALL(nvmlDeviceResetGpuLockedClocks)(gpu));
    CHECK_EQUAL(500000, number_of(CALL(nvmlDeviceGetPowerUsage), gpu));
    append("permission granted\n");
}

static void links_and_fields(void) {
    nvmlDevice_t gpu = gpu_at(0);
    unsigned int up;
    unsigned long long count;
    append("gpu 0 links 12\ngpu 0 link 3 down\ngpu 0 link 3 crc_flit 4\ngpu 0 link * replay 2\ngpu 0 recovery_action drain_p2p\n");
    CHECK_EQUAL(0, CALL(nvmlDeviceGetNvLinkState)(gpu, 3, &up));
    CHECK_EQUAL(0, up);
    CHECK_EQUAL(0, CALL(nvmlDeviceGetNvLinkState)(gpu, 4, &up));
    CHECK_EQUAL(1, up);
    CHECK_EQUAL(2, CALL(nvmlDeviceGetNvLinkState)(gpu, 12, &up));
    CHECK_EQUAL(0, CALL(nvmlDeviceGetNvLinkErrorCounter)(gpu, 3, 2, &count));
    CHECK_EQUAL(4, count);
    nvmlFieldValue_t fields[] = {{.fieldId = 4}, {.fieldId = 38}, {.fieldId = 52}, {.fieldId = 99999}, {.fieldId = 161, .scopeId = 3},
        {.fieldId = 161, .scopeId = 12}, {.fieldId = 193}, {.fieldId = 230}, {.fieldId = 35}, {.fieldId = 186}};
    CHECK_EQUAL(0, CALL(nvmlDeviceGetFieldValues)(gpu, 10, fields));
    static const nvmlReturn_t answers[] = {0, 0, 0, 3, 0, 2, 0, 0, 0, 0};
    static const long long values[] = {5, 4, 24, 0, 2, 0, (unsigned int)-5, 3, 4, 500000};
    for (int field = 0; field < 10; field++) {
        CHECK_EQUAL(answers[field], fields[field].nvmlReturn);
        CHECK_EQUAL(values[field], fields[field].value.ullVal);
        CHECK(fields[field].timestamp > 1700000000000000LL);
    }
    CHECK_EQUAL(5, fields[6].valueType);
    CHECK_EQUAL(-5, fields[6].value.siVal);
}

static void tenants(void) {
    nvmlDevice_t gpu = gpu_at(1), mig = NULL, again = NULL;
    nvmlProcessInfo_v2_t processes[4];
    unsigned int count = 0, id;
    append("gpu 1 process 4711 2GiB\ngpu 1 process 4712 1GiB gi 1 ci 0\n");
    CHECK_EQUAL(7, CALL(nvmlDeviceGetComputeRunningProcesses_v3)(gpu, &count, NULL));
    CHECK_EQUAL(2, count);
    CHECK_EQUAL(0, CALL(nvmlDeviceGetComputeRunningProcesses_v2)(gpu, &count, processes));
    CHECK(count == 2 && processes[0].pid == 4711 && processes[0].gpuInstanceId == 0xFFFFFFFF && processes[1].gpuInstanceId == 1);
    CHECK_EQUAL(0, CALL(nvmlDeviceGetMaxMigDeviceCount)(gpu, &count));
    CHECK_EQUAL(0, count);
    append("gpu 1 process 4711 gone\ngpu 1 mig on\ngpu 1 instance 1 0 10GiB\ngpu 1 instance 2 0 10GiB\n");
    nvmlUtilization_t utilization;
    CHECK_EQUAL(3, CALL(nvmlDeviceGetUtilizationRates)(gpu, &utilization));
    CHECK_EQUAL(0, CALL(nvmlDeviceGetMaxMigDeviceCount)(gpu, &count));
    CHECK_EQUAL(7, count);
    CHECK_EQUAL(0, CALL(nvmlDeviceGetMigDeviceHandleByIndex)(gpu, 0, &mig));
    CHECK_EQUAL(6, CALL(nvmlDeviceGetMigDeviceHandleByIndex)(gpu, 2, &again));
    CHECK_EQUAL(0, CALL(nvmlDeviceGetGpuInstanceId)(mig, &id));
    CHECK_EQUAL(1, id);
    CHECK_EQUAL(2, CALL(nvmlDeviceGetGpuInstanceId)(gpu, &id));
    CHECK_EQUAL(2, CALL(nvmlDeviceGetTemperature)(mig, 0, &id));
    count = 4;
    CHECK_EQUAL(0, CALL(nvmlDeviceGetComputeRunningProcesses_v3)(mig, &count, processes));
    CHECK(count == 1 && processes[0].pid == 4712);
    char uuid[96];
    nvmlMemory_t memory;
    CHECK_EQUAL(0, CALL(nvmlDeviceGetUUID)(mig, uuid, 96));
    CHECK(strncmp(uuid, "MIG-", 4) == 0 && strlen(uuid) == 40);
    CHECK_EQUAL(0, CALL(nvmlDeviceGetHandleByUUID)(uuid, &again));
    CHECK(again == mig);
    CHECK_EQUAL(0, CALL(nvmlDeviceGetMemoryInfo)(mig, &memory));
    CHECK(memory.total == 10ULL << 30 && memory.used == 1ULL << 30);
    append("gpu 1 instance 1 0 gone\n");
    CHECK_EQUAL(2, CALL(nvmlDeviceGetGpuInstanceId)(mig, &id));
    append("gpu 1 mig off\n");
}

static void removal(void) {
    nvmlDevice_t first = gpu_at(0), second = gpu_at(1);
    unsigned int value = 9;
    append("gpu 0 removed\n");
    CHECK_EQUAL(0, CALL(nvmlDeviceGetCount_v2)(&value));
    CHECK_EQUAL(1, value);
    CHECK_EQUAL(15, CALL(nvmlDeviceGetTemperature)(first, 0, &value));
    CHECK(gpu_at(0) == second);
    CHECK_EQUAL(0, CALL(nvmlDeviceGetIndex)(second, &value));
    CHECK_EQUAL(0, value);
    append("gpu 0 added\n");
    CHECK_EQUAL(15, CALL(nvmlDeviceGetTemperature)(first, 0, &value));
    CHECK(gpu_at(0) != first && gpu_at(1) == second);
    CHECK_EQUAL(45 - 6, temperature_of(gpu_at(0)));
    append("gpu 0 lost on\n");
    nvmlDevice_t found;
    CHECK_EQUAL(15, CALL(nvmlDeviceGetHandleByIndex_v2)(0, &found));
    CHECK_EQUAL(0, CALL(nvmlDeviceGetCount_v2)(&value));
    CHECK_EQUAL(2, value);
    append("gpu 0 lost off\n");
    CHECK(gpu_at(0) != NULL);
}

static void strictness(void) {
    nvmlDevice_t gpu = gpu_at(0), strange[] = {NULL, (nvmlDevice_t)1, (nvmlDevice_t)0x4801000000000040, (nvmlDevice_t)0x4801777700000000,
        (nvmlDevice_t)0x4803000000000000, (nvmlDevice_t)0x5300000000000001, (nvmlDevice_t)&gpu, (nvmlDevice_t)~0ULL};
    unsigned int value;
    for (int number = 0; number < 8; number++) {
        CHECK_EQUAL(2, CALL(nvmlDeviceGetTemperature)(strange[number], 0, &value));
        CHECK_EQUAL(2, CALL(nvmlEventSetFree)(strange[number]));
        CHECK_EQUAL(2, CALL(nvmlEventSetWait_v2)(strange[number], &value, 0));
    }
    CHECK_EQUAL(2, CALL(nvmlDeviceGetTemperature)(gpu, 0, NULL));
    CHECK_EQUAL(2, CALL(nvmlDeviceGetTemperature)(gpu, 1, &value));
    CHECK_EQUAL(2, CALL(nvmlDeviceGetClockInfo)(gpu, 4, &value));
    CHECK_EQUAL(3, CALL(nvmlDeviceGetTemperatureThreshold)(gpu, 4, &value));
    CHECK_EQUAL(2, CALL(nvmlDeviceGetTemperatureThreshold)(gpu, 8, &value));
    CHECK_EQUAL(2, CALL(nvmlDeviceGetCount_v2)(NULL));
    CHECK_EQUAL(2, CALL(nvmlDeviceGetHandleByUUID)(NULL, NULL));
    CHECK_EQUAL(2, CALL(nvmlDeviceGetMemoryInfo)(gpu, NULL));
    CHECK_EQUAL(2, CALL(nvmlDeviceGetFieldValues)(gpu, -1, NULL));
    CHECK_EQUAL(2, CALL(nvmlDeviceGetEccMode)(gpu, &value, NULL));
    CHECK_EQUAL(3, CALL(nvmlDeviceGetFanSpeed)(gpu, &value));
    CHECK_EQUAL(0, CALL(nvmlDeviceGetNumFans)(gpu, &value));
    CHECK_EQUAL(0, value);
}

static void rules(void) {
    nvmlDevice_t first = gpu_at(0), second = gpu_at(1);
    unsigned int value;
    append("fail nvmlDeviceGetTemperature 999 gpu 1\n");
    CHECK_EQUAL(0, CALL(nvmlDeviceGetTemperature)(first, 0, &value));
    CHECK_EQUAL(999, CALL(nvmlDeviceGetTemperature)(second, 0, &value));
    append("fail nvmlDeviceGetTemperature off\nmissing nvmlDeviceGetPowerUsage\nslow nvmlDeviceGetTemperature 150ms gpu 0\n");
    CHECK_EQUAL(13, CALL(nvmlDeviceGetPowerUsage)(first, &value));
    double before = seconds();
    CHECK_EQUAL(0, CALL(nvmlDeviceGetTemperature)(first, 0, &value));
    CHECK(seconds() - before > 0.149);
    before = seconds();
    CHECK_EQUAL(0, CALL(nvmlDeviceGetTemperature)(second, 0, &value));
    CHECK(seconds() - before < 0.1);
    append("slow nvmlDeviceGetTemperature 1h\n");
    before = seconds();
    append_only("slow nvmlDeviceGetTemperature off\n"); /* may come before the call or while it sleeps: it returns in both cases */
    CHECK_EQUAL(0, CALL(nvmlDeviceGetTemperature)(first, 0, &value));
    CHECK(seconds() - before < 5);
    append("missing nvmlDeviceGetPowerUsage off\n");
}

void tell_stories(void) {
    rewrite(start);
    unsigned int count;
    CHECK_EQUAL(1, CALL(nvmlDeviceGetCount_v2)(&count));
    CHECK_EQUAL(1, CALL(nvmlShutdown)());
    CHECK_EQUAL(0, CALL(nvmlInit_v2)());
    CHECK_EQUAL(0, CALL(nvmlInitWithFlags)(1));
    CHECK_EQUAL(2, ASK(heal_fake_open));
    CHECK_EQUAL(0, CALL(nvmlShutdown)());
    identity();
    readings();
    memory();
    settings();
    links_and_fields();
    tenants();
    removal();
    strictness();
    rules();
    CHECK_EQUAL(0, ASK(heal_fake_errors));
    CHECK_EQUAL(0, CALL(nvmlShutdown)());
    CHECK_EQUAL(0, ASK(heal_fake_open));
    CHECK(ASK(heal_fake_calls) > 100);
}
