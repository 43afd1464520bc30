package ai.hadal.train.data;

import ai.hadal.tokenizer.Tokenizer;
import java.util.List;

/// The parts of a text file, all of them once in each epoch.
public final class TextFileSource implements DataSource {

    private final TextDocuments documents;
    private final TextFile file;
    private final Shuffle shuffle;

    public TextFileSource(Tokenizer tokenizer, TextFile file, long seed) {
        this.documents = new TextDocuments(tokenizer);
        this.file = file;
        this.shuffle = new Shuffle(seed, file.size());
    }

    @Override
    public List<Document> documents(long index, int mostTokens) {
        String text = file.part(shuffle.at(index));
        return text.isEmpty() ? List.of() : documents.encode(text, mostTokens);
    }
}
