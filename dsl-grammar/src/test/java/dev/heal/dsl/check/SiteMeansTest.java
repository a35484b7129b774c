package dev.heal.dsl.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Means;
import dev.heal.dsl.policy.Means.Change;
import dev.heal.dsl.policy.Means.Launch;
import dev.heal.dsl.policy.Means.Metrics;
import dev.heal.dsl.policy.Means.Probe;
import dev.heal.dsl.policy.Queue;
import dev.heal.dsl.policy.Site;
import dev.heal.dsl.policy.Way;
import dev.heal.dsl.policy.Way.Binding;
import dev.heal.dsl.text.SourceFile;
import dev.heal.dsl.tree.Value;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How things are done: what a site says of it, whole, and what cannot be carried out. */
class SiteMeansTest {
  private static CheckResult check(String text) {
    return Checker.check(List.of(new SourceFile("t.heal", "heal 1\n" + text)), ImportResolver.NONE);
  }

  private static CheckedPolicy policy(String text) {
    CheckResult result = check(text);
    assertThat(result.diagnostics()).as(text).isEmpty();
    return result.policy().orElseThrow();
  }

  private static Means service(String statements) {
    return policy("service llm on n1 {\n" + statements + "\n}\n").site().services().get(0).means();
  }

  private static Binding to(Way way) {
    return new Binding(way, Optional.empty());
  }

  @Test
  void aPciAddressIsOneInEverySpelling() {
    for (String spelling :
        List.of("0000:3b:00", "0000:3B:00.0", "00000000:3B:00.0", "3b:00", "3b:00.0")) {
      assertThat(policy("node n1 { gpu 0 { pci \"" + spelling + "\" } }\n").site().nodes())
          .flatExtracting(node -> node.gpus())
          .extracting(gpu -> gpu.pci().orElse(""))
          .as(spelling)
          .containsExactly("0000:3b:00");
    }
    assertThat(policy("node n1 { gpu 0 { pci \"00010000:3b:00.0\" } }\n").site().nodes())
        .flatExtracting(node -> node.gpus())
        .extracting(gpu -> gpu.pci().orElse(""))
        .containsExactly("10000:3b:00");
  }

  @Test
  void aChildIsStartedWatchedAndActedUpon() {
    Means means =
        service(
            """
            run       ["python3", "server.py", "--port", "8000"]
            env       ["HF_HOME=/srv/hf", "A=b=c"]
            directory "/srv/llm"
            user      "llm"
            log       ["/var/log/llm/*.log", "/var/log/llm/err"]
            log       "/tmp/more.log"
            health    "http://127.0.0.1:8000/health" every 2s
            metrics   "http://127.0.0.1:8000/metrics" every 10s
            profile   lean { env ["MAX_NUM_SEQS=64"], file "/etc/llm/mode" "lean" }
            profile   tiny { http "POST http://127.0.0.1:8000/tiny", undo http "DELETE http://127.0.0.1:8000/tiny" }
            restart   via supervised { timeout 2m }
            snapshot  via http "PUT http://127.0.0.1:8000/snapshot"
            requeue   via http "http://127.0.0.1:8000/requeue"
            migrate   via command ["/usr/local/bin/move", "llm"]
            """);

    assertThat(means)
        .isEqualTo(
            new Means(
                Optional.of(
                    new Launch.Argv(
                        List.of("python3", "server.py", "--port", "8000"),
                        Map.of("HF_HOME", "/srv/hf", "A", "b=c"),
                        Optional.of("/srv/llm"),
                        Optional.of("llm"))),
                List.of("/var/log/llm/*.log", "/var/log/llm/err", "/tmp/more.log"),
                Optional.of(
                    new Probe.Http(
                        URI.create("http://127.0.0.1:8000/health"), Duration.ofSeconds(2))),
                Optional.of(
                    new Metrics.Endpoint(
                        URI.create("http://127.0.0.1:8000/metrics"), Duration.ofSeconds(10))),
                Map.of(
                    "lean",
                    new Means.Profile(
                        "lean",
                        List.of(
                            new Change.Environment(Map.of("MAX_NUM_SEQS", "64")),
                            new Change.File("/etc/llm/mode", "lean"))),
                    "tiny",
                    new Means.Profile(
                        "tiny",
                        List.of(
                            new Change.Http(
                                new Way.HttpCall("POST", URI.create("http://127.0.0.1:8000/tiny")),
                                new Way.HttpCall(
                                    "DELETE", URI.create("http://127.0.0.1:8000/tiny")))))),
                Map.of(
                    "restart",
                    new Binding(new Way.Supervised(), Optional.of(Duration.ofMinutes(2))),
                    "snapshot",
                    to(
                        new Way.Http(
                            new Way.HttpCall("PUT", URI.create("http://127.0.0.1:8000/snapshot")))),
                    "requeue",
                    to(
                        new Way.Http(
                            new Way.HttpCall("POST", URI.create("http://127.0.0.1:8000/requeue")))),
                    "migrate",
                    to(new Way.Command(List.of("/usr/local/bin/move", "llm"))))));
  }

