package dev.heal.engine.fact.log;

import dev.heal.engine.fact.log.LogEvent.Action;
import dev.heal.engine.fact.log.LogEvent.Severity;
import java.util.List;

/** What the kernel writes, apart from Xids, SXids and OOM kills. The first rule that fits wins. */
final class KernelRules {
  private static final String AER_KIND =
      "(?i:(Corrected|Correctable|Uncorrected \\((?:Non-Fatal|Fatal)\\)|Uncorrectable \\((?:Non-Fatal|Fatal)\\)))";

  private KernelRules() {}

  static List<Rule> all() {
    return List.of(
        fatal(
            "kernel_panic",
            "kernel panic - not syncing",
            "^Kernel panic - not syncing: ?(.*)",
            "reason",
            Action.RESTART_NODE),
        fatal(
            "gpu_fallen_off_bus",
            "fallen off the bus",
            "^(?:NVRM|nvidia[^:]*(?: \\S+)?):? .*fallen off the bus|^NVRM: fallen off the bus",
            "",
            Action.RESTART_NODE),
        error(
            "segfault",
            "segfault at",
            "^(?:traps: )?(.+)\\[(\\d+)\\]:? segfault at (?:0x)?([0-9a-f]+)(?: r?ip:? ?([0-9a-f]+))?"
                + "(?:.*? in ([^\\[ ]+))?",
            "name,pid,address,ip,in",
            Action.RESTART_APP),
        error(
            "general_protection",
            "general protection",
            "^(?:traps: )?(.+)\\[(\\d+)\\]:? general protection(?: fault)? r?ip:([0-9a-f]+)"
                + "(?:.*? in ([^\\[ ]+))?",
            "name,pid,ip,in",
            Action.RESTART_APP),
        fatal(
            "general_protection",
            "general protection fault",
            "^(?:Oops: )?general protection fault[:, ]",
            "",
            Action.RESTART_NODE),
        fatal(
            "soft_lockup",
            "soft lockup",
            "^(?:NMI )?(?:watchdog: )?BUG: soft lockup - CPU#(\\d+) stuck for (\\d+)s! \\[(.+):(\\d+)\\]",
            "cpu,seconds,name,pid",
            Action.RESTART_NODE),
        fatal(
            "hard_lockup",
            "hard lockup",
            "(?i)^(?:NMI )?(?:watchdog: )?(?:CPU\\d+: )?Watchdog detected hard LOCKUP on cpu (\\d+)",
            "cpu",
            Action.RESTART_NODE),
        error(
            "hung_task",
            "blocked for more than",
            "^INFO: task (.+):(\\d+) blocked (?:in I/O wait )?for more than (\\d+) seconds",
            "name,pid,seconds",
            Action.CONTACT_SUPPORT),
        warning(
            "edac",
            "edac",
            "^EDAC (\\S+?):? .*?(?:(\\d+) )?\\b(CE)\\b",
            "controller,count,kind",
            Action.IGNORE),
        fatal(
            "edac",
            "edac",
            "^EDAC (\\S+?):? .*?(?:(\\d+) )?\\b(UE)\\b",
            "controller,count,kind",
            Action.CONTACT_SUPPORT),
        warning(
            "mce",
            "machine check events logged",
            "^(?:mce: )?\\[Hardware Error\\]: Machine check events logged",
            "",
            Action.NONE),
        error(
            "mce",
            "machine check|hardware memory error|memory failure:|machine check:",
            "(?i)^(?:mce: )?\\[Hardware Error\\]: CPU (\\d+): Machine Check(?: Exception)?"
                + "|^mce: Uncorrected hardware memory error|^mce: CPU\\d+: Machine Check"
                + "|^Memory failure: 0x[0-9a-f]+: (?:recovery action|unhandlable)",
            "cpu",
            Action.CONTACT_SUPPORT),
        error(
            "pcie_aer",
            "aer: ",
            "^(?:\\S+ )?(?:([0-9a-fA-F]{4}:[0-9a-fA-F:.]+): )?AER: (?:Multiple )?"
                + AER_KIND
                + " error(?: message)? received:?(?: from)? *(?:id=)?([0-9a-fA-F:.]+)?",
            "port,kind,device",
            Action.CONTACT_SUPPORT),
        error(
            "pcie_aer",
            "pcie bus error",
            "^(?:\\S+ )?([0-9a-fA-F]{4}:[0-9a-fA-F:.]+): (?:AER: )?PCIe Bus Error: severity="
                + AER_KIND
                + ", type=([^,]+)",
            "device,kind,layer",
            Action.CONTACT_SUPPORT),
        error(
            "nvme_error",
            "nvme",
            "^nvme (nvme\\d+): (?:.*\\b(?:timeout|controller is down|Removing after probe failure|Device not ready"
                + "|Abort status|failed|I/O Error|reset controller|disabling controller).*)$",
            "device",
            Action.CONTACT_SUPPORT),
        error(
            "nvme_error",
            "nvme",
            "^(nvme\\d+n\\d+): .*(?:I/O Error|Media Error|Read Error|Write Fault)",
            "device",
            Action.CONTACT_SUPPORT),
        fatal(
            "readonly_remount",
            "read-only|filesystem has been shut down|forced readonly|forced shutdown",
            "(?i)^(?:EXT[234]-fs|XFS|BTRFS[a-z :]*|F2FS-fs|JBD2)[^(]*\\((?:device )?([^)]+)\\).*(?:Remounting filesystem read-only"
                + "|filesystem has been shut down|forced readonly|Shutting down filesystem)",
            "device",
            Action.CONTACT_SUPPORT),
        error(
            "disk_error",
            "error, dev |error on dev ",
            "^(?:\\[\\S+\\] )?(?:(?:blk_update_request|print_req_error|end_request|nvme|Buffer|lost)[^,]*|critical \\w+|I/O|recoverable) ?(?:\\w+ )*error,?"
                + " (?:on )?dev(?:ice)? ([\\w/-]+)(?:,.*?(?:sector|logical block) (\\d+))?",
            "device,sector",
            Action.CONTACT_SUPPORT),
        error(
            "disk_error",
            "ext4-fs error|xfs (|btrfs |jbd2",
            "^(?:EXT[234]-fs error \\(device ([^)]+)\\)"
                + "|(?:XFS|BTRFS (?:error|critical)|JBD2)[^(]*\\((?:device )?([^)]+)\\)"
                + ".*(?i:error|corrupt|bad|abort))",
            "device,device",
            Action.CONTACT_SUPPORT),
        error(
            "disk_error",
            "failed result|medium error|hardware error|failed command|disk failure|exception emask",
            "^(?:sd \\S+ \\[(\\w+)\\] .*(?:FAILED Result|Sense Key : (?:Medium|Hardware) Error)"
                + "|(ata[\\d.]+): (?:failed command|exception Emask)|md/\\S+: Disk failure on (\\w+))",
            "device,device,device",
            Action.CONTACT_SUPPORT),
        warning(
            "peermem_error",
            "peermem|peer_mem|nv_mem",
            "(?i)^nvidia[-_]peermem[: ].*(?:error|fail|invalid)|^nv_peer_mem[: ].*(?:error|fail)|^nv_mem.*error",
            "",
            Action.CONTACT_SUPPORT),
        error(
            "nvlink_error",
            "nvlink|nvswitch",
            "(?i)^(?:NVRM|nvidia-nvlink|nvidia-nvswitch\\d*|nvidia)[: ].*(?:nvlink|nvswitch).*(?:error|fail|fatal|degraded|inactive|timed? ?out)",
            "",
            Action.CONTACT_SUPPORT),
        warning(
            "gpu_reset",
            "reset",
            "(?i)^(?:NVRM: .*(?:GPU reset (?:done|complete|finished|started|initiated|succe)|resetting (?:the )?GPU|GPU (?:has been|was) reset"
                + "|(?:issuing|performing|starting) (?:a )?(?:GPU )?reset)"
                + "|(?:nvidia|vfio-pci) [0-9a-f:.]+: (?:resetting|reset done|reset_done))",
            "",
            Action.NONE),
        warning(
            "nfs_stall",
            "not responding",
            "^nfs: server (\\S+) not responding",
            "server",
            Action.NONE),
        info("nfs_ok", "nfs: server", "^nfs: server (\\S+) OK", "server"),
        warning(
            "link_down",
            "cable unplugged|link is down|link down|link status definitely down|link is not ready|port: ",
            NETWORK_PREFIX
                + "(?:(?:NIC )?Link is Down|Link down|link status definitely down|link is not ready|Port: \\d+ Link DOWN"
                + "|Port module event: module \\d+, Cable unplugged)",
            "device,device",
            Action.NONE),
        info(
            "link_up",
            "link is up|link up|link status definitely up|link becomes ready|cable plugged|port: ",
            NETWORK_PREFIX
                + "(?:(?:NIC )?Link is Up|Link up|link status definitely up|link becomes ready|Port: \\d+ Link (?:UP|ACTIVE)"
                + "|Port module event: module \\d+, Cable plugged)",
            "device,device"));
  }

