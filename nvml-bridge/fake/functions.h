/*
 * Every function that a rule of the machine file (`slow`, `fail`, `missing`) can name, in one list.
 *
 * X(name, of_gpu): of_gpu says whether the call is about one GPU, so that a rule may be narrowed with `gpu N`.
 * NEWER holds what a driver of the 450 series lacks; the old-driver build has no such symbols.
 */
#ifndef HEAL_FAKE_FUNCTIONS_H
#define HEAL_FAKE_FUNCTIONS_H

#ifdef OLD_DRIVER
#define NEWER_FUNCTIONS(X)
#else
#define NEWER_FUNCTIONS(X) \
    X(nvmlDeviceGetMemoryInfo_v2, 1) \
    X(nvmlDeviceGetComputeRunningProcesses_v3, 1) \
    X(nvmlEventSetWait_v2, 0) \
    X(nvmlDeviceGetMarginTemperature, 1) \
    X(nvmlDeviceGetCurrentClocksEventReasons, 1) \
    X(nvmlDeviceSetMemoryLockedClocks, 1) \
    X(nvmlDeviceResetMemoryLockedClocks, 1) \
    X(nvmlDeviceGetRemappedRows, 1) \
    X(nvmlDeviceGetRowRemapperHistogram, 1) \
    X(nvmlDeviceGetNumFans, 1)
#endif

#define FUNCTIONS(X) \
    X(nvmlInit_v2, 0) \
    X(nvmlInitWithFlags, 0) \
    X(nvmlShutdown, 0) \
    X(nvmlSystemGetDriverVersion, 0) \
    X(nvmlSystemGetNVMLVersion, 0) \
    X(nvmlSystemGetCudaDriverVersion_v2, 0) \
    X(nvmlDeviceGetCount_v2, 0) \
    X(nvmlDeviceGetHandleByIndex_v2, 1) \
    X(nvmlDeviceGetHandleByUUID, 1) \
    X(nvmlDeviceGetHandleByPciBusId_v2, 1) \
    X(nvmlDeviceGetUUID, 1) \
    X(nvmlDeviceGetPciInfo_v3, 1) \
    X(nvmlDeviceGetIndex, 1) \
    X(nvmlDeviceGetMinorNumber, 1) \
    X(nvmlDeviceGetSerial, 1) \
    X(nvmlDeviceGetName, 1) \
    X(nvmlDeviceGetMigMode, 1) \
    X(nvmlDeviceGetMaxMigDeviceCount, 1) \
    X(nvmlDeviceGetMigDeviceHandleByIndex, 1) \
    X(nvmlDeviceGetGpuInstanceId, 1) \
    X(nvmlDeviceGetComputeInstanceId, 1) \
    X(nvmlDeviceGetTemperature, 1) \
    X(nvmlDeviceGetTemperatureThreshold, 1) \
    X(nvmlDeviceGetPowerUsage, 1) \
    X(nvmlDeviceGetPowerManagementLimit, 1) \
    X(nvmlDeviceGetPowerManagementLimitConstraints, 1) \
    X(nvmlDeviceGetPowerManagementDefaultLimit, 1) \
    X(nvmlDeviceGetEnforcedPowerLimit, 1) \
    X(nvmlDeviceSetPowerManagementLimit, 1) \
    X(nvmlDeviceGetClockInfo, 1) \
    X(nvmlDeviceGetMaxClockInfo, 1) \
    X(nvmlDeviceGetCurrentClocksThrottleReasons, 1) \
    X(nvmlDeviceSetGpuLockedClocks, 1) \
    X(nvmlDeviceResetGpuLockedClocks, 1) \
    X(nvmlDeviceGetUtilizationRates, 1) \
    X(nvmlDeviceGetMemoryInfo, 1) \
    X(nvmlDeviceGetEccMode, 1) \
    X(nvmlDeviceGetTotalEccErrors, 1) \
    X(nvmlDeviceGetMemoryErrorCounter, 1) \
    X(nvmlDeviceGetRetiredPages, 1) \
    X(nvmlDeviceGetRetiredPagesPendingStatus, 1) \
    X(nvmlDeviceGetPcieReplayCounter, 1) \
    X(nvmlDeviceGetCurrPcieLinkGeneration, 1) \
    X(nvmlDeviceGetCurrPcieLinkWidth, 1) \
    X(nvmlDeviceGetMaxPcieLinkGeneration, 1) \
    X(nvmlDeviceGetMaxPcieLinkWidth, 1) \
    X(nvmlDeviceGetNvLinkState, 1) \
    X(nvmlDeviceGetNvLinkErrorCounter, 1) \
    X(nvmlDeviceGetFanSpeed, 1) \
    X(nvmlDeviceGetPerformanceState, 1) \
    X(nvmlDeviceGetComputeRunningProcesses_v2, 1) \
    X(nvmlDeviceGetPersistenceMode, 1) \
    X(nvmlDeviceGetComputeMode, 1) \
    X(nvmlDeviceGetFieldValues, 1) \
    X(nvmlEventSetCreate, 0) \
    X(nvmlDeviceGetSupportedEventTypes, 1) \
    X(nvmlDeviceRegisterEvents, 1) \
    X(nvmlEventSetWait, 0) \
    X(nvmlEventSetFree, 0) \
    NEWER_FUNCTIONS(X)

#define FUNCTION_NUMBER(name, of_gpu) CALL_##name,
enum function { FUNCTIONS(FUNCTION_NUMBER) FUNCTION_COUNT };
#undef FUNCTION_NUMBER

#endif
