/* nvmlDeviceGetFieldValues: what each field identifier reads, and with which type it answers. */
#include <time.h>

#include "machine.h"

enum source {
    READING,       /* index: the key */
    ECC_TOTAL,     /* index: the kind of error, ECC_KIND */
    ECC_LOCATION,  /* index: the kind of error times 8, plus the location */
    LINK_TOTAL,    /* index: the counter, over all links */
    LINK_RANGE,    /* index: the counter; the identifier says which link, from `link` on */
    LINK_SCOPE,    /* index: the counter; the scope says which link */
    LINK_STATE,    /* the scope says which link */
};

#define ECC_KIND(type, counter) ((type) * NVML_ECC_COUNTER_TYPE_COUNT + (counter))
#define AT(kind, location) ((kind) * NVML_MEMORY_LOCATION_COUNT + NVML_MEMORY_LOCATION_##location)
enum {
    SBE_VOLATILE = ECC_KIND(NVML_MEMORY_ERROR_TYPE_CORRECTED, NVML_VOLATILE_ECC),
    SBE_AGGREGATE = ECC_KIND(NVML_MEMORY_ERROR_TYPE_CORRECTED, NVML_AGGREGATE_ECC),
    DBE_VOLATILE = ECC_KIND(NVML_MEMORY_ERROR_TYPE_UNCORRECTED, NVML_VOLATILE_ECC),
    DBE_AGGREGATE = ECC_KIND(NVML_MEMORY_ERROR_TYPE_UNCORRECTED, NVML_AGGREGATE_ECC),
};
enum { UINT = NVML_VALUE_TYPE_UNSIGNED_INT, ULONG = NVML_VALUE_TYPE_UNSIGNED_LONG_LONG, INT = NVML_VALUE_TYPE_SIGNED_INT };

/* The last identifier that a driver of this build knows. */
#ifdef OLD_DRIVER
enum { LAST_FIELD = 160 };
#else
enum { LAST_FIELD = 230 };
#endif

