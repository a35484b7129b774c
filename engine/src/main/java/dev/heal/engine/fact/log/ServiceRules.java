package dev.heal.engine.fact.log;

import dev.heal.engine.fact.log.LogEvent.Action;
import dev.heal.engine.fact.log.LogEvent.Severity;
import java.util.List;

/** What inference servers, training jobs and NVIDIA's services write. The first that fits wins. */
final class ServiceRules {
  private ServiceRules() {}

  static List<Rule> all() {
    return List.of(
        rule(
            "nccl_timeout",
            "watchdog caught collective|collective operation timeout",
            "^(?:.*?\\b[Rr]ank ?(\\d+)\\])?.*?Watchdog caught collective operation timeout: "
                + "WorkNCCL\\(SeqNum=(\\d+), OpType=(\\w+).*?Timeout\\(ms\\)=(\\d+)",
            "rank,sequence,collective,timeout_ms",
            Severity.ERROR,
            Action.RESTART_APP),
        rule(
            "nccl_timeout",
            "watchdog caught collective|collective operation timeout",
            "^(?:.*?\\b[Rr]ank ?(\\d+)\\])?.*?(?:Watchdog caught collective|collective operation timeout)",
            "rank",
            Severity.ERROR,
            Action.RESTART_APP),
        rule(
            "cuda_oom",
            "out of memory|outofmemory|out_of_memory|cudaerrormemoryallocation|alloc_failed",
            "CUDA out of memory|CUDA error:? (?:2|out of memory)|CUDA_ERROR_OUT_OF_MEMORY"
                + "|cudaErrorMemoryAllocation|OutOfMemoryError: (?:CUDA|HIP)|(?i:cudaMalloc[A-Za-z]*\\W.*out of memory)"
                + "|(?i:cuda (?:failure|runtime error).*out of memory)|CU(?:BLAS|DNN)_STATUS_ALLOC_FAILED",
            "",
            Severity.ERROR,
            Action.RESTART_APP),
        rule(
            "cuda_error",
            "cudaerror|cuda_error_|cublas_status_|cudnn_status_",
            "\\b(cudaError[A-Z]\\w+|CUDA_ERROR_[A-Z_]+|CU(?:BLAS|DNN)_STATUS_(?:NOT_\\w+|INVALID_\\w+|ARCH\\w+|MAPPING\\w+|EXECUTION\\w+|INTERNAL\\w+|LICENSE\\w+|BAD\\w+|RUNTIME\\w+))",
            "name",
            Severity.ERROR,
            Action.RESTART_APP),
        rule(
            "cuda_error",
            "cuda error|cuda failure|cuda runtime error|cuda kernel error",
            "(?i)\\bCUDA (?:error|failure|runtime error)(?: ?\\(?\\d+\\)?)?[: ]+'?(an illegal memory access was encountered"
                + "|device-side assert triggered|unspecified launch failure|an illegal instruction was encountered|misaligned address"
                + "|uncorrectable ECC error encountered|initialization error|invalid device ordinal|no kernel image is available[a-z ]*"
                + "|the launch timed out and was terminated|invalid argument|invalid configuration argument|device kernel image is invalid"
                + "|no CUDA-capable device is detected|invalid resource handle|system not yet initialized|unknown error"
                + "|driver shutting down|peer access is not supported[a-z ]*|too many resources requested for launch|CUDA driver version is insufficient[a-zA-Z ]*"
                + "|invalid program counter|invalid address space|hardware stack error|operation not permitted|all CUDA-capable devices are busy or unavailable"
                + "|NVLink error|Invalid access of peer GPU memory over nvlink[a-z ]*)",
            "name",
            Severity.ERROR,
            Action.RESTART_APP),
        rule(
            "nan_loss",
            "loss",
            "(?i)\\bloss\\b[\"']?(?: is|:|=| +value| \\|)*[ ]*(?:tensor\\()?[\"']?[-+]?(nan|inf|infinity)\\b"
                + "|(?i)(?:\\w+_loss|loss_\\w+)[\"']?[:= ]+(?:tensor\\()?[\"']?[-+]?(nan|inf)\\b"
                + "|(?i)\\b(nan)\\b (?:detected |found |values? )?(?:in )?(?:the )?(?:\\w+ )?loss\\b",
            "value,value,value",
            Severity.ERROR,
            Action.NONE),
        rule(
            "fabric_manager_error",
            "fabricmanager|fabric manager|nvswitch|[error]",
            "(?i)\\bdetected NVSwitch (non-?fatal|fatal) error (\\d+).*?(?:pci bus id ([0-9a-f:.]+))?",
            "kind,code,switch",
            Severity.ERROR,
            Action.CONTACT_SUPPORT),
        rule(
            "fabric_manager_error",
            "fabricmanager|fabric manager|[error]|[critical]",
            "(?i)fabric ?manager.*\\b(?:error|failed|failure|fatal|not running|aborting)\\b"
                + "|^\\[\\w{3} \\d+ \\d{4} [\\d:]+\\] \\[(?:ERROR|CRITICAL)\\] \\[tid \\d+\\]",
            "",
            Severity.ERROR,
            Action.CONTACT_SUPPORT));
  }

  private static Rule rule(
      String event, String literals, String pattern, String fields, Severity severity, Action act) {
    return Rule.of(Rule.Side.SERVICE, event, literals, pattern, fields, severity, act);
  }
}