  @Test
  void whatStartsItNamesItForItsWays() {
    assertThat(service("unit \"llm.service\"\nrestart via systemd").bindings())
        .isEqualTo(Map.of("restart", to(new Way.Systemd("llm.service"))));
    assertThat(service("unit \"llm.service\"\nrestart via systemd \"all.target\"").bindings())
        .isEqualTo(Map.of("restart", to(new Way.Systemd("all.target"))));
    assertThat(service("container \"llm\"\nrestart via container").bindings())
        .isEqualTo(Map.of("restart", to(new Way.Container("llm"))));
    Site site =
        policy(
                """
                node n1 { fence via command ["ipmitool", "off"], cordon via slurm, gpu 0 { reset via command ["reset"] } }
                job j7 { nodes [n1], slurm 4711, metrics file "/var/log/train.jsonl", migrate via slurm }
                """)
            .site();
    assertThat(site.nodes().get(0).bindings())
        .isEqualTo(
            Map.of(
                "fence", to(new Way.Command(List.of("ipmitool", "off"))),
                "cordon", to(new Way.Slurm("n1"))));
    assertThat(site.nodes().get(0).gpus().get(0).bindings())
        .isEqualTo(Map.of("reset", to(new Way.Command(List.of("reset")))));
    assertThat(site.jobs().get(0).means())
        .isEqualTo(
            new Means(
                Optional.of(new Launch.SlurmJob("4711")),
                List.of(),
                Optional.empty(),
                Optional.of(new Metrics.File("/var/log/train.jsonl")),
                Map.of(),
                Map.of("migrate", to(new Way.Slurm("4711")))));
  }

  private static Optional<Queue> queue(String statement) {
    return policy("service llm on n1 { " + statement + " }\n").site().services().get(0).queue();
  }

  @Test
  void aQueueIsAStreamOfRedisAndItsGroup() {
    Queue.Server here =
        new Queue.Server("127.0.0.1", 6379, false, 0, Optional.empty(), Optional.empty());
    assertThat(queue("queue \"redis://127.0.0.1/requests?group=workers\""))
        .contains(
            new Queue(
                here,
                "requests",
                "workers",
                List.of("llm"),
                2,
                Queue.Redelivery.ANEW,
                Duration.ofMinutes(1)));
    assertThat(
            queue(
                """
                queue "rediss://heal@redis.example.org:6380/llm:requests?group=a%20b&database=3" {
                  consumer ["llm-*", "batch"], crashes 3, redeliver pending, dead after 10m
                  password file "/etc/heal/redis"
                }
                """))
        .contains(
            new Queue(
                new Queue.Server(
                    "redis.example.org",
                    6380,
                    true,
                    3,
                    Optional.of("heal"),
                    Optional.of("/etc/heal/redis")),
                "llm:requests",
                "a b",
                List.of("llm-*", "batch"),
                3,
                Queue.Redelivery.PENDING,
                Duration.ofMinutes(10)));
    assertThat(queue("run [\"a\"]")).isEmpty();
  }

  @Test
  void aRestartHasItsHooksAndAThrottleItsUndoing() {
    assertThat(
            service(
                    """
                    hold     via http "http://h/hold" { timeout 2s }
                    resume   via command ["resume"]
                    throttle via http "http://h/slow" { undo http "DELETE http://h/slow" }
                    degrade  via command ["lean"] { timeout 5s, undo command ["full"] }
                    """)
                .bindings())
        .isEqualTo(
            Map.of(
                "hold",
                new Binding(
                    new Way.Http(new Way.HttpCall("POST", URI.create("http://h/hold"))),
                    Optional.of(Duration.ofSeconds(2))),
                "resume",
                to(new Way.Command(List.of("resume"))),
                "throttle",
                new Binding(
                    new Way.Http(new Way.HttpCall("POST", URI.create("http://h/slow"))),
                    Optional.empty(),
                    Optional.of(
                        new Way.Http(new Way.HttpCall("DELETE", URI.create("http://h/slow"))))),
                "degrade",
                new Binding(
                    new Way.Command(List.of("lean")),
                    Optional.of(Duration.ofSeconds(5)),
                    Optional.of(new Way.Command(List.of("full"))))));
  }

