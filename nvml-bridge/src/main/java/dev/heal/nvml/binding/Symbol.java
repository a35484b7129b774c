package dev.heal.nvml.binding;

/**
 * The functions of NVML that are called. Each may be missing in a driver, but for the first two.
 */
public enum Symbol {
  INIT("nvmlInit_v2"),
  SHUTDOWN("nvmlShutdown"),
  ERROR_STRING("nvmlErrorString"),
  DRIVER_VERSION("nvmlSystemGetDriverVersion"),
  NVML_VERSION("nvmlSystemGetNVMLVersion"),
  CUDA_DRIVER_VERSION("nvmlSystemGetCudaDriverVersion_v2"),
  COUNT("nvmlDeviceGetCount_v2"),
  HANDLE_BY_INDEX("nvmlDeviceGetHandleByIndex_v2"),
  UUID("nvmlDeviceGetUUID"),
  PCI_INFO("nvmlDeviceGetPciInfo_v3"),
  MINOR_NUMBER("nvmlDeviceGetMinorNumber"),
  SERIAL("nvmlDeviceGetSerial"),
  NAME("nvmlDeviceGetName"),
  MIG_MODE("nvmlDeviceGetMigMode"),
  MAX_MIG_DEVICES("nvmlDeviceGetMaxMigDeviceCount"),
  MIG_HANDLE_BY_INDEX("nvmlDeviceGetMigDeviceHandleByIndex"),
  GPU_INSTANCE_ID("nvmlDeviceGetGpuInstanceId"),
  COMPUTE_INSTANCE_ID("nvmlDeviceGetComputeInstanceId"),
  TEMPERATURE("nvmlDeviceGetTemperature"),
  TEMPERATURE_THRESHOLD("nvmlDeviceGetTemperatureThreshold"),
  MARGIN_TEMPERATURE("nvmlDeviceGetMarginTemperature"),
  POWER_USAGE("nvmlDeviceGetPowerUsage"),
  POWER_LIMIT("nvmlDeviceGetPowerManagementLimit"),
  POWER_LIMIT_CONSTRAINTS("nvmlDeviceGetPowerManagementLimitConstraints"),
  POWER_LIMIT_DEFAULT("nvmlDeviceGetPowerManagementDefaultLimit"),
  POWER_LIMIT_ENFORCED("nvmlDeviceGetEnforcedPowerLimit"),
  SET_POWER_LIMIT("nvmlDeviceSetPowerManagementLimit"),
  CLOCK("nvmlDeviceGetClockInfo"),
  MAX_CLOCK("nvmlDeviceGetMaxClockInfo"),
  EVENT_REASONS("nvmlDeviceGetCurrentClocksEventReasons"),
  /** The name that {@link #EVENT_REASONS} had before driver 535. */
  THROTTLE_REASONS("nvmlDeviceGetCurrentClocksThrottleReasons"),
  LOCK_GPU_CLOCKS("nvmlDeviceSetGpuLockedClocks"),
  RESET_GPU_CLOCKS("nvmlDeviceResetGpuLockedClocks"),
  LOCK_MEMORY_CLOCKS("nvmlDeviceSetMemoryLockedClocks"),
  RESET_MEMORY_CLOCKS("nvmlDeviceResetMemoryLockedClocks"),
  UTILIZATION("nvmlDeviceGetUtilizationRates"),
  MEMORY("nvmlDeviceGetMemoryInfo"),
  MEMORY_V2("nvmlDeviceGetMemoryInfo_v2"),
  ECC_MODE("nvmlDeviceGetEccMode"),
  TOTAL_ECC_ERRORS("nvmlDeviceGetTotalEccErrors"),
  ECC_ERRORS("nvmlDeviceGetMemoryErrorCounter"),
  REMAP_HISTOGRAM("nvmlDeviceGetRowRemapperHistogram"),
  PCIE_REPLAYS("nvmlDeviceGetPcieReplayCounter"),
  PCIE_GENERATION("nvmlDeviceGetCurrPcieLinkGeneration"),
  PCIE_WIDTH("nvmlDeviceGetCurrPcieLinkWidth"),
  PCIE_MAX_GENERATION("nvmlDeviceGetMaxPcieLinkGeneration"),
  PCIE_MAX_WIDTH("nvmlDeviceGetMaxPcieLinkWidth"),
  NVLINK_STATE("nvmlDeviceGetNvLinkState"),
  NVLINK_ERRORS("nvmlDeviceGetNvLinkErrorCounter"),
  FAN_SPEED("nvmlDeviceGetFanSpeed"),
  PERFORMANCE_STATE("nvmlDeviceGetPerformanceState"),
  COMPUTE_PROCESSES("nvmlDeviceGetComputeRunningProcesses_v3"),
  /** With the same structure as {@link #COMPUTE_PROCESSES}; drivers 450 to 510 have only this. */
  COMPUTE_PROCESSES_V2("nvmlDeviceGetComputeRunningProcesses_v2"),
  PERSISTENCE_MODE("nvmlDeviceGetPersistenceMode"),
  COMPUTE_MODE("nvmlDeviceGetComputeMode"),
  FIELD_VALUES("nvmlDeviceGetFieldValues"),
  EVENT_SET_CREATE("nvmlEventSetCreate"),
  EVENT_SET_FREE("nvmlEventSetFree"),
  SUPPORTED_EVENTS("nvmlDeviceGetSupportedEventTypes"),
  REGISTER_EVENTS("nvmlDeviceRegisterEvents"),
  EVENT_WAIT("nvmlEventSetWait_v2"),
  /** Before driver 450: the instances in the event are not filled in. */
  EVENT_WAIT_V1("nvmlEventSetWait");

  private final String function;

  Symbol(String function) {
    this.function = function;
  }

  /** The name in the library. */
  public String function() {
    return function;
  }
}
