package io.firn.cli.demo;

import io.firn.Hit;
import io.firn.cli.console.Console;
import io.firn.cli.console.TextTable;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks the library: prepared questions, then those of a person at a terminal. */
final class Questions {

  private static final List<String> PREPARED =
      List.of(
          "a device that measures earthquakes",
          "pleasure in another's misfortune",
          "a bird that hunts in the dark",
          "afraid of small rooms",
          "money for the kidnappers",
          "a building that warns ships at night");

  private static final int SHOWN = 3;
  private static final int SHOWN_LETTERS = 72;
  private static final int SHOWN_TO_PERSON = 5;

  private final Library library;
  private final Console console;

  Questions(Library library, Console console) {
    this.library = library;
    this.console = console;
  }

  /** Asks the prepared ones; returns question and answers for a program. */
  List<Object> askPrepared() {
    var answers = new ArrayList<Object>();
    for (String question : PREPARED) {
      console.say("  %s".formatted(question));
      List<Hit> hits = ask(question, SHOWN);
      show(hits);
      List<String> ids = hits.stream().map(Hit::id).toList();
      answers.add(Console.object("question", question, "ids", ids));
    }
    return answers;
  }

  /** Asks what a person types, until an empty line or the end. */
  void askPerson(BufferedReader typed) throws IOException {
    console.say("Ask your own, in English. An empty line goes on.%n".formatted());
    String question = prompt(typed);
    while (question != null && !question.isBlank()) {
      show(ask(question, SHOWN_TO_PERSON));
      question = prompt(typed);
    }
    console.say("");
  }

  private @Nullable String prompt(BufferedReader typed) throws IOException {
    console.out().print("  > ");
    console.out().flush();
    return typed.readLine();
  }

  private List<Hit> ask(String question, int k) {
    return library.rows().search(library.embedder().embed(question)).k(k).withMetadata().run();
  }

  private void show(List<Hit> hits) {
    var table = new TextTable();
    for (Hit hit : hits) {
      table.row(
          " %.3f".formatted(hit.distance()),
          "%s (%s)".formatted(words(hit), hit.metadata().getString("part")),
          cut(String.valueOf(hit.metadata().getString("text"))));
    }
    table.lines().forEach(line -> console.say(line));
    console.say("");
  }

  /** The first two: others are rare. */
  private static String words(Hit hit) {
    return String.valueOf(hit.metadata().getString("words")).replaceFirst("(, [^,]*),.*", "$1");
  }

  /** As much as fits on a line of a usual terminal. */
  private static String cut(String text) {
    return text.length() <= SHOWN_LETTERS
        ? text
        : text.substring(0, text.lastIndexOf(' ', SHOWN_LETTERS - 3)) + "...";
  }
}
