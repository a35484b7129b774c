/* Prints sizes, offsets and constants: once from abi.h, once (with -DREAL) from a real nvml.h. test.sh compares the two. */
#include <stddef.h>
#include <stdio.h>

#ifdef REAL
#include NVML_HEADER
typedef nvmlProcessInfo_t process_info; /* of versions 2 and 3 */
#else
#include "../abi.h"
typedef nvmlProcessInfo_v2_t process_info;
#endif

#define NUMBER(constant) printf("%s %llu\n", #constant, (unsigned long long)(constant));
#define SIZE(type) printf("sizeof %s %zu\n", #type, sizeof(type));
#define OFFSET(type, member) printf("%s.%s %zu\n", #type, #member, offsetof(type, member));

int main(void) {
    SIZE(nvmlPciInfo_t) OFFSET(nvmlPciInfo_t, domain) OFFSET(nvmlPciInfo_t, bus) OFFSET(nvmlPciInfo_t, device)
    OFFSET(nvmlPciInfo_t, pciDeviceId) OFFSET(nvmlPciInfo_t, pciSubSystemId) OFFSET(nvmlPciInfo_t, busId)
    SIZE(nvmlUtilization_t) OFFSET(nvmlUtilization_t, memory)
    SIZE(nvmlMemory_t) OFFSET(nvmlMemory_t, total) OFFSET(nvmlMemory_t, free) OFFSET(nvmlMemory_t, used)
    SIZE(nvmlMemory_v2_t) OFFSET(nvmlMemory_v2_t, total) OFFSET(nvmlMemory_v2_t, reserved) OFFSET(nvmlMemory_v2_t, free) OFFSET(nvmlMemory_v2_t, used)
    SIZE(process_info) OFFSET(process_info, usedGpuMemory) OFFSET(process_info, gpuInstanceId) OFFSET(process_info, computeInstanceId)
    SIZE(nvmlRowRemapperHistogramValues_t) OFFSET(nvmlRowRemapperHistogramValues_t, high) OFFSET(nvmlRowRemapperHistogramValues_t, none)
    SIZE(nvmlValue_t)
    SIZE(nvmlFieldValue_t) OFFSET(nvmlFieldValue_t, scopeId) OFFSET(nvmlFieldValue_t, timestamp) OFFSET(nvmlFieldValue_t, latencyUsec)
    OFFSET(nvmlFieldValue_t, valueType) OFFSET(nvmlFieldValue_t, nvmlReturn) OFFSET(nvmlFieldValue_t, value)
    SIZE(nvmlEventData_t) OFFSET(nvmlEventData_t, eventType) OFFSET(nvmlEventData_t, eventData) OFFSET(nvmlEventData_t, gpuInstanceId)
    OFFSET(nvmlEventData_t, computeInstanceId)
    SIZE(nvmlReturn_t)
    NUMBER(NVML_SUCCESS) NUMBER(NVML_ERROR_UNINITIALIZED) NUMBER(NVML_ERROR_INVALID_ARGUMENT) NUMBER(NVML_ERROR_NOT_SUPPORTED)
    NUMBER(NVML_ERROR_NO_PERMISSION) NUMBER(NVML_ERROR_NOT_FOUND) NUMBER(NVML_ERROR_INSUFFICIENT_SIZE) NUMBER(NVML_ERROR_DRIVER_NOT_LOADED)
    NUMBER(NVML_ERROR_TIMEOUT) NUMBER(NVML_ERROR_FUNCTION_NOT_FOUND) NUMBER(NVML_ERROR_GPU_IS_LOST) NUMBER(NVML_ERROR_LIB_RM_VERSION_MISMATCH)
    NUMBER(NVML_ERROR_MEMORY) NUMBER(NVML_ERROR_ARGUMENT_VERSION_MISMATCH) NUMBER(NVML_ERROR_UNKNOWN)
    NUMBER(NVML_TEMPERATURE_GPU) NUMBER(NVML_TEMPERATURE_THRESHOLD_SHUTDOWN) NUMBER(NVML_TEMPERATURE_THRESHOLD_SLOWDOWN)
    NUMBER(NVML_TEMPERATURE_THRESHOLD_MEM_MAX) NUMBER(NVML_TEMPERATURE_THRESHOLD_GPU_MAX)
    NUMBER(NVML_CLOCK_GRAPHICS) NUMBER(NVML_CLOCK_SM) NUMBER(NVML_CLOCK_MEM) NUMBER(NVML_CLOCK_VIDEO) NUMBER(NVML_CLOCK_COUNT)
    printf("limits %u %u\n", (unsigned)NVML_CLOCK_LIMIT_ID_TDP, (unsigned)NVML_CLOCK_LIMIT_ID_UNLIMITED);
    NUMBER(NVML_MEMORY_ERROR_TYPE_CORRECTED) NUMBER(NVML_MEMORY_ERROR_TYPE_UNCORRECTED) NUMBER(NVML_MEMORY_ERROR_TYPE_COUNT)
    NUMBER(NVML_VOLATILE_ECC) NUMBER(NVML_AGGREGATE_ECC) NUMBER(NVML_ECC_COUNTER_TYPE_COUNT)
    NUMBER(NVML_MEMORY_LOCATION_L1_CACHE) NUMBER(NVML_MEMORY_LOCATION_L2_CACHE) NUMBER(NVML_MEMORY_LOCATION_DRAM)
    NUMBER(NVML_MEMORY_LOCATION_REGISTER_FILE) NUMBER(NVML_MEMORY_LOCATION_TEXTURE_MEMORY) NUMBER(NVML_MEMORY_LOCATION_TEXTURE_SHM)
    NUMBER(NVML_MEMORY_LOCATION_CBU) NUMBER(NVML_MEMORY_LOCATION_SRAM) NUMBER(NVML_MEMORY_LOCATION_COUNT)
    NUMBER(NVML_PAGE_RETIREMENT_CAUSE_MULTIPLE_SINGLE_BIT_ECC_ERRORS) NUMBER(NVML_PAGE_RETIREMENT_CAUSE_DOUBLE_BIT_ECC_ERROR)
    NUMBER(NVML_NVLINK_ERROR_DL_REPLAY) NUMBER(NVML_NVLINK_ERROR_DL_RECOVERY) NUMBER(NVML_NVLINK_ERROR_DL_CRC_FLIT)
    NUMBER(NVML_NVLINK_ERROR_DL_CRC_DATA) NUMBER(NVML_NVLINK_ERROR_DL_ECC_DATA) NUMBER(NVML_NVLINK_MAX_LINKS)
    NUMBER(NVML_COMPUTEMODE_DEFAULT) NUMBER(NVML_COMPUTEMODE_PROHIBITED) NUMBER(NVML_COMPUTEMODE_EXCLUSIVE_PROCESS)
    NUMBER(NVML_VALUE_TYPE_UNSIGNED_INT) NUMBER(NVML_VALUE_TYPE_UNSIGNED_LONG_LONG)
    NUMBER(nvmlClocksThrottleReasonGpuIdle) NUMBER(nvmlClocksThrottleReasonApplicationsClocksSetting) NUMBER(nvmlClocksThrottleReasonSwPowerCap)
    NUMBER(nvmlClocksThrottleReasonHwSlowdown) NUMBER(nvmlClocksThrottleReasonSyncBoost) NUMBER(nvmlClocksThrottleReasonSwThermalSlowdown)
    NUMBER(nvmlClocksThrottleReasonHwThermalSlowdown) NUMBER(nvmlClocksThrottleReasonHwPowerBrakeSlowdown)
    NUMBER(nvmlClocksThrottleReasonDisplayClockSetting)
    NUMBER(nvmlEventTypeSingleBitEccError) NUMBER(nvmlEventTypeDoubleBitEccError) NUMBER(nvmlEventTypePState)
    NUMBER(nvmlEventTypeXidCriticalError) NUMBER(nvmlEventTypeClock) NUMBER(nvmlEventTypePowerSourceChange) NUMBER(nvmlEventMigConfigChange)
    return 0;
}
