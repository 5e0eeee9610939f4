package dev.gyre.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BooksTest {

    private final Books books = new Books();

    @Test
    void equalSetsBalance() {
        books.compare("place", List.of("a", "b"), List.of("b", "a"));

        assertThat(books.lost()).isZero();
        assertThat(books.duplicated()).isZero();
    }

    @Test
    void whatIsNotHeldIsLost() {
        books.compare("place", List.of("a", "b", "c"), List.of("b"));

        assertThat(books.lost()).isEqualTo(2);
        assertThat(books.pages().getFirst().examples()).contains("lost a", "lost c");
    }

    @Test
    void whatIsHeldTwiceOrWasNeverSubmittedIsDuplicated() {
        books.compare("place", List.of("a", "b"), List.of("a", "a", "a", "b", "stray"));

        assertThat(books.lost()).isZero();
        assertThat(books.duplicated()).isEqualTo(3);
        assertThat(books.pages().getFirst().examples()).contains("too many a", "too many stray");
    }

    @Test
    void aLossHereIsNotMadeGoodByASurplusThere() {
        books.compare("here", List.of("a", "b"), List.of("a"));
        books.compare("there", List.of("a"), List.of("a", "b"));

        assertThat(books.lost()).isEqualTo(1);
        assertThat(books.duplicated()).isEqualTo(1);
    }
}
