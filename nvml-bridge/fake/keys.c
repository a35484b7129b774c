/* The tables of keys.h, and the words that stand for values. */
#include "abi.h"
#include "keys.h"

static const struct word compute_modes[] = {
    {"default", NVML_COMPUTEMODE_DEFAULT},
    {"exclusive_process", NVML_COMPUTEMODE_EXCLUSIVE_PROCESS},
    {"prohibited", NVML_COMPUTEMODE_PROHIBITED},
    {NULL, 0},
};

static const struct word recovery_actions[] = {
    {"none", NVML_GPU_RECOVERY_ACTION_NONE},
    {"reset", NVML_GPU_RECOVERY_ACTION_GPU_RESET},
    {"reboot", NVML_GPU_RECOVERY_ACTION_NODE_REBOOT},
    {"drain_p2p", NVML_GPU_RECOVERY_ACTION_DRAIN_P2P},
    {"drain_and_reset", NVML_GPU_RECOVERY_ACTION_DRAIN_AND_RESET},
    {NULL, 0},
};

static const struct word throttle_reasons[] = {
    {"gpu_idle", nvmlClocksThrottleReasonGpuIdle},
    {"applications_clocks", nvmlClocksThrottleReasonApplicationsClocksSetting},
    {"sw_power_cap", nvmlClocksThrottleReasonSwPowerCap},
    {"hw_slowdown", nvmlClocksThrottleReasonHwSlowdown},
    {"sync_boost", nvmlClocksThrottleReasonSyncBoost},
    {"sw_thermal", nvmlClocksThrottleReasonSwThermalSlowdown},
    {"hw_thermal", nvmlClocksThrottleReasonHwThermalSlowdown},
    {"hw_power_brake", nvmlClocksThrottleReasonHwPowerBrakeSlowdown},
    {"display_clocks", nvmlClocksThrottleReasonDisplayClockSetting},
    {"none", 0},
    {NULL, 0},
};

static const struct word up_or_down[] = {{"up", 1}, {"down", 0}, {NULL, 0}};

#define WORDS_OF(key) \
    ((key) == COMPUTE_MODE ? compute_modes : (key) == RECOVERY_ACTION ? recovery_actions : (key) == THROTTLE ? throttle_reasons : NULL)
#define KEY(key, word, kind, first, least, most) {word, kind, first, least, most, WORDS_OF(key)},
const struct key reading_keys[READING_COUNT] = {READINGS(KEY)};

const char *const text_keys[TEXT_COUNT] = {"name", "uuid", "serial", "pci"};

const struct key counter_key = {"counter", WHOLE, 0, 0, 1LL << 60, NULL};
const struct key link_up_key = {"link", WORD, 1, 0, 1, up_or_down};
