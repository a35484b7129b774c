package dev.heal.nvml.session;

import java.util.Optional;

/**
 * What runs on this host.
 *
 * @param version of the driver: {@code 550.90.07}
 * @param nvml of the library: {@code 12.550.90.07}
 * @param cuda the newest CUDA that it serves: {@code 12.4}
 */
public record Driver(String version, Optional<String> nvml, Optional<String> cuda) {}