  /** {@code eth0: }, {@code mlx5_core 0000:12:00.0 ens1: }, {@code bond0: (slave eth0): }. */
  private static final String NETWORK_PREFIX =
      "(?i)^(?:IPv6: ADDRCONF\\(\\w+\\): |bond\\d+: |(?:e1000e?|igb|igc|ixgbe|i40e|ice|bnxt_en|tg3|mlx[45]_(?:core|en|ib)|r8169|qede|ena"
          + "|atlantic|be2net|cxgb4|virtio_net|ionic|ib_\\w+|infiniband|hns3|sfc|bnx2x)[: ]+(?:[0-9a-f]{4}:[0-9a-f:.]+[: ]+)?)*"
          + "(?:(?:e1000e?|igb|ixgbe|igc): )?(?:\\(slave ([\\w.@-]+)\\)|(?:interface )?((?:en|eth|ib|mlx|bond|wl|em|p\\d+p|rdma|team|roce|eno|rocep)[\\w.@-]*|[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\\.[0-9a-f]))?:? *"
          + "(?:\\((?:unregistering|uninitialized)\\):? *)?(?:(?:e1000e?|igb|ixgbe|igc): )?(?:\\w+ )?";

  private static Rule fatal(String event, String lits, String pattern, String fields, Action act) {
    return Rule.of(Rule.Side.KERNEL, event, lits, pattern, fields, Severity.FATAL, act);
  }

  private static Rule error(String event, String lits, String pattern, String fields, Action act) {
    return Rule.of(Rule.Side.KERNEL, event, lits, pattern, fields, Severity.ERROR, act);
  }

  private static Rule warning(
      String event, String lits, String pattern, String fields, Action act) {
    return Rule.of(Rule.Side.KERNEL, event, lits, pattern, fields, Severity.WARNING, act);
  }

  private static Rule info(String event, String lits, String pattern, String fields) {
    return Rule.of(Rule.Side.KERNEL, event, lits, pattern, fields, Severity.INFO, Action.NONE);
  }
}