  @Test
  void healthIsAskedInThreeWays() {
    assertThat(service("health tcp \"127.0.0.1:8000\" every 1s").health())
        .contains(new Probe.Tcp("127.0.0.1", 8000, Duration.ofSeconds(1)));
    assertThat(service("health command [\"pg_isready\"] every 1m").health())
        .contains(new Probe.Command(List.of("pg_isready"), Duration.ofMinutes(1)));
    assertThat(service("health \"https://llm/health\"").health())
        .contains(new Probe.Http(URI.create("https://llm/health"), Duration.ofSeconds(2)));
  }

  @Test
  void aNodeNamesItsReferenceHost() {
    assertThat(reference("reference \"10.0.0.1:443\" every 5s"))
        .contains(new Site.Reference("10.0.0.1", 443, Duration.ofSeconds(5)));
    assertThat(reference("reference \"gate-1.example.org:22\""))
        .as("each second, as the vocabulary has it")
        .contains(new Site.Reference("gate-1.example.org", 22, Duration.ofSeconds(1)));
    assertThat(reference("reference \"[fe80::1%eth0]:22\" every 100ms"))
        .contains(new Site.Reference("[fe80::1%eth0]", 22, Duration.ofMillis(100)));
    assertThat(reference("rack \"r1\"")).isEmpty();
  }

