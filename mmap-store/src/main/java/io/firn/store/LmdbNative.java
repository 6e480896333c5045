package io.firn.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.Meta;

/**
 * Loads the LMDB library once, so that it needs no JVM flag, warns of nothing and leaves no file.
 */
final class LmdbNative {

  private static final String UNSAFE_DISABLED = "jffi.unsafe.disabled";
  private static final String EXTRACT_DIRECTORY = "lmdbjava.extract.dir";
  private static final List<String> OWN_LIBRARY =
      List.of(EXTRACT_DIRECTORY, "lmdbjava.native.lib", "lmdbjava.embedded.lib");

  private static volatile boolean loaded;
  private static volatile @Nullable Failure earlyFailure;

  private record Failure(Throwable cause) {}

  private LmdbNative() {}

  /** Begins to load it on another thread: half of the time of a first open goes into this. */
  static void loadEarly() {
    if (!loaded) {
      Thread.ofPlatform().name("firn-lmdb-loader").daemon().start(LmdbNative::tryLoad);
    }
  }

  private static void tryLoad() {
    try {
      load();
    } catch (Throwable e) { // whoever needs it tries again, and gets this one too
      earlyFailure = new Failure(e);
    }
  }

  static void load() throws IOException {
    try {
      loadOnce();
    } catch (IOException | LinkageError e) {
      Failure early = earlyFailure; // a class that failed once does not say why again
      if (early != null) {
        e.addSuppressed(early.cause());
      }
      throw e;
    }
  }

  private static synchronized void loadOnce() throws IOException {
    if (!loaded) {
      if (System.getProperty(UNSAFE_DISABLED) == null) {
        System.setProperty(UNSAFE_DISABLED, "true"); // jffi has a way without sun.misc.Unsafe
      }
      withOwnClassLoader();
      loaded = true;
    }
  }

  /** lmdbjava looks for its library with the context class loader, which may know nothing of it. */
  private static void withOwnClassLoader() throws IOException {
    Thread thread = Thread.currentThread();
    ClassLoader context = thread.getContextClassLoader();
    thread.setContextClassLoader(LmdbNative.class.getClassLoader());
    try {
      if (OWN_LIBRARY.stream().anyMatch(name -> System.getProperty(name) != null)) {
        Meta.version(); // the user has chosen a library or a place for it
      } else {
        extractAndForget();
      }
    } finally {
      thread.setContextClassLoader(context);
    }
  }

  /** lmdbjava deletes its extracted library on exit only: each killed process would leave one. */
  private static void extractAndForget() throws IOException {
    Path directory = Files.createTempDirectory("firn-lmdb-");
    System.setProperty(EXTRACT_DIRECTORY, directory.toString());
    try {
      Meta.version();
    } finally {
      System.clearProperty(EXTRACT_DIRECTORY);
      delete(directory);
    }
  }

  private static void delete(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file); // it stays loaded
      }
      Files.deleteIfExists(directory);
    } catch (IOException windowsKeepsLoadedLibraries) {
      // lmdbjava has asked for its deletion on exit
    }
  }
}
