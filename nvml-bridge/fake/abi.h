/*
 * The part of NVML's C ABI that this fake answers: types, codes, identifiers and layouts.
 *
 * Written from the facts of NVML's public interface (CUDA 11.8 to 12.9). check-abi.c compares all of it with a real header.
 * Facts that an enumeration of NVML would give are plain constants here: on the ABI both are a 32-bit int.
 */
#ifndef HEAL_FAKE_ABI_H
#define HEAL_FAKE_ABI_H

#include <stddef.h>
#include <stdint.h>

typedef struct nvmlDevice_st *nvmlDevice_t;
typedef struct nvmlEventSet_st *nvmlEventSet_t;

typedef enum {
    NVML_SUCCESS = 0,
    NVML_ERROR_UNINITIALIZED = 1,
    NVML_ERROR_INVALID_ARGUMENT = 2,
    NVML_ERROR_NOT_SUPPORTED = 3,
    NVML_ERROR_NO_PERMISSION = 4,
    NVML_ERROR_NOT_FOUND = 6,
    NVML_ERROR_INSUFFICIENT_SIZE = 7,
    NVML_ERROR_DRIVER_NOT_LOADED = 9,
    NVML_ERROR_TIMEOUT = 10,
    NVML_ERROR_FUNCTION_NOT_FOUND = 13,
    NVML_ERROR_GPU_IS_LOST = 15,
    NVML_ERROR_LIB_RM_VERSION_MISMATCH = 18,
    NVML_ERROR_MEMORY = 20,
    NVML_ERROR_ARGUMENT_VERSION_MISMATCH = 25,
    NVML_ERROR_UNKNOWN = 999,
} nvmlReturn_t;

enum { NVML_TEMPERATURE_GPU = 0 };

enum {
    NVML_TEMPERATURE_THRESHOLD_SHUTDOWN = 0,
    NVML_TEMPERATURE_THRESHOLD_SLOWDOWN = 1,
    NVML_TEMPERATURE_THRESHOLD_MEM_MAX = 2,
    NVML_TEMPERATURE_THRESHOLD_GPU_MAX = 3,
    /* Where the numbering of a present driver ends: acoustic thresholds and GPS lie between. */
    NVML_TEMPERATURE_THRESHOLD_END = 8,
};

enum { NVML_CLOCK_GRAPHICS = 0, NVML_CLOCK_SM = 1, NVML_CLOCK_MEM = 2, NVML_CLOCK_VIDEO = 3, NVML_CLOCK_COUNT = 4 };

/* In place of a number of MHz, to nvmlDeviceSet*LockedClocks. */
enum { NVML_CLOCK_LIMIT_ID_TDP = 0xffffff01, NVML_CLOCK_LIMIT_ID_UNLIMITED = 0xffffff02 };

enum {
    NVML_MEMORY_ERROR_TYPE_CORRECTED = 0,
    NVML_MEMORY_ERROR_TYPE_UNCORRECTED = 1,
    NVML_MEMORY_ERROR_TYPE_COUNT = 2,
};

enum { NVML_VOLATILE_ECC = 0, NVML_AGGREGATE_ECC = 1, NVML_ECC_COUNTER_TYPE_COUNT = 2 };

enum {
    NVML_MEMORY_LOCATION_L1_CACHE = 0,
    NVML_MEMORY_LOCATION_L2_CACHE = 1,
    NVML_MEMORY_LOCATION_DRAM = 2,
    NVML_MEMORY_LOCATION_REGISTER_FILE = 3,
    NVML_MEMORY_LOCATION_TEXTURE_MEMORY = 4,
    NVML_MEMORY_LOCATION_TEXTURE_SHM = 5,
    NVML_MEMORY_LOCATION_CBU = 6,
    NVML_MEMORY_LOCATION_SRAM = 7,
    NVML_MEMORY_LOCATION_COUNT = 8,
};

enum {
    NVML_PAGE_RETIREMENT_CAUSE_MULTIPLE_SINGLE_BIT_ECC_ERRORS = 0,
    NVML_PAGE_RETIREMENT_CAUSE_DOUBLE_BIT_ECC_ERROR = 1,
    NVML_PAGE_RETIREMENT_CAUSE_COUNT = 2,
};

enum {
    NVML_NVLINK_ERROR_DL_REPLAY = 0,
    NVML_NVLINK_ERROR_DL_RECOVERY = 1,
    NVML_NVLINK_ERROR_DL_CRC_FLIT = 2,
    NVML_NVLINK_ERROR_DL_CRC_DATA = 3,
    NVML_NVLINK_ERROR_DL_ECC_DATA = 4,
    NVML_NVLINK_ERROR_COUNT = 5,
};
enum { NVML_NVLINK_MAX_LINKS = 18 };

enum { NVML_COMPUTEMODE_DEFAULT = 0, NVML_COMPUTEMODE_PROHIBITED = 2, NVML_COMPUTEMODE_EXCLUSIVE_PROCESS = 3 };

enum {
    NVML_VALUE_TYPE_UNSIGNED_INT = 1,
    NVML_VALUE_TYPE_UNSIGNED_LONG_LONG = 3,
    NVML_VALUE_TYPE_SIGNED_INT = 5,
};

enum {
    nvmlClocksThrottleReasonGpuIdle = 0x001,
    nvmlClocksThrottleReasonApplicationsClocksSetting = 0x002,
    nvmlClocksThrottleReasonSwPowerCap = 0x004,
    nvmlClocksThrottleReasonHwSlowdown = 0x008,
    nvmlClocksThrottleReasonSyncBoost = 0x010,
    nvmlClocksThrottleReasonSwThermalSlowdown = 0x020,
    nvmlClocksThrottleReasonHwThermalSlowdown = 0x040,
    nvmlClocksThrottleReasonHwPowerBrakeSlowdown = 0x080,
    nvmlClocksThrottleReasonDisplayClockSetting = 0x100,
};

