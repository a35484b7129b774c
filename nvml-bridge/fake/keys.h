/* The readable values of a GPU: each one's word in the machine file, its kind, its value after `gpus N`, and its range. */
#ifndef HEAL_FAKE_KEYS_H
#define HEAL_FAKE_KEYS_H

/* How the value of a key is written in the machine file, and in which unit it is kept. */
enum kind {
    WHOLE,     /* as it is */
    THOUSANDS, /* with decimals, kept in thousandths: W as mW, J as mJ */
    BYTES,     /* with a unit, kept in bytes */
    SWITCH,    /* on|off or yes|no, kept as 1|0 */
    WORD,      /* one of the key's words */
    WORDS,     /* a list of the key's words, kept as the bits of their values */
};

#define MIB (1024LL * 1024)

/* X(key, word, kind, first value, least, most). FOLLOWING in place of a first value: computed until it is set. */
#define READINGS(X) \
    X(TEMPERATURE, "temperature", WHOLE, 35, 0, 255) \
    X(MEMORY_TEMPERATURE, "memory_temperature", WHOLE, 40, 0, 255) \
    X(THRESHOLD_SHUTDOWN, "threshold_shutdown", WHOLE, 92, 0, 255) \
    X(THRESHOLD_SLOWDOWN, "threshold_slowdown", WHOLE, 89, 0, 255) \
    X(THRESHOLD_MEMORY_MAX, "threshold_memory_max", WHOLE, 95, 0, 255) \
    X(THRESHOLD_GPU_MAX, "threshold_gpu_max", WHOLE, 87, 0, 255) \
    X(MARGIN, "margin", WHOLE, FOLLOWING, -255, 255) \
    X(TLIMIT_SHUTDOWN, "tlimit_shutdown", WHOLE, FOLLOWING, -255, 255) \
    X(TLIMIT_SLOWDOWN, "tlimit_slowdown", WHOLE, FOLLOWING, -255, 255) \
    X(TLIMIT_MEMORY_MAX, "tlimit_memory_max", WHOLE, 0, -255, 255) \
    X(TLIMIT_GPU_MAX, "tlimit_gpu_max", WHOLE, 0, -255, 255) \
    X(POWER, "power", THOUSANDS, 70000, 0, 100000000) \
    X(POWER_LIMIT, "power_limit", THOUSANDS, 700000, 0, 100000000) \
    X(POWER_DEFAULT, "power_default", THOUSANDS, 700000, 0, 100000000) \
    X(POWER_MIN, "power_min", THOUSANDS, 200000, 0, 100000000) \
    X(POWER_MAX, "power_max", THOUSANDS, 700000, 0, 100000000) \
    X(CLOCK_GRAPHICS, "clock_graphics", WHOLE, 345, 0, 100000) \
    X(CLOCK_SM, "clock_sm", WHOLE, 345, 0, 100000) \
    X(CLOCK_MEMORY, "clock_memory", WHOLE, 2619, 0, 100000) \
    X(CLOCK_VIDEO, "clock_video", WHOLE, 765, 0, 100000) \
    X(CLOCK_MAX_GRAPHICS, "clock_max_graphics", WHOLE, 1980, 0, 100000) \
    X(CLOCK_MAX_SM, "clock_max_sm", WHOLE, 1980, 0, 100000) \
    X(CLOCK_MAX_MEMORY, "clock_max_memory", WHOLE, 2619, 0, 100000) \
    X(CLOCK_MAX_VIDEO, "clock_max_video", WHOLE, 1545, 0, 100000) \
    X(THROTTLE, "throttle", WORDS, 1, 0, 0) \
    X(UTILIZATION, "utilization", WHOLE, 0, 0, 100) \
    X(MEMORY_UTILIZATION, "memory_utilization", WHOLE, 0, 0, 100) \
    X(MEMORY_TOTAL, "memory_total", BYTES, 81559 * MIB, 0, 1LL << 50) \
    X(MEMORY_RESERVED, "memory_reserved", BYTES, 551 * MIB, 0, 1LL << 50) \
    X(MEMORY_USED, "memory_used", BYTES, 0, 0, 1LL << 50) \
    X(ECC_MODE, "ecc_mode", SWITCH, 1, 0, 1) \
    X(ECC_MODE_PENDING, "ecc_mode_pending", SWITCH, FOLLOWING, 0, 1) \
    X(RETIRED_SBE, "retired_sbe", WHOLE, 0, 0, 1000) \
    X(RETIRED_DBE, "retired_dbe", WHOLE, 0, 0, 1000) \
    X(RETIRED_PENDING, "retired_pending", SWITCH, 0, 0, 1) \
    X(RETIRED_PENDING_SBE, "retired_pending_sbe", WHOLE, 0, 0, 1000) \
    X(RETIRED_PENDING_DBE, "retired_pending_dbe", WHOLE, 0, 0, 1000) \
    X(REMAPPED_CORRECTED, "remapped_corrected", WHOLE, 0, 0, 100000) \
    X(REMAPPED_UNCORRECTED, "remapped_uncorrected", WHOLE, 0, 0, 100000) \
    X(REMAP_PENDING, "remap_pending", SWITCH, 0, 0, 1) \
    X(REMAP_FAILED, "remap_failed", SWITCH, 0, 0, 1) \
    X(REMAP_BANKS_MAX, "remap_banks_max", WHOLE, 2560, 0, 1000000) \
    X(REMAP_BANKS_HIGH, "remap_banks_high", WHOLE, 0, 0, 1000000) \
    X(REMAP_BANKS_PARTIAL, "remap_banks_partial", WHOLE, 0, 0, 1000000) \
    X(REMAP_BANKS_LOW, "remap_banks_low", WHOLE, 0, 0, 1000000) \
    X(REMAP_BANKS_NONE, "remap_banks_none", WHOLE, 0, 0, 1000000) \
    X(PCIE_REPLAYS, "pcie_replays", WHOLE, 0, 0, 0xFFFFFFFFLL) \
    X(PCIE_GENERATION, "pcie_generation", WHOLE, 5, 0, 16) \
    X(PCIE_WIDTH, "pcie_width", WHOLE, 16, 0, 64) \
    X(PCIE_GENERATION_MAX, "pcie_generation_max", WHOLE, 5, 0, 16) \
    X(PCIE_WIDTH_MAX, "pcie_width_max", WHOLE, 16, 0, 64) \
    X(FAN, "fan", WHOLE, ABSENT, 0, 200) \
    X(FANS, "fans", WHOLE, FOLLOWING, 0, 16) \
    X(PERFORMANCE_STATE, "performance_state", WHOLE, 0, 0, 15) \
    X(PERSISTENCE, "persistence", SWITCH, 1, 0, 1) \
    X(COMPUTE_MODE, "compute_mode", WORD, 0, 0, 0) \
    X(RECOVERY_ACTION, "recovery_action", WORD, 0, 0, 0) \
    X(MIG, "mig", SWITCH, 0, 0, 1) \
    X(MIG_PENDING, "mig_pending", SWITCH, FOLLOWING, 0, 1) \
    X(LINKS, "links", WHOLE, 18, 0, 18) \
    X(ENERGY, "energy", THOUSANDS, 0, 0, 1LL << 60) \
    X(EVENT_TYPES, "event_types", WHOLE, EVERY_EVENT, 0, EVERY_EVENT) \
    X(MINOR_NUMBER, "minor_number", WHOLE, FOLLOWING, 0, 255) \
    X(PCI_DEVICE_ID, "pci_device_id", WHOLE, 0x233010DE, 0, 0xFFFFFFFFLL) \
    X(PCI_SUBSYSTEM_ID, "pci_subsystem_id", WHOLE, 0x16C110DE, 0, 0xFFFFFFFFLL)

#ifdef OLD_DRIVER
#define EVERY_EVENT 0x019F
#else
#define EVERY_EVENT 0xFF9F
#endif

#define READING_KEY(key, word, kind, first, least, most) key,
enum reading_key { READINGS(READING_KEY) READING_COUNT };
#undef READING_KEY

enum text_key { NAME, UUID, SERIAL, PCI, TEXT_COUNT };

/* In place of a first value. Both lie outside every key's range. */
#define FOLLOWING (-(1LL << 62))
#define ABSENT (FOLLOWING + 1)

/* A word that stands for a value. The list ends with a NULL word. */
struct word {
    const char *word;
    long long value;
};

/* What a reading may be set to. */
struct key {
    const char *word;
    enum kind kind;
    long long first, least, most;
    const struct word *words; /* of WORD and WORDS */
};

extern const struct key reading_keys[READING_COUNT];
extern const char *const text_keys[TEXT_COUNT];
extern const struct key counter_key; /* an error counter */
extern const struct key link_up_key;

#endif
