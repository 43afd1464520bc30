package ai.hadal.train.data;

import ai.hadal.error.HadalException;
import ai.hadal.tokenizer.Tokenizer;
import java.util.List;

/// The conversations of a file, all of them once in each epoch.
public final class ChatFileSource implements DataSource {

    private final ChatDocuments documents;
    private final ChatFile file;
    private final Shuffle shuffle;

    public ChatFileSource(Tokenizer tokenizer, ChatFile file, long seed) {
        this.documents = new ChatDocuments(tokenizer);
        this.file = file;
        this.shuffle = new Shuffle(seed, file.size());
    }

    @Override
    public List<Document> documents(long index, int mostTokens) {
        int i = shuffle.at(index);
        var chat = file.chat(i);
        Document document;
        try {
            document = documents.encode(chat.messages(), chat.mode());
        } catch (HadalException e) {
            throw new HadalException(file.place(i) + ": " + e.getMessage(), e);
        }
        return ChatDocuments.fitting(document, mostTokens);
    }
}
