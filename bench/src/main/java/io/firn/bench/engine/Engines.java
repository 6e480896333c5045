package io.firn.bench.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The engines known by name. */
public final class Engines {

  private static final List<AnnEngine> ALL =
      List.of(
          new FirnEngine(),
          new JVectorFloat(),
          new JVectorFused(),
          LuceneEngine.fullPrecision(),
          LuceneEngine.scalarQuantized(),
          LuceneEngine.binaryQuantized(),
          new HnswlibJava());

  private static final Map<String, List<String>> FAMILIES =
      Map.of(
          "jvector", List.of("jvector-float", "jvector-fused"),
          "lucene", List.of("lucene-float", "lucene-sq8", "lucene-bbq"));

  private Engines() {}

  /** One engine, by its own name. */
  public static AnnEngine named(String name) {
    return ALL.stream()
        .filter(engine -> engine.name().equals(name))
        .findAny()
        .orElseThrow(() -> unknown(name));
  }

  /** Engines in the order asked for; a family's name, such as {@code lucene}, means its members. */
  public static List<AnnEngine> namedAll(List<String> names) {
    Map<String, AnnEngine> engines = new LinkedHashMap<>();
    for (String name : names) {
      for (String member : FAMILIES.getOrDefault(name, List.of(name))) {
        engines.putIfAbsent(member, named(member));
      }
    }
    return new ArrayList<>(engines.values());
  }

  private static IllegalArgumentException unknown(String name) {
    List<String> names = new ArrayList<>(ALL.stream().map(AnnEngine::name).toList());
    names.addAll(FAMILIES.keySet().stream().sorted().toList());
    return new IllegalArgumentException(
        "engine must be one of %s but is '%s': no other is built in. Use --external for a program of your own."
            .formatted(String.join(", ", names), name));
  }
}
