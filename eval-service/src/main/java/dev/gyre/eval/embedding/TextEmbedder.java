package dev.gyre.eval.embedding;

import java.util.List;

/// Places texts as vectors of length 1; safe for several threads.
public interface TextEmbedder extends AutoCloseable {

    /// The same name gives the same vectors; vectors of different names are not to be compared.
    String name();

    /// One vector per text, in order.
    List<Embedding> embed(List<String> texts);

    @Override
    default void close() {}
}