static const struct field {
    unsigned int first, last; /* identifiers; a range is of links */
    enum source source;
    int index;
    int type;
    int link; /* of `first`, for LINK_RANGE */
} fields[] = {
    {1, 1, READING, ECC_MODE, UINT, 0},
    {2, 2, READING, ECC_MODE_PENDING, UINT, 0},
    {3, 3, ECC_TOTAL, SBE_VOLATILE, ULONG, 0},
    {4, 4, ECC_TOTAL, DBE_VOLATILE, ULONG, 0},
    {5, 5, ECC_TOTAL, SBE_AGGREGATE, ULONG, 0},
    {6, 6, ECC_TOTAL, DBE_AGGREGATE, ULONG, 0},
    {7, 7, ECC_LOCATION, AT(SBE_VOLATILE, L1_CACHE), ULONG, 0},
    {8, 8, ECC_LOCATION, AT(DBE_VOLATILE, L1_CACHE), ULONG, 0},
    {9, 9, ECC_LOCATION, AT(SBE_VOLATILE, L2_CACHE), ULONG, 0},
    {10, 10, ECC_LOCATION, AT(DBE_VOLATILE, L2_CACHE), ULONG, 0},
    {11, 11, ECC_LOCATION, AT(SBE_VOLATILE, DRAM), ULONG, 0},
    {12, 12, ECC_LOCATION, AT(DBE_VOLATILE, DRAM), ULONG, 0},
    {13, 13, ECC_LOCATION, AT(SBE_VOLATILE, REGISTER_FILE), ULONG, 0},
    {14, 14, ECC_LOCATION, AT(DBE_VOLATILE, REGISTER_FILE), ULONG, 0},
    {15, 15, ECC_LOCATION, AT(SBE_VOLATILE, TEXTURE_MEMORY), ULONG, 0},
    {16, 16, ECC_LOCATION, AT(DBE_VOLATILE, TEXTURE_MEMORY), ULONG, 0},
    {17, 17, ECC_LOCATION, AT(DBE_VOLATILE, CBU), ULONG, 0},
    {18, 18, ECC_LOCATION, AT(SBE_AGGREGATE, L1_CACHE), ULONG, 0},
    {19, 19, ECC_LOCATION, AT(DBE_AGGREGATE, L1_CACHE), ULONG, 0},
    {20, 20, ECC_LOCATION, AT(SBE_AGGREGATE, L2_CACHE), ULONG, 0},
    {21, 21, ECC_LOCATION, AT(DBE_AGGREGATE, L2_CACHE), ULONG, 0},
    {22, 22, ECC_LOCATION, AT(SBE_AGGREGATE, DRAM), ULONG, 0},
    {23, 23, ECC_LOCATION, AT(DBE_AGGREGATE, DRAM), ULONG, 0},
    {24, 24, ECC_LOCATION, AT(SBE_AGGREGATE, REGISTER_FILE), ULONG, 0},
    {25, 25, ECC_LOCATION, AT(DBE_AGGREGATE, REGISTER_FILE), ULONG, 0},
    {26, 26, ECC_LOCATION, AT(SBE_AGGREGATE, TEXTURE_MEMORY), ULONG, 0},
    {27, 27, ECC_LOCATION, AT(DBE_AGGREGATE, TEXTURE_MEMORY), ULONG, 0},
    {28, 28, ECC_LOCATION, AT(DBE_AGGREGATE, CBU), ULONG, 0},
    {29, 29, READING, RETIRED_SBE, ULONG, 0},
    {30, 30, READING, RETIRED_DBE, ULONG, 0},
    {31, 31, READING, RETIRED_PENDING, UINT, 0},
    {32, 37, LINK_RANGE, NVML_NVLINK_ERROR_DL_CRC_FLIT, ULONG, 0},
    {38, 38, LINK_TOTAL, NVML_NVLINK_ERROR_DL_CRC_FLIT, ULONG, 0},
    {39, 44, LINK_RANGE, NVML_NVLINK_ERROR_DL_CRC_DATA, ULONG, 0},
    {45, 45, LINK_TOTAL, NVML_NVLINK_ERROR_DL_CRC_DATA, ULONG, 0},
    {46, 51, LINK_RANGE, NVML_NVLINK_ERROR_DL_REPLAY, ULONG, 0},
    {52, 52, LINK_TOTAL, NVML_NVLINK_ERROR_DL_REPLAY, ULONG, 0},
    {53, 58, LINK_RANGE, NVML_NVLINK_ERROR_DL_RECOVERY, ULONG, 0},
    {59, 59, LINK_TOTAL, NVML_NVLINK_ERROR_DL_RECOVERY, ULONG, 0},
    {82, 82, READING, MEMORY_TEMPERATURE, UINT, 0},
    {83, 83, READING, ENERGY, ULONG, 0},
    {91, 91, READING, LINKS, UINT, 0},
    {92, 92, READING, RETIRED_PENDING_SBE, UINT, 0},
    {93, 93, READING, RETIRED_PENDING_DBE, UINT, 0},
    {94, 94, READING, PCIE_REPLAYS, UINT, 0},
    {96, 101, LINK_RANGE, NVML_NVLINK_ERROR_DL_CRC_FLIT, ULONG, 6},
    {102, 107, LINK_RANGE, NVML_NVLINK_ERROR_DL_CRC_DATA, ULONG, 6},
    {108, 113, LINK_RANGE, NVML_NVLINK_ERROR_DL_REPLAY, ULONG, 6},
    {114, 119, LINK_RANGE, NVML_NVLINK_ERROR_DL_RECOVERY, ULONG, 6},
    {142, 142, READING, REMAPPED_CORRECTED, UINT, 0},
    {143, 143, READING, REMAPPED_UNCORRECTED, UINT, 0},
    {144, 144, READING, REMAP_PENDING, UINT, 0},
    {145, 145, READING, REMAP_FAILED, UINT, 0},
    {148, 159, LINK_RANGE, NVML_NVLINK_ERROR_DL_ECC_DATA, ULONG, 0},
    {160, 160, LINK_TOTAL, NVML_NVLINK_ERROR_DL_ECC_DATA, ULONG, 0},
    {161, 161, LINK_SCOPE, NVML_NVLINK_ERROR_DL_REPLAY, ULONG, 0},
    {162, 162, LINK_SCOPE, NVML_NVLINK_ERROR_DL_RECOVERY, ULONG, 0},
    {163, 163, LINK_SCOPE, NVML_NVLINK_ERROR_DL_CRC_FLIT, ULONG, 0},
    {165, 165, LINK_STATE, 0, UINT, 0},
    {186, 186, READING, POWER, UINT, 0},
    {187, 187, READING, POWER_MIN, UINT, 0},
    {188, 188, READING, POWER_MAX, UINT, 0},
    {189, 189, READING, POWER_DEFAULT, UINT, 0},
    {190, 190, READING, POWER_LIMIT, UINT, 0},
    {192, 192, READING, POWER_LIMIT, UINT, 0},
    {193, 193, READING, TLIMIT_SHUTDOWN, INT, 0},
    {194, 194, READING, TLIMIT_SLOWDOWN, INT, 0},
    {195, 195, READING, TLIMIT_MEMORY_MAX, INT, 0},
    {196, 196, READING, TLIMIT_GPU_MAX, INT, 0},
    {230, 230, READING, RECOVERY_ACTION, UINT, 0},
};

