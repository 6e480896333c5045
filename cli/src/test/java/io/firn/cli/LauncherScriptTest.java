package io.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher among JDKs and Mavens that are none: scripts that print what they are given. */
class LauncherScriptTest {

  private static final String ANNOUNCEMENT =
      "WARNING: Using incubator modules: jdk.incubator.vector";

  @TempDir Path folder;

  private Path jdk(String name, String version) throws IOException {
    Path home = folder.resolve(name);
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"%s\"%n".formatted(version));
    executable(home.resolve("bin/javac"), "");
    executable(
        home.resolve("bin/java"),
        "echo \"%s\" >&2; echo problem >&2; echo \"%s $@\"".formatted(ANNOUNCEMENT, version));
    return home;
  }

  private static void executable(Path file, String body) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private LauncherScript run(Map<String, String> environment, Object... arguments)
      throws IOException, InterruptedException {
    var all = new HashMap<String, String>();
    all.put("JAVA_HOME", "");
    all.put("FIRN_JDK_PLACES", folder.resolve("nowhere").toString());
    all.put("FIRN_CLASS_PATH", "classes");
    all.put("PATH", folder.resolve("bin") + ":/usr/bin:/bin");
    all.putAll(environment);
    return LauncherScript.run(folder, all, arguments);
  }

  @Test
  void passesTheFlagsOfTheVectorApiAndOfNativeAccess() throws Exception {
    var run = run(Map.of("FIRN_JAVA_HOME", jdk("a", "25").toString()), "get", "a b");

    assertThat(run.exit()).isZero();
    assertThat(run.out())
        .contains("--add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED")
        .contains("-cp classes io.firn.cli.Start io.firn.cli.Main get a b");
  }

  @Test
  void passesOnWhatTheJvmSaysButTheAnnouncement() throws Exception {
    var run = run(Map.of("FIRN_JAVA_HOME", jdk("a", "25").toString()), "get");

    assertThat(run.err()).isEqualTo("problem\n");
  }

  @Test
  void saysWhichJdkItTookWhereAPersonReads() throws Exception {
    Path home = jdk("a", "25.0.9");

    var run = run(Map.of("FIRN_JAVA_HOME", home.toString()), "demo");

    assertThat(run.err()).startsWith("firn: JDK 25.0.9 in " + home);
  }

  @Test
  void printsTheJdkForOtherScripts() throws Exception {
    Path home = jdk("a", "25");

    var run = run(Map.of("FIRN_JAVA_HOME", home.toString()), "jdk");

    assertThat(run.out().strip()).isEqualTo(home.toString());
    assertThat(run.err()).isEmpty();
  }

  @Test
  void takesJavaHomeBeforeTheUsualPlaces() throws Exception {
    jdk("places/b", "25.0.2");
    String places = folder.resolve("places").toString();

    var run = run(Map.of("JAVA_HOME", jdk("a", "25.0.1").toString(), "FIRN_JDK_PLACES", places));
    assertThat(run.out()).startsWith("25.0.1 ");
  }

  @Test
  void passesByAnotherVersionAndSearchesOn() throws Exception {
    jdk("places/jdk-24", "24.0.2");
    jdk("places/jdk-25.jdk/Contents/Home", "25.0.3");
    jdk("places/jdk-26", "26");
    String places = folder.resolve("places").toString();

    var run = run(Map.of("JAVA_HOME", jdk("a", "17.0.1").toString(), "FIRN_JDK_PLACES", places));

    assertThat(run.out()).startsWith("25.0.3 ");
  }

  @Test
  void explainsInTwoLinesWhatToInstall() throws Exception {
    // a java that is no JDK 25 hides one that the machine's path may have
    executable(Files.createDirectories(folder.resolve("bin")).resolve("java"), "");

    var run = run(Map.of());

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err().lines()).hasSize(2);
    assertThat(run.err()).contains("JDK 25").contains("FIRN_JAVA_HOME").contains("adoptium");
  }

  @Test
  void refusesAJavaHomeGivenForItThatIsNo25() throws Exception {
    String home = jdk("a", "17.0.1").toString();

    var run = run(Map.of("FIRN_JAVA_HOME", home));

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).contains(home).contains("17.0.1");
  }

  @Test
  void runsTheTestsByMavenOnThatJdk() throws Exception {
    executable(
        Files.createDirectories(folder.resolve("bin")).resolve("mvn"),
        "if [ \"$1\" = -v ]; then echo Apache Maven 3.9.1; else echo \"$JAVA_HOME $@\"; fi");
    String home = jdk("a", "25").toString();

    var run = run(Map.of("FIRN_JAVA_HOME", home), "test", "-pl", "engine");

    assertThat(run.exit()).isZero();
    assertThat(run.out()).startsWith(home).contains("-B verify -pl engine");
  }

  @Test
  void explainsAnOldMaven() throws Exception {
    executable(
        Files.createDirectories(folder.resolve("bin")).resolve("mvn"), "echo Apache Maven 3.6.3");

    var run = run(Map.of("FIRN_JAVA_HOME", jdk("a", "25").toString()), "test");

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).contains("3.8").contains("is 3.6");
  }
}
