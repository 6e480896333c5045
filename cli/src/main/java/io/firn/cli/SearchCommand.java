package io.firn.cli;

import io.firn.Collection;
import io.firn.Database;
import io.firn.Hit;
import io.firn.Search;
import io.firn.cli.console.Console;
import io.firn.cli.console.ExitCode;
import io.firn.cli.console.TextTable;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Searches by nearness. */
@Command(name = "search", header = "Find the rows nearest to a text, a vector, or another row.")
final class SearchCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private final DatabaseOption database = new DatabaseOption();
  @Mixin private final CollectionOption collection = new CollectionOption();

  @ArgGroup(multiplicity = "1", heading = "One of:%n")
  private Question question = new Question();

  @Option(names = "-k", paramLabel = "N", description = "Results (default: ${DEFAULT-VALUE}).")
  private int k = 10;

  @Option(names = "--ef", paramLabel = "N", description = "Candidates; more find more, slower.")
  private @Nullable Integer ef;

  @Option(names = "--exact", description = "Compare with every row.")
  private boolean exact;

  @Option(names = "--with-vector", description = "Show the vectors too.")
  private boolean withVector;

  SearchCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    try (Database open = database.openToRead()) {
      Collection in = collection.in(open);
      Search search = in.search(question.vector(in)).k(k).withMetadata();
      if (withVector) {
        search.withVector();
      }
      if (ef != null) {
        search.ef(ef);
      }
      if (exact) {
        search.exact();
      }
      show(in, search.run());
    }
    return ExitCode.DONE.number();
  }

  private void show(Collection in, List<Hit> hits) {
    var table = new TextTable();
    for (Hit hit : hits) {
      table.row("%.4f".formatted(hit.distance()), hit.id(), Shown.line(hit.metadata()));
      if (withVector) {
        table.row("", "", Shown.vector(hit.vector()));
      }
    }
    table.lines().forEach(line -> console.say(line));
    if (hits.isEmpty()) {
      console.say("collection %s is empty".formatted(in.name()));
    }
    console.answer(
        "collection", in.name(), "hits", hits.stream().map(h -> Shown.hit(h, withVector)).toList());
  }
}