static nvmlReturn_t read_ecc(const struct gpu *gpu, enum source source, int index, long long *value) {
    int locations = source == ECC_TOTAL ? 1 : NVML_MEMORY_LOCATION_COUNT;
    int kind = index / locations, type = kind / NVML_ECC_COUNTER_TYPE_COUNT, counter = kind % NVML_ECC_COUNTER_TYPE_COUNT;
    long long on;
    nvmlReturn_t answer = read_gpu(gpu, ECC_MODE, &on);
    if (answer != NVML_SUCCESS || on == 0) {
        return answer != NVML_SUCCESS ? answer : NVML_ERROR_NOT_SUPPORTED;
    }
    return source == ECC_TOTAL ? read_ecc_total(gpu, type, counter, value)
                               : reading_now(&gpu->ecc[type][counter].location[index % locations], value);
}

/* The sum of a counter over the links; what one of them cannot answer, the sum cannot either. */
static nvmlReturn_t sum_links(const struct gpu *gpu, int counter, long long links, long long *value) {
    nvmlReturn_t answer = NVML_SUCCESS;
    *value = 0;
    for (int link = 0; link < links && answer == NVML_SUCCESS; link++) {
        long long here = 0;
        answer = reading_now(&gpu->links[link].errors[counter], &here);
        *value += here;
    }
    return answer;
}

static nvmlReturn_t read_link(const struct gpu *gpu, const struct field *field, const nvmlFieldValue_t *entry, long long *value) {
    long long links;
    nvmlReturn_t answer = read_gpu(gpu, LINKS, &links);
    if (answer != NVML_SUCCESS || links == 0) {
        return answer != NVML_SUCCESS ? answer : NVML_ERROR_NOT_SUPPORTED;
    }
    if (field->source == LINK_TOTAL) {
        return sum_links(gpu, field->index, links, value);
    }
    bool by_scope = field->source != LINK_RANGE;
    unsigned int link = by_scope ? entry->scopeId : entry->fieldId - field->first + (unsigned int)field->link;
    if (link >= links) {
        return by_scope ? NVML_ERROR_INVALID_ARGUMENT : NVML_ERROR_NOT_SUPPORTED;
    }
    return reading_now(field->source == LINK_STATE ? &gpu->links[link].up : &gpu->links[link].errors[field->index], value);
}

static const struct field *find_field(unsigned int id) {
    for (size_t number = 0; id <= LAST_FIELD && number < sizeof fields / sizeof *fields; number++) {
        if (id >= fields[number].first && id <= fields[number].last) {
            return &fields[number];
        }
    }
    return NULL;
}

static void answer_entry(const struct gpu *gpu, nvmlFieldValue_t *entry) {
    const struct field *field = find_field(entry->fieldId);
    long long value = 0;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    entry->timestamp = (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000;
    entry->latencyUsec = 0;
    entry->valueType = field == NULL ? NVML_VALUE_TYPE_UNSIGNED_INT : field->type;
    entry->value.ullVal = 0;
    if (field == NULL) {
        entry->nvmlReturn = NVML_ERROR_NOT_SUPPORTED;
    } else if (field->source == READING) {
        entry->nvmlReturn = read_gpu(gpu, (enum reading_key)field->index, &value);
    } else if (field->source == ECC_TOTAL || field->source == ECC_LOCATION) {
        entry->nvmlReturn = read_ecc(gpu, field->source, field->index, &value);
    } else {
        entry->nvmlReturn = read_link(gpu, field, entry, &value);
    }
    if (entry->nvmlReturn != NVML_SUCCESS) {
        return;
    }
    switch (entry->valueType) {
        case NVML_VALUE_TYPE_SIGNED_INT: entry->value.siVal = (int)value; break;
        case NVML_VALUE_TYPE_UNSIGNED_INT: entry->value.uiVal = (unsigned int)value; break;
        default: entry->value.ullVal = (unsigned long long)value; break;
    }
}

EXPORT nvmlReturn_t nvmlDeviceGetFieldValues(nvmlDevice_t device, int count, nvmlFieldValue_t *values) {
    struct gpu *gpu;
    nvmlReturn_t answer = enter_gpu(CALL_nvmlDeviceGetFieldValues, device, &gpu);
    if (answer == NVML_SUCCESS && (count < 0 || values == NULL)) {
        answer = NVML_ERROR_INVALID_ARGUMENT;
    }
    for (int number = 0; answer == NVML_SUCCESS && number < count; number++) {
        answer_entry(gpu, &values[number]);
    }
    return leave(answer);
}