  private static Optional<Site.Reference> reference(String statement) {
    return policy("node n1 {\n" + statement + "\n}\n").site().nodes().get(0).reference();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "reference \"10.0.0.1\"              | H0305 `10.0.0.1` is not a host and a port",
        "reference \"h:0\" every 1s          | H0305 `h:0` is not a host and a port",
        "reference \"h:65536\"               | H0305 `h:65536` is not a host and a port",
        "reference \"h:ssh\"                 | H0305 `h:ssh` is not a host and a port",
        "reference \"a b:1\"                 | H0305 `a b:1` is not a host and a port",
        "reference \"fe80::1:22\"            | H0305 `fe80::1:22` is not a host and a port",
        "reference \"https://h:443\"         | H0305 `https://h:443` is not a host and a port",
        "reference 443                       | H0305 `443` is not a host and a port",
        "reference \"h:1\" \"h:2\"           | H0305 `reference` is not written in this way",
        "reference \"h:1\" { every 1s }      | H0305 `reference` is not written in this way",
        "reference \"h:1\" every 10ms        | H0304 it is asked every 100ms at the most",
        "reference \"h:1\" every 3W          | H0303 `3W` is not a duration",
        "reference \"h:1\", reference \"h:2\" | H0212 `reference` is given twice",
      })
  void whatARoundTripIsMeasuredToIsAHostAndAPort(String statement, String finding) {
    CheckResult result = check("node n1 { " + statement + " }\n");
    assertThat(result.policy()).isEmpty();
    assertThat(result.diagnostics())
        .as(statement)
        .extracting(one -> one.code() + " " + one.message())
        .containsExactly(finding);
  }

  @Test
  void whoWritesAReferenceWronglyIsShownHow() {
    CheckResult result = check("node n1 { reference \"gate\" every 1s }\n");
    assertThat(result.diagnostics().get(0).span().text()).isEqualTo("\"gate\"");
    assertThat(result.diagnostics().get(0).help())
        .contains("write `reference \"10.0.0.1:443\" every 1s`");
  }

  @Test
  void aNodeNamesTheCommandThatSaysWhetherItTakesWork() {
    assertThat(scheduling("scheduling command [\"/opt/site/node-state\", \"n1\"] every 5s"))
        .contains(
            new Site.Scheduling(List.of("/opt/site/node-state", "n1"), Duration.ofSeconds(5)));
    assertThat(scheduling("scheduling command [\"node-state\"]"))
        .as("as the vocabulary has it")
        .contains(new Site.Scheduling(List.of("node-state"), Duration.ofSeconds(10)));
    assertThat(scheduling("cordon via slurm")).isEmpty();
  }

  private static Optional<Site.Scheduling> scheduling(String statement) {
    return policy("node n1 {\n" + statement + "\n}\n").site().nodes().get(0).scheduling();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "scheduling \"/opt/node-state\"            | H0305 `scheduling` is not written in this way",
        "scheduling command                        | H0305 `scheduling` is not written in this way",
        "scheduling slurm \"n1\"                   | H0305 `scheduling` is not written in this way",
        "scheduling command [\"a\"] { every 1s }   | H0305 `scheduling` is not written in this way",
        "scheduling command \"a b\"                | H0305 a command is a list of strings, without a shell",
        "scheduling command []                     | H0305 a command is a list of strings, without a shell",
        "scheduling command [\"a\"] every 10ms     | H0304 it is asked every 100ms at the most",
        "scheduling command [\"a\"], scheduling command [\"b\"] | H0212 `scheduling` is given twice",
      })
  void whatSaysWhetherANodeTakesWorkIsACommand(String statement, String finding) {
    CheckResult result = check("node n1 { " + statement + " }\n");
    assertThat(result.policy()).isEmpty();
    assertThat(result.diagnostics())
        .as(statement)
        .extracting(one -> one.code() + " " + one.message())
        .containsExactly(finding);
  }

  @Test
  void aPagerTellsInEveryOneOfItsWays() {
    assertThat(
            policy(
                    """
                    pager ops {
                      webhook      "https://example.org/page"
                      alertmanager "http://127.0.0.1:9093"
                      command      ["/usr/local/bin/page", "ops"]
                    }
                    """)
                .site()
                .pagers())
        .isEqualTo(
            List.of(
                new Site.Pager(
                    "ops",
                    List.of(
                        new Site.Notifier.Webhook(URI.create("https://example.org/page")),
                        new Site.Notifier.Alertmanager(URI.create("http://127.0.0.1:9093")),
                        new Site.Notifier.Command(List.of("/usr/local/bin/page", "ops"))))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "run \"python3 server.py\"                             | H0305 a command is a list of strings, without a shell",
        "run [\"a\"], unit \"b\"                               | H0212 this service is started in two ways",
        "unit \"\"                                             | H0305 `\"\"` is no name",
        "unit \"a.service\", env [\"A=1\"]                     | H0213 `env` needs `run`: the engine sets it only for what it starts itself",
        "run [\"a\"], env [\"A\"]                              | H0305 `\"A\"` sets no variable",
        "health \"127.0.0.1:8000/health\" every 2s             | H0305 `127.0.0.1:8000/health` is not a URL",
        "health \"file:///etc/passwd\"                         | H0305 `file:///etc/passwd` is not a URL",
        "health tcp \"8000\"                                   | H0305 `8000` is not a host and a port",
        "health tcp \"h:80000\"                                | H0305 `h:80000` is not a host and a port",
        "health often                                          | H0305 `often` is not a URL",
        "health ftp \"a\"                                      | H0305 `health` is not written in this way",
        "health \"http://h/\" every 1ms                        | H0304 it is asked every 100ms at the most",
        "metrics 9090                                          | H0305 `9090` is not a URL",
        "log 3                                                 | H0305 `3` is no name",
        "slurm abc                                             | H0305 `abc` is not the number of a job",
        "restart supervised                                    | H0305 `restart` is bound to its way with `via`",
        "restart via supervised                                | H0213 `via supervised` needs `run`",
        "run [\"a\"], restart via systemd                      | H0213 `via systemd` needs `unit`",
        "restart via systmd                                    | H0216 `systmd` is not a way to do it",
        "unit \"a\", snapshot via systemd                      | H0305 `systemd` cannot `snapshot` a service",
        "restart via http                                      | H0213 it is not said what is called",
        "restart via http \"FETCH http://h/\"                  | H0305 `FETCH` is not a method of HTTP",
        "restart via command \"reboot\"                        | H0305 a command is a list of strings, without a shell",
        "restart via command [\"a\"] { time 3s }               | H0206 `time` is not a setting of a way",
        "profile lean { }                                      | H0213 this profile changes nothing",
        "profile lean { http \"POST http://h/\" }              | H0213 a profile that is switched to by `http` is also switched back",
        "profile lean { file \"etc\" \"x\" }                   | H0305 `file` names a path from the root, and the text that the file is to hold",
        "container \"c\", profile lean { env [\"A=1\"] }       | H0305 a container keeps the environment that it was made with",
        "queue \"http://h/requests?group=g\"                  | H0305 `http://h/requests?group=g` is not a stream in Redis",
        "queue \"redis://h/requests\"                         | H0305 `redis://h/requests` is not a stream in Redis",
        "queue \"redis://h/?group=g\"                         | H0305 `redis://h/?group=g` is not a stream in Redis",
        "queue \"redis://h h/r?group=g\"                      | H0305 `redis://h h/r?group=g` is not a stream in Redis",
        "queue jobs                                            | H0305 `queue` takes the URL of a stream in Redis",
        "queue \"redis://u:secret@h/r?group=g\"               | H0305 a password does not belong into a site, where everybody reads it",
        "queue \"redis://h/r?group=g&db=1\"                   | H0305 `db` says nothing of a queue",
        "queue \"redis://h/r?group=g&database=x\"             | H0305 `x` is not the number of a database",
        "queue \"redis://h/r?group=g\" { consumer \"*\" }     | H0305 `*` is every consumer of the group, also those that live",
        "queue \"redis://h/r?group=g\" { crashes 0 }          | H0304 `0` is not a whole number from 1 to 1000",
        "queue \"redis://h/r?group=g\" { redeliver later }    | H0305 `later` is no way to hand requests back",
        "queue \"redis://h/r?group=g\" { dead 1m }            | H0305 `dead` is not written in this way",
        "queue \"redis://h/r?group=g\" { password \"x\" }     | H0305 `password` names the file that holds it",
        "queue \"redis://h/r?group=g\" { consumers \"x\" }    | H0206 `consumers` is not a setting of a queue",
        "hold via http \"http://h/\"                          | H0213 requests that are held are also let in again",
        "resume via http \"http://h/\"                        | H0213 requests that are let in again were held before",
        "throttle via http \"http://h/\" { undo \"x\" }       | H0305 `undo` is not written in this way",
        "restart via command [\"a\"] { undo command [\"b\"] } | H0206 `undo` is not a setting of a way",
        "profile a { env [\"A=1\"] }, profile a { env [\"A=2\"] } | H0212 profile `a` is given twice",
      })
  void whatCannotBeCarriedOutIsSaid(String statements, String expected) {
    assertThat(
            check("service llm on n1 { " + statements + " }\n").diagnostics().stream()
                .map(d -> d.code() + " " + d.message())
                .toList())
        .containsExactly(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pager p { }                                   | H0213 this pager tells nobody",
        "pager p { webhook \"example.org\" }           | H0305 `example.org` is not a URL",
        "pager p { command \"page\" }                  | H0305 a command is a list of strings, without a shell",
        "node n1 { restart via systemd }               | H0305 `systemd` cannot `restart` a node",
        "node n1 { gpu 0 { reset via slurm } }         | H0305 `slurm` cannot `reset` a gpu",
        "node n1 { fence via bmc }                     | H0216 `bmc` is not a way to do it",
        "job j { migrate via slurm }                   | H0213 `via slurm` needs `slurm`",
      })
  void aPagerANodeAndAJobTo(String text, String expected) {
    assertThat(check(text + "\n").diagnostics().stream().map(d -> d.code() + " " + d.message()))
        .containsExactly(expected);
  }

  @Test
  void settingsOfAnActAreResolvedAndInBaseUnits() {
    CheckedPolicy policy =
        policy(
            """
            let cap = 0.45kW
            fault hot on gpu "Hot" {
              when       nvml.temperature >= 90C for 60s
              clear when nvml.temperature < 80C for 60s
              missing    freeze
            }
            policy cool {
              on hot
              try     { throttle gpu { power cap, clocks 1200MHz }, takes 1s, confirm nvml.temperature < 80C for 60s, timeout 10m }
              give up { page ops }
            }
            """);

    Map<String, List<Value>> settings =
        policy.policies().get(0).rungs().get(0).steps().get(0).act().settings();
    assertThat(parts(settings, "power"))
        .isEqualTo(List.of(new Value.Quantity.Part(new BigDecimal("450.0"), "W")));
    assertThat(parts(settings, "clocks"))
        .isEqualTo(List.of(new Value.Quantity.Part(new BigDecimal("1.2E+9"), "Hz")));
  }

  private static List<Value.Quantity.Part> parts(Map<String, List<Value>> settings, String word) {
    return ((Value.Quantity) settings.getOrDefault(word, List.of()).get(0)).parts();
  }

  @Test
  void aWayOfItsOwnNeedsNeitherProfileNorQueue() {
    policy(
        """
        service llm on n1 { degrade via http "http://h/lean", requeue via command ["requeue"] }
        fault crashed on service "Crashed" { when process exits, clear after 1h }
        policy revive {
          on crashed
          try     { restart service { skip poison }, takes 1s, confirm service.healthy for 6s, timeout 1m }
          or else { degrade service { to profile "lean", undo after 1h }, takes 1s, confirm service.healthy for 6s, timeout 1m }
          give up { page ops }
        }
        """);
  }

  @Test
  void theActionBehindAFenceIsUsed() {
    policy(
        """
        action bmc on node { command ["ipmitool", "power", "off"], takes 3s }
        fault down on node "Down" { when heartbeat silent for 15s }
        policy fenced {
          on down
          try     { fence node { via bmc }, takes 3s, confirm node.fenced, timeout 10s }
          give up { page ops }
        }
        """);
  }
}