enum {
    nvmlEventTypeSingleBitEccError = 0x0001,
    nvmlEventTypeDoubleBitEccError = 0x0002,
    nvmlEventTypePState = 0x0004,
    nvmlEventTypeXidCriticalError = 0x0008,
    nvmlEventTypeClock = 0x0010,
    nvmlEventTypePowerSourceChange = 0x0080,
    nvmlEventMigConfigChange = 0x0100,
    nvmlEventTypeSingleBitEccErrorStorm = 0x0200,
    nvmlEventTypeDramRetirementEvent = 0x0400,
    nvmlEventTypeDramRetirementFailure = 0x0800,
    nvmlEventTypeNonFatalPoisonError = 0x1000,
    nvmlEventTypeFatalPoisonError = 0x2000,
    nvmlEventTypeGpuUnavailableError = 0x4000,
    nvmlEventTypeGpuRecoveryAction = 0x8000,
};

enum {
    NVML_GPU_RECOVERY_ACTION_NONE = 0,
    NVML_GPU_RECOVERY_ACTION_GPU_RESET = 1,
    NVML_GPU_RECOVERY_ACTION_NODE_REBOOT = 2,
    NVML_GPU_RECOVERY_ACTION_DRAIN_P2P = 3,
    NVML_GPU_RECOVERY_ACTION_DRAIN_AND_RESET = 4,
};

/* What NVML writes where a MIG instance does not apply. */
#define NO_INSTANCE 0xFFFFFFFFu

typedef struct {
    char busIdLegacy[16];
    unsigned int domain;
    unsigned int bus;
    unsigned int device;
    unsigned int pciDeviceId;
    unsigned int pciSubSystemId;
    char busId[32];
} nvmlPciInfo_t;

typedef struct {
    unsigned int gpu;
    unsigned int memory;
} nvmlUtilization_t;

typedef struct {
    unsigned long long total;
    unsigned long long free;
    unsigned long long used;
} nvmlMemory_t;

typedef struct {
    unsigned int version;
    unsigned long long total;
    unsigned long long reserved;
    unsigned long long free;
    unsigned long long used;
} nvmlMemory_v2_t;

typedef struct {
    unsigned int version;
    int marginTemperature;
} nvmlMarginTemperature_v1_t;

typedef struct {
    unsigned int pid;
    unsigned long long usedGpuMemory;
    unsigned int gpuInstanceId;
    unsigned int computeInstanceId;
} nvmlProcessInfo_v2_t;

typedef struct {
    unsigned int max;
    unsigned int high;
    unsigned int partial;
    unsigned int low;
    unsigned int none;
} nvmlRowRemapperHistogramValues_t;

typedef union {
    double dVal;
    int siVal;
    unsigned int uiVal;
    unsigned long ulVal;
    unsigned long long ullVal;
    signed long long sllVal;
} nvmlValue_t;

typedef struct {
    unsigned int fieldId;
    unsigned int scopeId;
    long long timestamp; /* microseconds since 1970 */
    long long latencyUsec;
    int valueType;
    nvmlReturn_t nvmlReturn;
    nvmlValue_t value;
} nvmlFieldValue_t;

typedef struct {
    nvmlDevice_t device;
    unsigned long long eventType;
    unsigned long long eventData;
    /* The two below came with nvmlEventSetWait_v2: version 1 ends before them, and writes no more than that. */
    unsigned int gpuInstanceId;
    unsigned int computeInstanceId;
} nvmlEventData_t;

/* The version word of a struct that carries one: its size, and its version in the top byte. */
#define VERSION_WORD(type, version) ((unsigned int)(sizeof(type) | ((unsigned int)(version) << 24)))

_Static_assert(sizeof(void *) == 8, "a handle of this fake is a 64-bit word");
_Static_assert(sizeof(nvmlReturn_t) == 4, "nvmlReturn_t");
_Static_assert(sizeof(nvmlPciInfo_t) == 68, "nvmlPciInfo_t");
_Static_assert(offsetof(nvmlPciInfo_t, busId) == 36, "nvmlPciInfo_t.busId");
_Static_assert(sizeof(nvmlUtilization_t) == 8, "nvmlUtilization_t");
_Static_assert(sizeof(nvmlMemory_t) == 24, "nvmlMemory_t");
_Static_assert(VERSION_WORD(nvmlMemory_v2_t, 2) == 0x02000028, "nvmlMemory_v2_t");
_Static_assert(VERSION_WORD(nvmlMarginTemperature_v1_t, 1) == 0x01000008, "nvmlMarginTemperature_v1_t");
_Static_assert(sizeof(nvmlProcessInfo_v2_t) == 24, "nvmlProcessInfo_v2_t");
_Static_assert(sizeof(nvmlRowRemapperHistogramValues_t) == 20, "nvmlRowRemapperHistogramValues_t");
_Static_assert(sizeof(nvmlFieldValue_t) == 40, "nvmlFieldValue_t");
_Static_assert(offsetof(nvmlFieldValue_t, value) == 32, "nvmlFieldValue_t.value");
_Static_assert(sizeof(nvmlEventData_t) == 32, "nvmlEventData_t");
_Static_assert(offsetof(nvmlEventData_t, gpuInstanceId) == 24, "nvmlEventData_t.gpuInstanceId");

#define EXPORT __attribute__((visibility("default")))

#endif
